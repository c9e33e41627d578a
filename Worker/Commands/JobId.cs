using System.CommandLine;
using System.CommandLine.Parsing;
using HSENet.Commands;

namespace HSENet.Worker.Commands;

/// <summary>Ids of jobs on the command line.</summary>
internal static class JobId
{
    public static Argument<Guid> One() => new("ID") { Description = "A job, as jobs list shows it.", CustomParser = result => Read(result, result.Tokens[0].Value) ?? default };

    public static Argument<Guid[]> Many() => new("ID")
    {
        Description = "Jobs, as jobs list shows them.",
        Arity = ArgumentArity.OneOrMore,
        CustomParser = result => [.. result.Tokens.Select(token => Read(result, token.Value) ?? default).Distinct()],
    };

    public static Option<Guid?> Option(string name, string description) => new(name)
    {
        HelpName = "ID",
        Description = description,
        Arity = ArgumentArity.ExactlyOne,
        CustomParser = result => Read(result, result.Tokens[0].Value),
    };

    private static Guid? Read(ArgumentResult result, string text)
    {
        if (Guid.TryParse(text, out var id))
        {
            return id;
        }

        result.AddError($"{text} is no job id.");
        return null;
    }
}
