using HSENet.Model;
using HSENet.Model.Generation.Guards;

namespace HSENet.Trainer.Tests.Guards;

/// <summary>How many faults the text guards find, and how often they are wrong, on wording that they were not made with.</summary>
public sealed class GuardMeasurementTests(ITestOutputHelper output)
{
    private const int Sound = 500;
    private const int Faults = 200;

    [Fact]
    public void At_least_95_of_100_planted_faults_are_found_and_at_most_2_of_100_sound_reports_are_called_faulty() =>
        Measure("hold-out", HoldOutWording.Words);

    [Fact]
    public void The_same_holds_of_the_wording_that_the_guards_were_improved_on() => Measure("tuned", TunedWording.Words);

    private void Measure(string name, ReportWording words)
    {
        var (sound, faults) = (new SoundReports(words), new PlantedFaults(words));
        var wrong = new List<string>();
        for (var i = 0; i < Sound; i++)
        {
            var report = sound.Write(i % SoundReports.Styles, 1000 + i);
            if (TextGuards.Judge(report.FindingsText, report.ImpressionText) is var verdict and not FinishReason.Stop)
            {
                wrong.Add($"style {i % SoundReports.Styles}: {verdict}: {report.FindingsText} || {report.ImpressionText}");
            }
        }

        var missed = new List<string>();
        var found = PlantedFaults.Kinds.ToDictionary(kind => kind, _ => 0);
        var otherwise = 0;
        foreach (var kind in PlantedFaults.Kinds)
        {
            for (var (seed, planted) = (5000, 0); planted < Faults / PlantedFaults.Kinds.Count; seed++)
            {
                var style = seed % SoundReports.Styles;
                if (faults.Plant(kind, sound.Write(style, seed), style, new Random(seed)) is not var (findings, impression))
                {
                    continue;
                }

                planted++;
                var verdict = TextGuards.Judge(findings, impression);
                found[kind] += verdict == FinishReason.Stop ? 0 : 1;
                otherwise += verdict != FinishReason.Stop && verdict != kind ? 1 : 0;
                if (verdict == FinishReason.Stop)
                {
                    missed.Add($"style {style}: {kind}: {findings} || {impression}");
                }
            }
        }

        foreach (var line in wrong.Concat(missed))
        {
            output.WriteLine(line.ReplaceLineEndings(" / "));
        }

        output.WriteLine($"{name} wording: {Faults} planted faults: {found.Values.Sum()} found ({string.Join(", ", found.Select(item => $"{item.Key} {item.Value}"))}), "
            + $"{otherwise} of them by another name; {Sound} sound reports: {wrong.Count} false alarms");
        Assert.True(found.Values.Sum() >= 0.95 * Faults, $"{found.Values.Sum()} of {Faults} found");
        Assert.True(wrong.Count <= 0.02 * Sound, $"{wrong.Count} of {Sound} are false alarms");
    }
}
