using HSENet.TestKit;
using HSENet.Trainer.Evaluation.Pages;

namespace HSENet.Trainer.Tests.Evaluation.Pages;

public sealed class EventFileTests : IDisposable
{
    private readonly TempFolder _folder = new("events");

    [Fact]
    public void Scalars_of_all_files_make_curves_and_a_torn_end_is_left_out()
    {
        EventBytes.Write(_folder.Path("a", "events.out.tfevents.1"), [("loss", 1, 3), ("loss", 300, 2), ("rate", 1, 0.5f), ("loss", 2, float.NaN)]);
        EventBytes.Write(_folder.Path("b", "events.out.tfevents.2"), [("loss", 300, 1), ("loss", 70000, 0.25f)]);
        var path = _folder.Path("b", "events.out.tfevents.2");
        File.WriteAllBytes(path, [.. File.ReadAllBytes(path), 40, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 9, 9]);

        var curves = EventFile.ReadAll(_folder.Root);
        Assert.Equal(["loss", "rate"], curves.Select(curve => curve.Name));
        Assert.Equal([(1, 3), (300, 1), (70000, 0.25)], curves[0].Points);
        Assert.Equal([(1, 0.5)], curves[1].Points);
    }

    [Fact]
    public void What_is_no_event_file_is_refused_by_name()
    {
        Assert.Equal("evaluate.run", Assert.Throws<TrainerException>(() => EventFile.ReadAll(_folder.Path("absent"))).Code);
        Assert.Equal("evaluate.run", Assert.Throws<TrainerException>(() => EventFile.ReadAll(_folder.Root)).Code);
        File.WriteAllText(_folder.Path("events.out.tfevents.3"), "this is a letter and no event file at all");
        Assert.Contains("tfevents.3", Assert.Throws<TrainerException>(() => EventFile.ReadAll(_folder.Root)).Message, StringComparison.Ordinal);
        File.WriteAllBytes(_folder.Path("events.out.tfevents.3"), [3, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 0x2A, 0x7F, 1, 0, 0, 0, 0]);   // a string longer than its message
        Assert.Equal("evaluate.run", Assert.Throws<TrainerException>(() => EventFile.ReadAll(_folder.Root)).Code);
    }

    public void Dispose() => _folder.Dispose();
}
