using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;

namespace HSENet.Commands;

/// <summary><c>--version</c>: the program's name and version in one line.</summary>
internal sealed class VersionAction(string program) : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        var version = typeof(VersionAction).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        parseResult.InvocationConfiguration.Output.WriteLine($"{program} {version}");
        return 0;
    }
}
