using HSENet.Worker.Configuration;

namespace HSENet.Worker.Tests.Settings;

/// <summary>The site's time zone: refused where the machine does not know it, for else it would silently be UTC.</summary>
public sealed class ReportOptionsTests
{
    [Theory]
    [InlineData("Europe/Berlin", 120)]
    [InlineData("America/Caracas", -240)]
    [InlineData("Asia/Kathmandu", 345)]
    [InlineData("UTC", 0)]
    public void An_IANA_name_is_a_zone(string name, int summerMinutes)
    {
        var options = new ReportOptions { TimeZone = name };
        Assert.Empty(options.Validate(null));
        Assert.Equal(summerMinutes, options.Zone.GetUtcOffset(new DateTimeOffset(2026, 7, 1, 0, 0, 0, TimeSpan.Zero)).TotalMinutes);
    }

    [Theory]
    [InlineData("Europe/Nowhere")]
    [InlineData("../../../etc/passwd")]
    [InlineData("+01:00")]
    public void Another_name_is_refused_and_says_what_may_be_missing(string name)
    {
        var problem = Assert.Single(new ReportOptions { TimeZone = name }.Validate(null));
        Assert.StartsWith("HSENet:Report:TimeZone must be an IANA name", problem, StringComparison.Ordinal);
        Assert.Contains("tzdata", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("", true)]
    [InlineData("UTC", true)]
    [InlineData(":Europe/Berlin", true)]
    [InlineData("/usr/share/zoneinfo/Europe/Berlin", true)]
    [InlineData("Europe/Nowhere", false)]
    [InlineData("CET-1CEST", false)]
    public void The_systems_zone_is_looked_at_where_none_is_set(string? system, bool isKnown)
    {
        Assert.Equal(isKnown, !new ReportOptions().Validate(system).Any());
        Assert.Empty(new ReportOptions { TimeZone = "Europe/Berlin" }.Validate(system));
    }
}
