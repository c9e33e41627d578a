using HSENet.Model.Runtime;
using HSENet.Model.Tests.Facade;
using HSENet.Model.Tests.Language;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Model.Tests.Runtime;

[Collection(AloneCollection.Name)]
public sealed class NumbersTests(ITestOutputHelper output)
{
    /// <summary>A longer run: HSENET_STRESS_OPERATIONS=100000000 tests/run.sh Model --filter Numbers.</summary>
    private static readonly long s_operations =
        long.TryParse(Environment.GetEnvironmentVariable("HSENET_STRESS_OPERATIONS"), out var asked) ? asked : 1_000_000;

    /// <summary>Each, and what PyTorch makes of 3 and the number.</summary>
    private static readonly (string Name, Func<Tensor, float, Tensor> Work, Func<float, float> Expected)[] s_operationsOfNumbers =
    [
        ("plus a tensor", (three, _) => three.Plus(three), _ => 6),
        ("plus", (three, x) => three.Plus((double)x), x => 3 + x),
        ("plus a whole number", (three, x) => three.Plus((long)x), x => 3 + (long)x),
        ("times", (three, x) => three.Times(x), x => 3 * x),
        ("over", (three, x) => three.Over(x), x => 3 / x),
        ("squared", (three, _) => three.Squared(), _ => 9),
        ("scale", (three, x) => Changed(three, copy => copy.Scale(x)), x => 3 * x),
        ("divide", (three, x) => Changed(three, copy => copy.Divide(x)), x => 3 / x),
        ("fill", (three, x) => Changed(three, copy => copy.Fill(x)), x => x),
        ("between", (three, x) => three.Between(x, x + 1), x => Math.Clamp(3, x, x + 1)),
        ("range", (three, x) => Numbers.Range(1 + (long)x, three.device).select(0, (long)x), x => (long)x),
        ("read", (three, x) => Changed(three, copy => Assert.Equal(3, copy.narrow(0, 0, 1).Read())), _ => 3),
        ("masked", (three, _) => three.masked_fill(three.gt(Numbers.Zero), Numbers.NegativeInfinity), _ => float.NegativeInfinity),
    ];

    [Fact]
    public void Every_operation_computes_what_its_name_says_and_keeps_whole_numbers_whole()
    {
        using var scope = NewDisposeScope();
        foreach (var (name, work, expected) in s_operationsOfNumbers)
        {
            foreach (var number in new[] { 0.5f, 1, 2.25f, 40 })
            {
                Assert.True(Value(work(full([16], 3f), number)) == expected(number), name);
            }
        }

        Assert.Equal(ScalarType.Int64, Numbers.Range(3, CPU).Plus(2).dtype);
        Assert.Equal([2L, 3, 4], Numbers.Range(3, CPU).Plus(2).data<long>().ToArray());
    }

    [Fact]
    public void No_number_is_freed_while_native_code_reads_it()
    {
        using var collections = new ForcedCollections();
        long operations = 0;
        using var scope = NewDisposeScope();
        using var three = full([16], 3f);
        for (var round = 0; operations < s_operations; round++)
        {
            using var step = NewDisposeScope();
            var number = 1 + (round % 64 * 0.25f);
            foreach (var (name, work, expected) in s_operationsOfNumbers)
            {
                Assert.True(Value(work(three, number)) == expected(number), $"{name} after {operations} operations");
                operations++;
            }
        }

        output.WriteLine($"{operations} operations, {collections.Count} collections of the youngest generation");
        Assert.True(collections.Count > operations / 1000, $"{collections.Count} collections in {operations} operations prove nothing.");
    }

    [Fact]
    public void A_language_model_computes_the_same_while_collections_are_forced()
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        using var model = TinyPhi.Create();
        var input = ones(1, 5, model.Config.HiddenSize);                                    // [1, 5, hidden]
        var expected = model.call(input);                                                   // [1, 5, vocabulary]
        using var collections = new ForcedCollections();
        for (var i = 0; i < 300; i++)
        {
            using var step = NewDisposeScope();
            Assert.True(model.call(input).equal(expected).all().item<bool>());
        }
    }

    private static Tensor Changed(Tensor values, Action<Tensor> change)
    {
        var copy = values.clone();
        change(copy);
        return copy;
    }

    private static float Value(Tensor values) => values.reshape(-1).to_type(ScalarType.Float32).data<float>()[0];
}
