using System.CommandLine;
using System.CommandLine.Parsing;
using HSENet.Commands;
using HSENet.Worker.Operating;

namespace HSENet.Worker.Commands;

/// <summary>Ids of jobs on the command line. They may be shortened to a beginning that only one job has.</summary>
internal static class JobId
{
    private const string Shortened = "as jobs list shows it; its beginning is enough";

    public static Argument<string> One()
    {
        var argument = Parameters.Operand("ID", $"A job, {Shortened}.");
        argument.Validators.Add(Check);
        return argument;
    }

    public static Argument<string[]> Many()
    {
        var argument = Parameters.Operands("ID", $"A job, {Shortened}.");
        argument.Validators.Add(Check);
        return argument;
    }

    public static Option<string> Option(string name, string description)
    {
        var option = Parameters.Text(name, "ID", description);
        option.Validators.Add(Check);
        return option;
    }

    private static void Check(SymbolResult result)
    {
        foreach (var token in result.Tokens.Where(token => !ShortId.IsOne(token.Value)))
        {
            result.AddError($"{token.Value} is no job id: {ShortId.Least} hexadecimal digits or more are wanted.");
        }
    }
}
