using System.Text.Json;
using HSENet.TestKit;
using HSENet.Trainer.Commands;

namespace HSENet.Trainer.Tests.Evaluation;

public sealed class ScoreCommandTests : IDisposable
{
    private readonly TempFolder _folder = new("score");

    [Fact]
    public void Keys_are_those_of_the_contract_and_values_those_of_the_metrics()
    {
        // references in another order than candidates: paired by id
        Write("r.jsonl", ("1", "Normal heart size. Small right pleural effusion."), ("2", "A nodule is seen in the left lung."));
        Write("c.jsonl", ("2", "A nodule is seen in the right lung."), ("1", "Normal heart size. Small right pleural effusion."));
        var (code, error) = Run("r.jsonl", "c.jsonl");
        Assert.True(code == ExitCode.Done, error);

        using var json = JsonDocument.Parse(File.ReadAllText(_folder.Path("out.json")));
        double Value(string key) => json.RootElement.GetProperty(key).GetDouble();
        foreach (var key in new[] { "bleu1", "bleu2", "bleu3", "bleu4", "hsenet_bleu1", "hsenet_bleu2", "hsenet_bleu3", "hsenet_bleu4", "rouge1", "rougeL", "meteor" })
        {
            Assert.InRange(Value(key), 0.7, 1);
        }

        Assert.Equal((1 + 8 / 9.0) / 2, Value("hsenet_bleu1"), 12);
        Assert.Equal((1 + 7 / 8.0) / 2, Value("rouge1"), 12);
        Assert.Equal(1, Value("label_micro_f1"));
        Assert.Equal(2 / 18.0, Value("label_macro_f1"), 12);
        Assert.Equal(1, Value("label_macro_f1_supported"));
        Assert.Equal(0.5, Value("side_accuracy"));
        Assert.Equal(18, json.RootElement.GetProperty("labels").GetArrayLength());
        Assert.False(json.RootElement.TryGetProperty("bertscore", out _));
    }

    [Fact]
    public void Files_that_do_not_match_are_named()
    {
        Write("r.jsonl", ("1", "a"), ("2", "b"));
        Write("c.jsonl", ("1", "a"), ("3", "b"));
        Assert.Equal((ExitCode.Error, "error score.ids: 1 ids without a candidate (first: '2'), 1 without a reference (first: '3').\n"), Run("r.jsonl", "c.jsonl"));

        Write("twice.jsonl", ("1", "a"), ("1", "b"));
        Assert.StartsWith("error score.format: ", Run("r.jsonl", "twice.jsonl").Error, StringComparison.Ordinal);
        File.WriteAllText(_folder.Path("broken.jsonl"), "{\"id\": \"1\"}\n");
        Assert.Contains("line 1", Run("r.jsonl", "broken.jsonl").Error, StringComparison.Ordinal);
        File.WriteAllText(_folder.Path("empty.jsonl"), "");
        Assert.StartsWith("error score.ids: There is nothing", Run("empty.jsonl", "empty.jsonl").Error, StringComparison.Ordinal);
        Assert.StartsWith("error io.failed: ", Run("r.jsonl", "absent.jsonl").Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.Path("out.json")));
    }

    public void Dispose() => _folder.Dispose();

    private void Write(string name, params (string Id, string Text)[] lines) =>
        File.WriteAllLines(_folder.Path(name), lines.Select(line => JsonSerializer.Serialize(new { id = line.Id, text = line.Text })));

    private (int Code, string Error) Run(string references, string candidates)
    {
        using var error = new StringWriter();
        var code = TrainerCommands.Run(
            ["score", "--references", _folder.Path(references), "--candidates", _folder.Path(candidates), "--out", _folder.Path("out.json")], TextWriter.Null, error);
        return (code, error.ToString());
    }
}
