using HSENet.Dicom.Guarding;

namespace HSENet.Dicom.Tests.Guarding;

/// <summary>How places are shared.</summary>
public sealed class FairShareTests
{
    [Fact]
    public void One_alone_gets_a_third_and_never_more_than_its_own_limit()
    {
        Assert.Equal(43, Greedy(new FairShare(128, 128), "a"));
        Assert.Equal(10, Greedy(new FairShare(128, 10), "a"));
    }

    [Theory]
    [InlineData(128, 64)]
    [InlineData(256, 64)]
    [InlineData(64, 10)]
    public void One_who_holds_nothing_finds_a_place_while_others_hold_all_they_may(int total, int others)
    {
        var share = new FairShare(total, total);
        var wasTaken = true;
        while (wasTaken)
        {
            wasTaken = false;
            for (var i = 0; i < others; i++)
                wasTaken |= share.TryTake($"other {i}");
        }

        Assert.True(share.InUse >= total / 2);
        Assert.True(share.TryTake("late"));
        share.Give("late");
        share.Give("other 0");
        Assert.True(share.TryTake("late"));
    }

    [Fact]
    public void Places_are_taken_all_or_none()
    {
        var share = new FairShare(100, 100);
        Assert.False(share.TryTake("a", 51));
        Assert.True(share.TryTake("a", 50));
        Assert.False(share.TryTake("b", 26));
        Assert.True(share.TryTake("b", 25));
        share.Give("a", 50);
        share.Give("b", 25);
        Assert.Equal(0, share.InUse);
    }

    private static int Greedy(FairShare share, string holder)
    {
        var count = 0;
        while (share.TryTake(holder))
            count++;
        return count;
    }
}
