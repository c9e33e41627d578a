using HSENet.Dicom.Guarding;

namespace HSENet.Dicom.Tests.Guarding;

/// <summary>Who gives a place up when all are taken.</summary>
public sealed class PlaceQueueTests
{
    private readonly SetTime _time = new();
    private readonly PlaceQueue _places;
    private readonly HashSet<ConnectionPlace> _settled = [];

    public PlaceQueueTests() => _places = new PlaceQueue(new FairShare(4, 4), _time);

    [Fact]
    public void The_longest_waiting_gives_its_place_to_an_address_that_holds_none()
    {
        ConnectionPlace[] held = [Take("a"), Take("b"), Take("c"), Take("d")];
        _settled.Add(held[0]);

        Assert.True(_places.TryTake(Place("late"), out var displaced));
        Assert.Same(held[1], displaced);

        _places.Give(held[1]); // it has closed: its place is not given twice
        Assert.True(_places.TryTake(Place("later"), out displaced));
        Assert.Same(held[2], displaced);
    }

    [Fact]
    public void An_address_that_holds_one_takes_it_from_nobody()
    {
        ConnectionPlace[] held = [Take("a"), Take("b"), Take("c"), Take("d")];
        Assert.False(_places.TryTake(Place("d"), out var displaced));
        Assert.Null(displaced);

        _places.Give(held[0]);
        Assert.False(_places.TryTake(Place("d"), out _)); // more than half of what is left free
        Assert.True(_places.TryTake(Place("a"), out displaced));
        Assert.Null(displaced);
    }

    [Fact]
    public void Whoever_has_an_association_keeps_its_place()
    {
        foreach (var address in (string[])["a", "b", "c", "d"])
            _settled.Add(Take(address));
        Assert.False(_places.TryTake(Place("late"), out var displaced));
        Assert.Null(displaced);
    }

    [Fact]
    public void An_address_that_has_lost_its_place_takes_none_from_others_for_a_while()
    {
        ConnectionPlace[] held = [Take("a"), Take("b"), Take("c"), Take("d")];
        Assert.True(_places.TryTake(Place("late"), out _));
        Assert.False(_places.TryTake(Place("a"), out _));

        _time.Now += PlaceQueue.Patience;
        Assert.True(_places.TryTake(Place("a"), out var displaced));
        Assert.Same(held[1], displaced);
    }

    /// <summary>Whoever has one address of IPv6 has 2^64 of them.</summary>
    [Fact]
    public void All_addresses_of_one_network_of_IPv6_hold_places_together()
    {
        string[] addresses = ["2001:db8:1:2::1", "2001:db8:1:3::1", "2001:db8:1:4::1", "2001:db8:1:5::1"];
        ConnectionPlace[] held = [.. addresses.Select(Take)];
        Assert.False(_places.TryTake(Place("2001:DB8:1:2:ffff::2"), out var displaced));
        Assert.Null(displaced);

        Assert.True(_places.TryTake(Place("2001:db8:1:6::1"), out displaced));
        Assert.Same(held[0], displaced);
        Assert.False(_places.TryTake(Place("2001:db8:1:2:1234::9"), out _)); // that network has lost a place
    }

    [Fact]
    public void An_address_of_IPv4_is_the_same_in_the_form_of_IPv6_and_another_one_is_another()
    {
        ConnectionPlace[] held = [Take("10.0.0.1"), Take("::ffff:10.0.0.2"), Take("::ffff:10.0.0.3"), Take("10.0.0.4")];
        Assert.False(_places.TryTake(Place("::ffff:10.0.0.1"), out _));
        Assert.True(_places.TryTake(Place("::ffff:10.0.0.5"), out var displaced));
        Assert.Same(held[0], displaced);
    }

    private ConnectionPlace Take(string address)
    {
        var place = Place(address);
        Assert.True(_places.TryTake(place, out var displaced));
        Assert.Null(displaced);
        return place;
    }

    private ConnectionPlace Place(string address)
    {
        ConnectionPlace? place = null;
        place = new ConnectionPlace(address, () => _settled.Contains(place!), () => { });
        return place;
    }

    private sealed class SetTime : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
