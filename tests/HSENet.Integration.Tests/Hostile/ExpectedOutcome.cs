using HSENet.TestKit;

namespace HSENet.Integration.Tests.Hostile;

/// <summary>One line of tests/data/hostile-input.tsv.</summary>
/// <param name="Path">Within the shared data.</param>
/// <param name="Wire">Status of the C-STORE response, or <c>context-3</c>, <c>context-4</c>: the presentation context is refused with that result.</param>
/// <param name="Code">Reason in the audit; empty when stored.</param>
/// <param name="File">What reading the file as it lies in a folder says: <c>sound</c> or a code.</param>
/// <param name="Content">Attributes that a reader of the stored file must find: <c>Keyword=value</c>, separated by <c>|</c>.</param>
internal sealed record ExpectedOutcome(string Path, string Wire, string Code, string File, string Content)
{
    public static IReadOnlyList<ExpectedOutcome> All { get; } =
    [
        .. System.IO.File.ReadLines(Repo.Path("tests", "data", "hostile-input.tsv"))
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split('\t'))
            .Select(field => new ExpectedOutcome(field[0], field[1], field[2], field[3], field[4])),
    ];
}
