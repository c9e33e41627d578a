using System.Diagnostics.CodeAnalysis;
using Xunit;

namespace HSENet.TestKit;

/// <summary>What a test needs from the machine. <c>HSENET_REQUIRE_SERVICES=1</c> (tests/run.sh sets it) turns a skip into a failure.</summary>
public static class Requirement
{
    /// <summary>Ends the running test: skipped on a developer's machine, failed where services are required.</summary>
    [DoesNotReturn]
    public static void Missing(string what)
    {
        if (Environment.GetEnvironmentVariable("HSENET_REQUIRE_SERVICES") == "1")
            Assert.Fail($"{what} is missing and HSENET_REQUIRE_SERVICES=1.");
        Assert.Skip($"{what} is missing.");
    }

    /// <summary>The full path of a program from PATH or the system's folders; see <see cref="Missing"/> when there is none.</summary>
    public static string Tool(string name)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        foreach (var folder in folders.Concat(["/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin"]))
        {
            var path = Path.Combine(folder, name);
            if (File.Exists(path))
                return path;
        }

        Missing($"The program {name}");
        return name;
    }
}
