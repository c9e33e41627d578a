namespace HSENet.Model.Tests.Facade;

/// <summary>The shipped demonstration model, loaded once.</summary>
public sealed class DemoModelFixture : IDisposable
{
    public DemoModelFixture() => Model = HSENetModel.Load(Directory, "cpu");

    /// <summary>Model/Demo of this clone.</summary>
    public static string Directory { get; } = Find();

    public HSENetModel Model { get; }

    public void Dispose() => Model.Dispose();

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "HSENet.sln")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(Assert.IsType<DirectoryInfo>(folder).FullName, "Model", "Demo");
    }
}
