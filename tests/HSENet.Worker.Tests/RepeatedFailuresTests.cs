using HSENet.Worker.Ingest;

namespace HSENet.Worker.Tests;

public sealed class RepeatedFailuresTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Turned Expired = new(TurnedAway.Handshake, "10.0.0.1", "tls.client-certificate", "", "NotTimeValid");

    private readonly RepeatedFailures _failures = new(TimeSpan.FromMinutes(1));

    [Fact]
    public void The_first_of_a_kind_is_told_at_once_and_the_rest_as_a_number()
    {
        Assert.Equal(new ToldFailure(Expired, 0), _failures.Note(Expired, Start));
        for (var i = 0; i < 100; i++)
            Assert.Null(_failures.Note(Expired, Start.AddSeconds(i / 2)));

        Assert.Empty(_failures.Due(Start.AddSeconds(59)));
        Assert.Equal([new ToldFailure(Expired, 100)], _failures.Due(Start.AddSeconds(60)));
        Assert.Empty(_failures.Due(Start.AddSeconds(61)));
    }

    [Fact]
    public void Other_hosts_and_other_reasons_are_told_apart()
    {
        Assert.NotNull(_failures.Note(Expired, Start));
        Assert.NotNull(_failures.Note(Expired with { RemoteHost = "10.0.0.2" }, Start));
        Assert.NotNull(_failures.Note(Expired with { Code = "tls.handshake" }, Start));
    }

    [Fact]
    public void After_a_quiet_window_the_next_is_told_at_once_again()
    {
        _failures.Note(Expired, Start);
        Assert.Empty(_failures.Due(Start.AddMinutes(1)));
        Assert.NotNull(_failures.Note(Expired, Start.AddMinutes(2)));
    }

    [Fact]
    public void A_scan_from_very_many_hosts_is_bounded()
    {
        var told = Enumerable.Range(0, 5000).Count(i => _failures.Note(Expired with { RemoteHost = $"host {i}" }, Start) is not null);
        Assert.Equal(501, told);
        var rest = Assert.Single(_failures.Due(Start.AddMinutes(1)));
        Assert.Equal(("many", 4499), (rest.Failure.RemoteHost, rest.Untold));
    }

    [Fact]
    public void Addresses_of_one_network_of_IPv6_are_one_host_and_a_single_one_is_named_in_full()
    {
        var told = Enumerable.Range(1, 1000).Count(i => _failures.Note(Expired with { RemoteHost = $"2001:db8:1:2::{i:x}" }, Start) is not null);
        Assert.Equal(1, told);
        var network = Assert.Single(_failures.Due(Start.AddMinutes(1)));
        Assert.Equal(("2001:db8:1:2::/64", 999), (network.Failure.RemoteHost, network.Untold));

        var alone = Expired with { RemoteHost = "2001:db8:1:3::1" };
        Assert.Equal(new ToldFailure(alone, 0), _failures.Note(alone, Start.AddMinutes(1)));
        Assert.Null(_failures.Note(alone, Start.AddMinutes(1)));
        Assert.Contains(new ToldFailure(alone, 1), _failures.Due(Start.AddMinutes(2)));
    }

    [Fact]
    public void Titles_of_one_host_are_told_apart_up_to_a_number()
    {
        var refused = new Turned(TurnedAway.Association, "10.0.0.1", "association.calling-ae", "CT1", "HSENET");
        var told = Enumerable.Range(0, 288).Count(i => _failures.Note(refused with { CallingAe = $"CT{i}" }, Start) is not null);
        Assert.Equal(9, told);
        var rest = Assert.Single(_failures.Due(Start.AddMinutes(1)));
        Assert.Equal(("many", 279), (rest.Failure.CallingAe, rest.Untold));
        Assert.NotNull(_failures.Note(refused with { RemoteHost = "10.0.0.2" }, Start));
    }
}
