using HSENet.TestKit;

namespace HSENet.Model.Tests.Facade;

/// <summary>The shipped demonstration model, loaded once.</summary>
public sealed class DemoModelFixture : IDisposable
{
    public DemoModelFixture() => Model = HSENetModel.Load(Directory, "cpu");

    /// <summary>Model/Demo of this clone.</summary>
    public static string Directory { get; } = Repo.Path("Model", "Demo");

    public HSENetModel Model { get; }

    public void Dispose() => Model.Dispose();
}
