namespace HSENet.Toolkit.Tests.InTree.Faults;

/// <summary>The contract is worth something: with each mistake in the toolkit that the lists name, a test of it fails.</summary>
public sealed class SeededFaultTests(SeededFaultTests.Bench bench) : IClassFixture<SeededFaultTests.Bench>
{
    public static TheoryData<string> Names() => [.. DataFaults.All.Concat(NetworkFaults.All).Select(fault => fault.Name)];

    [Fact]
    public async Task Contract_holds_without_a_fault()
    {
        bench.Compiler.Compile(null, bench.Run.Toolkit);
        var (total, failed, output) = await bench.Run.RunAsync(null);
        Assert.True(total >= 150 && failed == 0, output);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Fault_is_caught_by_the_contract(string name)
    {
        var fault = DataFaults.All.Concat(NetworkFaults.All).Single(fault => fault.Name == name);
        bench.Compiler.Compile(fault, bench.Run.Toolkit);
        var (total, failed, output) = await bench.Run.RunAsync(fault.CaughtBy);
        Assert.True(total > 0, $"There are no tests in {fault.CaughtBy}: {output}");
        Assert.True(failed > 0, $"No test of {fault.CaughtBy} failed: {output}");
    }

    [Fact]
    public void There_are_a_dozen_faults_and_half_of_them_are_in_the_network_half()
    {
        Assert.True(DataFaults.All.Length >= 7);
        Assert.True(NetworkFaults.All.Length >= 7);
    }

    public sealed class Bench : IDisposable
    {
        internal ToolkitCompiler Compiler { get; } = new();

        internal ContractRun Run { get; } = new();

        public void Dispose() => Run.Dispose();
    }
}
