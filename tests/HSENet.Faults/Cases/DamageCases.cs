using System.Runtime.InteropServices;
using System.Security.Cryptography;
using HSENet.Faults.Site;

namespace HSENet.Faults.Cases;

/// <summary>
/// A file of the spool is not any more what was acknowledged, at any moment of its way; then the sender sends everything again.
/// </summary>
internal static class DamageCases
{
    private static readonly SiteShape One = new();
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    public static IReadOnlyList<FaultCase> All { get; } =
    [
        new("spool-truncated", One, (site, moment) => DamageAsync(site, moment, (file, dice) => file.SetLength(dice.NextInt64(file.Length)))),
        new("spool-overwritten", One, (site, moment) => DamageAsync(site, moment, Overwrite)),
        new("spool-flipped", One, (site, moment) => DamageAsync(site, moment, Flip)),
        new("spool-deleted", One, (site, moment) => DamageAsync(site, moment, null)),
    ];

    /// <param name="site">Where.</param>
    /// <param name="moment">When.</param>
    /// <param name="damage">What is done to the file; null: it is deleted.</param>
    private static async Task DamageAsync(FaultSite site, FaultMoment moment, Action<FileStream, Random>? damage)
    {
        var stage = (Stage)moment.Dice.Next(4);
        await moment.WaitAsync(stage);
        var series = moment.Series[moment.Dice.Next(moment.Series.Count)];
        var path = await AnyFileAsync(site, series);
        if (damage is null)
        {
            File.Delete(path);
        }
        else
        {
            await using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            damage(file, moment.Dice);
        }

        await moment.PauseAsync(0, 4000);
        await moment.SendAgainAsync(series);
        await CheckTextAsync(site, series);
    }

    private static void Overwrite(FileStream file, Random dice)
    {
        var bytes = new byte[dice.Next(1, (int)file.Length)];
        dice.NextBytes(bytes);
        file.Position = dice.NextInt64(file.Length - bytes.Length + 1);
        file.Write(bytes);
    }

    /// <summary>One bit of the pixels, which are the last two KiB.</summary>
    private static void Flip(FileStream file, Random dice)
    {
        var position = file.Length - 1 - dice.Next(2048);
        file.Position = position;
        var flipped = (byte)(file.ReadByte() ^ (1 << dice.Next(8)));
        file.Position = position;
        file.WriteByte(flipped);
    }

    private static async Task<string> AnyFileAsync(FaultSite site, SentSeries series)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(began) < Deadline)
        {
            var name = await site.Database.ScalarAsync<string>($"""
                select replace(i.series_key::text, '-', '') || '/' || replace(i.instance_key::text, '-', '') || '.dcm'
                  from instance i join series s using (series_key) where s.study_uid = '{series.Builder.StudyUid}' order by random() limit 1
                """);
            if (name is not null && Path.Combine(site.Data, "spool", "series", name) is var path && File.Exists(path))
                return path;
            await Task.Delay(Look);
        }

        throw new FaultException($"{series.Builder.Identity} has no file");
    }

    /// <summary>The model tells what it saw: never other pixels than were sent.</summary>
    private static async Task CheckTextAsync(FaultSite site, SentSeries series)
    {
        var digest = Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(series.Builder.ExpectedHu().AsSpan())));
        var began = TimeProvider.System.GetTimestamp();
        string? texts;
        do
        {
            await Task.Delay(Look);
            texts = await site.Database.ScalarAsync<string>(
                $"select string_agg(d.text, '|') from draft d join job using (job_id) join series s using (series_key) where s.study_uid = '{series.Builder.StudyUid}'");
        }
        while (texts is null && TimeProvider.System.GetElapsedTime(began) < Deadline);

        if (texts?.Contains(digest, StringComparison.Ordinal) != true || texts.Contains('|', StringComparison.Ordinal))
            throw new FaultException($"{series.Builder.Identity} is reported as: {texts ?? "nothing"}");
    }
}
