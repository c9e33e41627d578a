using System.Buffers.Binary;
using System.Text.Json;
using System.Text.RegularExpressions;
using FellowOakDicom;
using HSENet.TestKit;

namespace HSENet.EndToEnd.Tests;

/// <summary>What stops a text before it is whole, with a real model and the real decoder: the report says PARTIAL and why, an answer says that it is not whole.</summary>
public sealed partial class GuardTests
{
    // of the untrained model: its hidden size, the id of a token that is a word, and numbers in bfloat16
    private const int Width = 128;
    private const int Word = 300;
    private const ushort One = 0x3F80;
    private const ushort MinusOne = 0xBF80;

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData("length", """ "maxNewTokens": 12, "stop": [766] """, "The text was cut at the length limit.")]
    [InlineData("time", """ "maxNewTokens": 64, "stop": [766], "timeLimitSeconds": 1e-6 """, "The text was cut at the time limit.")]
    [InlineData("tooshort", """ "maxNewTokens": 64, "minNewTokens": 64, "stop": [EVEN] """, "The text is shorter than a report should be.")]
    [InlineData("empty", """ "maxNewTokens": 64, "stop": [ALL] """, "No text was generated.")]
    [InlineData("repetition", """ "maxNewTokens": 64, "stop": [766] """, "The text was cut because it repeated itself.")]
    public async Task A_text_that_a_guard_stops_makes_a_partial_report_with_the_reason(string reason, string generation, string words)
    {
        using var scratch = new TempFolder();
        var model = Model(scratch, generation, isMonotonous: reason == "repetition");
        new CtSeriesBuilder().Write(scratch.Folder("series"));
        var (report, json) = (scratch.Path("report.dcm"), scratch.Path("report.json"));

        var run = await WorkerProcess.RunAsync(
            ["process", scratch.Path("series"), "--out", report, "--json", json, $"--HSENet:Model:Directory={model}", "--HSENet:Series:Coverage=record"], Deadline);

        Assert.True(run.ExitCode == 0, run.Everything);
        var document = (await DicomFile.OpenAsync(report)).Dataset;
        Assert.Equal(("PARTIAL", "UNVERIFIED"), (document.GetString(DicomTag.CompletionFlag), document.GetString(DicomTag.VerificationFlag)));
        Assert.Equal(words, document.GetString(DicomTag.CompletionFlagDescription));
        var texts = await Dcmtk.RunAsync("dsrdump", ["+Pl", report]);
        Assert.Contains($"INCOMPLETE: {words}", texts.Output, StringComparison.Ordinal);
        Assert.Contains($"incomplete {reason}: {words}", run.Error, StringComparison.Ordinal);
        using var result = JsonDocument.Parse(await File.ReadAllTextAsync(json));
        Assert.Equal(("drafted", "text.incomplete", reason), Told(result));
    }

    [Fact]
    public async Task An_answer_that_was_cut_does_not_look_whole()
    {
        using var scratch = new TempFolder();
        var model = Model(scratch, """ "maxNewTokens": 64, "stop": [766], "answerMaxNewTokens": 3 """, isMonotonous: false);
        new CtSeriesBuilder().Write(scratch.Folder("series"));
        var json = scratch.Path("answer.json");

        var run = await WorkerProcess.RunAsync(
            ["process", scratch.Path("series"), "--ask", "Is there a pleural effusion?", "--json", json, $"--HSENet:Model:Directory={model}"], Deadline);

        Assert.True(run.ExitCode == 0, run.Everything);
        using var result = JsonDocument.Parse(await File.ReadAllTextAsync(json));
        Assert.Equal(("answered", "text.incomplete", "length"), Told(result));
        Assert.Equal($"{result.RootElement.GetProperty("answer").GetString()}\n[incomplete: The text was cut at the length limit.]\n", run.Output);
        Assert.Contains("incomplete length: The text was cut at the length limit.", run.Error, StringComparison.Ordinal);
    }

    private static (string? Outcome, string? Reason, string? FinishReason) Told(JsonDocument result) =>
        (result.RootElement.GetProperty("outcome").GetString(), result.RootElement.GetProperty("reason").GetString(), result.RootElement.GetProperty("finish_reason").GetString());

    /// <summary>The untrained model with other limits; a monotonous one knows two words, one the opposite of the other.</summary>
    private static string Model(TempFolder scratch, string generation, bool isMonotonous)
    {
        var model = scratch.Folder("model");
        foreach (var file in Directory.GetFiles(Repo.Path("tests", "data", "untrained-model")))
            File.Copy(file, Path.Combine(model, Path.GetFileName(file)));
        var configuration = Path.Combine(model, "hsenet.json");
        var text = File.ReadAllText(configuration);
        generation = generation
            .Replace("ALL", string.Join(", ", Enumerable.Range(0, 768)), StringComparison.Ordinal)
            .Replace("EVEN", string.Join(", ", Enumerable.Range(0, 384).Select(half => 2 * half)), StringComparison.Ordinal);
        text = Digests().Replace(Generation().Replace(text, $"\"generation\": {{{generation}}}", 1), "");
        File.WriteAllText(configuration, text);
        if (isMonotonous)
        {
            using var weights = new FileStream(Path.Combine(model, "language-model.safetensors"), FileMode.Open, FileAccess.ReadWrite);
            Span<byte> length = stackalloc byte[8];
            weights.ReadExactly(length);
            var header = new byte[BitConverter.ToInt64(length)];
            weights.ReadExactly(header);
            using var names = JsonDocument.Parse(header);
            var offsets = names.RootElement.GetProperty("model.embed_tokens.weight").GetProperty("data_offsets");
            var embeddings = new byte[offsets[1].GetInt64() - offsets[0].GetInt64()];
            for (var column = 0; column < Width; column++)
            {
                BinaryPrimitives.WriteUInt16LittleEndian(embeddings.AsSpan(2 * ((Word * Width) + column)), One);
                BinaryPrimitives.WriteUInt16LittleEndian(embeddings.AsSpan(2 * (((Word + 1) * Width) + column)), MinusOne);
            }

            weights.Position = 8 + header.Length + offsets[0].GetInt64();
            weights.Write(embeddings);
        }

        return model;
    }

    [GeneratedRegex(@"""generation"": \{[^}]*\}")]
    private static partial Regex Generation();

    [GeneratedRegex(@",\s*""sha256"": ""[0-9a-f]{64}""")]
    private static partial Regex Digests();
}
