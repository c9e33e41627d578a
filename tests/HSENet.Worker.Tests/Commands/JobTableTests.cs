using HSENet.Worker.Commands;
using HSENet.Worker.Operating;

namespace HSENet.Worker.Tests.Commands;

public sealed class JobTableTests
{
    [Fact]
    public void Whatever_a_job_says_a_line_has_at_most_100_columns_and_no_control_characters()
    {
        var id = Guid.Parse("0199aaaa-bbbb-7000-8000-000000000001");
        var job = new JobSummary
        {
            JobId = id,
            State = "cancelled",
            Priority = 2,
            Attempt = 12,
            Route = new string('r', 64),
            Mode = "draft",
            Model = "m",
            SeriesKey = Guid.Empty,
            StudyUid = "1.2.840." + new string('7', 56),
            Accession = "ACC\u001b[2J" + new string('9', 60),
            SeriesRevision = 1,
            CreatedAt = new DateTime(2026, 1, 31, 12, 0, 0, DateTimeKind.Utc),
            NotBefore = default,
            ErrorCode = "report.no-evidence",
            FailedDeliveries = ["a-destination-with-a-long-name", "another"],
            IdAfter = Guid.Parse("0199aaaa-bbbb-7000-8000-000000000002"),
        };
        var lines = JobTable.Lines([job]).ToList();

        Assert.StartsWith("JOB ", lines[0], StringComparison.Ordinal);
        Assert.All((string[])["STATE", "ACCESSION", "STUDY", "CREATED UTC"], column => Assert.Contains(column, lines[0], StringComparison.Ordinal));
        Assert.All(lines, line => Assert.True(line.Length <= 100 && !line.Any(char.IsControl), line));
        Assert.StartsWith($"{id} cancelled", lines[1], StringComparison.Ordinal);
        Assert.Empty(JobTable.Lines([]));
    }
}
