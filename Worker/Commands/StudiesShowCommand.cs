using System.CommandLine;
using HSENet.Commands;
using HSENet.Worker.Operating;

namespace HSENet.Worker.Commands;

/// <summary><c>studies show</c>: what happened to a study, and why nothing was produced of it.</summary>
internal static class StudiesShowCommand
{
    public static Command Create()
    {
        var study = Parameters.Operand("STUDY", "Study Instance UID (its end or beginning, of 6 characters or more, is enough), Accession Number, or a Series Instance UID of it.");
        var json = Parameters.Flag("--json", "Writes one line of JSON for each study.");
        var command = new Command(
            "show", "Tells what happened to a study, from the association that brought it to the PACS's answers, and why nothing was produced.")
            { study }.With(json);
        command.SetAction((result, cancellationToken) => RunAsync(result, result.GetRequiredValue(study), result.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult result, string text, bool isJson, CancellationToken cancellationToken)
    {
        await using var database = await result.Settings().OpenDatabaseAsync(cancellationToken);
        var store = new OperatorStudyStore(database, JobsCommand.Store(database));
        var output = new StudyOutput(result.Output(), isJson);
        text = text.Trim();
        var studies = await store.FindAsync(text, cancellationToken);
        if (studies.Count == 0)
        {
            if (OperatorStudyStore.NotLookedFor(text) is { } tooShort)
            {
                throw new WorkerException("study.unknown", $"no study has the number {text}; {tooShort}");
            }

            var refused = await store.RefusedAsync(cancellationToken);
            output.Write(refused);
            var hint = refused.Count == 0
                ? "no association and no image was refused in the last 7 days"
                : "it may be of what was refused lately";
            throw new WorkerException("study.unknown", $"no image of a study {text} has come; {hint}");
        }

        foreach (var studyUid in studies)
        {
            output.Write(await store.ShowAsync(studyUid, cancellationToken));
        }

        return ExitCode.Done;
    }
}
