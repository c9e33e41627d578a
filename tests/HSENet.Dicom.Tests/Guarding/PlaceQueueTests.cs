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
