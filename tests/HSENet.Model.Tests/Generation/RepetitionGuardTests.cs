using HSENet.Model.Generation;

namespace HSENet.Model.Tests.Generation;

public sealed class RepetitionGuardTests
{
    [Theory]
    [InlineData(1, 23, false)]
    [InlineData(1, 24, true)]
    [InlineData(5, 24, false)]
    [InlineData(5, 25, true)]
    [InlineData(20, 59, false)]
    [InlineData(20, 60, true)]
    [InlineData(64, 192, true)]
    [InlineData(65, 400, false)]
    public void A_block_three_times_in_a_row_is_a_loop(int block, int length, bool isLoop) =>
        Assert.Equal(isLoop, RepetitionGuard.IsLooping([1000, 1001, .. Enumerable.Range(0, length).Select(i => (long)(i % block))]));

    [Fact]
    public void Text_that_repeats_words_but_not_in_a_row_is_no_loop() =>
        Assert.False(RepetitionGuard.IsLooping([.. Enumerable.Range(0, 400).Select(i => i % 7 == 0 ? (long)i : i % 7)]));
}
