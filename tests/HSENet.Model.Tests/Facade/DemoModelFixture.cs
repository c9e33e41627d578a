using HSENet.TestKit;

namespace HSENet.Model.Tests.Facade;

/// <summary>The untrained model of the tests (the real network, random weights), loaded once.</summary>
public sealed class DemoModelFixture : IDisposable
{
    public DemoModelFixture() => Model = HSENetModel.Load(Directory, "cpu");

    /// <summary>What <c>demo-model --untrained</c> writes; a test of the trainer repeats it.</summary>
    public static string Directory { get; } = Repo.Path("tests", "data", "untrained-model");

    public HSENetModel Model { get; }

    public void Dispose() => Model.Dispose();
}
