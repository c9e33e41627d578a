using FellowOakDicom;
using HSENet.TestKit;
using HSENet.Worker.Ingest;
using HSENet.Worker.Operating;
using HSENet.Worker.Persistence;

namespace HSENet.Integration.Tests;

/// <summary>Files of the spool that are not any more what was acknowledged: nothing is reported of them, and whoever sends them again mends it.</summary>
public sealed class DamagedSpoolTests
{
    private static readonly CtSeriesBuilder s_series = new();

    [Theory]
    [InlineData("truncated", "spool.damaged", "receiving")]
    [InlineData("overwritten", "spool.damaged", "receiving")]
    [InlineData("flipped", "spool.damaged", "closed")]       // its header is sound: only the job reads pixels
    [InlineData("deleted", "spool.missing", "receiving")]
    public async Task Damage_before_the_series_closes(string damage, string code, string state)
    {
        await using var world = await ServiceWorld.CreateAsync();
        await world.PushAsync(s_series);
        await DamageAsync(world, damage);
        await world.SweepSeriesAsync();
        await world.SweepSeriesAsync();
        await world.RunJobsAsync();
        var meanwhile = await world.QueryAsync<string>("select state from series");
        world.Settings.Series.Deadline = TimeSpan.FromTicks(1);
        await world.SweepSeriesAsync();
        var overdue = await world.QueryAsync<string>("select coalesce(refusal_code, (select error_code from job)) from series");
        world.Settings.Series.Deadline = TimeSpan.FromMinutes(15);

        Assert.Equal([state], meanwhile);
        Assert.Equal([code], overdue);
        Assert.Empty(await world.QueryAsync<string>("select text from draft"));
        await MendAsync(world, s_series);
    }

    [Theory]
    [InlineData("truncated", "spool.damaged")]
    [InlineData("overwritten", "spool.damaged")]
    [InlineData("flipped", "spool.damaged")]
    [InlineData("head", "spool.damaged")]
    [InlineData("deleted", "spool.missing")]
    public async Task Damage_after_the_series_closed(string damage, string code)
    {
        await using var world = await ServiceWorld.CreateAsync();
        await world.PushAsync(s_series);
        await world.SweepSeriesAsync();
        await DamageAsync(world, damage);
        for (var attempt = 0; attempt < 6; attempt++)
        {
            await world.HurryAsync();
            await world.RunJobsAsync();
        }

        Assert.Equal([$"dead {code}"], await world.QueryAsync<string>("select state || ' ' || error_code from job"));
        await MendAsync(world, s_series);
        Assert.Contains("job.retried instance.restored", await world.AuditAsync());
    }

    [Fact]
    public async Task A_resend_in_another_encoding_mends_it_and_is_the_same_content()
    {
        await using var world = await ServiceWorld.CreateAsync();
        await world.PushAsync(s_series);
        await world.SweepSeriesAsync();
        await DamageAsync(world, "flipped");
        await world.RunJobsAsync();
        await world.HurryAsync();

        await MendAsync(world, s_series with { TransferSyntax = DicomTransferSyntax.ImplicitVRLittleEndian });
        Assert.Equal([1L], await world.QueryAsync<long>("select count(*) from instance where transfer_syntax_uid = '1.2.840.10008.1.2'"));
    }

    /// <summary>Its job was made of the files' digests, and is of the same content still.</summary>
    [Fact]
    public async Task A_resend_mends_a_file_of_an_older_version()
    {
        await using var world = await ServiceWorld.CreateAsync();
        await world.PushAsync(s_series);
        await world.Database.ExecuteAsync("update instance set meaning = null, head_digest = null");
        await world.SweepSeriesAsync();
        await DamageAsync(world, "flipped");
        await world.RunJobsAsync();
        await world.HurryAsync();

        await MendAsync(world, s_series);
    }

    [Fact]
    public async Task A_header_that_does_not_count_any_more_does_not_mend_it()
    {
        await using var world = await ServiceWorld.CreateAsync();
        await world.PushAsync(s_series);
        var renamed = s_series with { Edit = (_, d) => d.AddOrUpdate(DicomTag.PatientName, "Right^Name") };
        await world.PushAsync(renamed, "ARCHIVE");
        await DamageAsync(world, "flipped");
        var replies = await world.PushAsync(s_series);
        var failed = Assert.Single(replies, reply => reply.Status != 0);

        Assert.Equal(0x0110, failed.Status);
        await world.SweepSeriesAsync();
        await world.RunJobsAsync();
        Assert.Empty(await world.QueryAsync<string>("select text from draft"));
        await world.HurryAsync();
        await MendAsync(world, renamed);
    }

    /// <summary>The job died of the damage, and the series has got another slice since: what mends the file makes no report of what the series was.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_job_of_what_the_series_was_stays_dead(bool isByOperator)
    {
        await using var world = await ServiceWorld.CreateAsync();
        await world.PushAsync(s_series);
        await world.SweepSeriesAsync();
        await DamageAsync(world, "flipped");
        for (var attempt = 0; attempt < 6; attempt++)
        {
            await world.HurryAsync();
            await world.RunJobsAsync();
        }

        var old = Assert.Single(await world.QueryAsync<Guid>("select job_id from job where state = 'dead'"));
        var sender = await world.ConnectAsync();
        Assert.Equal(0, (await sender.StoreAsync(SeriesTests.LastSliceAfter(12), 12)).Status);
        await sender.EndAsync();
        await world.PushAsync(s_series);
        if (isByOperator)
        {
            await world.SweepSeriesAsync();
            var operating = new OperatorJobStore(world.Get<Database>(), "user:test");
            Assert.False(await operating.TryRetryAsync(old, OperatorJobStore.CanRetry, "operator", CancellationToken.None));
            Assert.True(await operating.IsSupersededAsync(old, CancellationToken.None));
        }

        await world.RunJobsAsync();
        await world.SweepSeriesAsync();
        await world.RunJobsAsync();
        Assert.Equal(["1 dead", "2 drafted"], await world.QueryAsync<string>("select series_revision || ' ' || state from job order by created_at"));
        Assert.Equal([13], await world.QueryAsync<int>("select (manifest->'input'->>'slices')::int from draft"));
    }

    [Fact]
    public async Task Sound_files_are_left_alone()
    {
        await using var world = await ServiceWorld.CreateAsync();
        await world.PushAsync(s_series);
        var before = Files(world).Select(f => (f, File.GetLastWriteTimeUtc(f))).ToArray();
        await world.PushAsync(s_series);

        Assert.Equal(before, Files(world).Select(f => (f, File.GetLastWriteTimeUtc(f))));
    }

    /// <summary>One correct report once everything came again.</summary>
    private static async Task MendAsync(ServiceWorld world, CtSeriesBuilder series)
    {
        Assert.All(await world.PushAsync(series), reply => Assert.Equal(0, reply.Status));
        await world.SweepSeriesAsync();
        await world.HurryAsync();
        await world.RunJobsAsync();

        Assert.Equal(["drafted"], await world.QueryAsync<string>("select state from job where state <> 'cancelled'"));
        Assert.Equal(["closed"], await world.QueryAsync<string>("select state from series"));
        Assert.Single(await world.QueryAsync<string>("select text from draft"));
        Assert.Equal(series.SliceCount, Files(world).Length);
        Assert.Empty(Directory.GetFiles(Path.Combine(world.Spool, "quarantine")));
        foreach (var row in await world.QueryAsync<(Guid Series, Guid Instance, long Length, byte[] Digest, byte[] Head)>(
            "select series_key, instance_key, length_bytes, digest, head_digest from instance"))
        {
            var path = Path.Combine(world.Spool, "series", row.Series.ToString("N"), $"{row.Instance:N}.dcm");
            Assert.Equal(FileState.Intact, SpoolFile.Check(path, new FileFacts(row.Length, row.Digest, row.Head)));
        }
    }

    private static string[] Files(ServiceWorld world) =>
        [.. Directory.GetFiles(Path.Combine(world.Spool, "series"), "*.dcm", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    private static async Task DamageAsync(ServiceWorld world, string damage)
    {
        var file = Files(world)[5];
        var bytes = await File.ReadAllBytesAsync(file);
        switch (damage)
        {
            case "truncated":
                await File.WriteAllBytesAsync(file, bytes[..(bytes.Length / 2)]);
                break;
            case "overwritten":
                Array.Fill(bytes, (byte)0xA5);
                await File.WriteAllBytesAsync(file, bytes);
                break;
            case "flipped":
                bytes[^100] ^= 0x10;
                await File.WriteAllBytesAsync(file, bytes);
                break;
            case "head":
                bytes[40] ^= 0x10;
                await File.WriteAllBytesAsync(file, bytes);
                break;
            default:
                File.Delete(file);
                break;
        }
    }
}
