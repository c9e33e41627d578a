namespace HSENet.Trainer.Data;

/// <summary>How far the cache is built.</summary>
/// <param name="Done">Items looked at, of any outcome.</param>
/// <param name="Total">Items of the manifest.</param>
/// <param name="Made">Items that were read and preprocessed; the others were there or are bad.</param>
/// <param name="Bad">Items that cannot be used.</param>
/// <param name="Elapsed">Since the start.</param>
/// <param name="Left">Estimated, from the rate so far.</param>
internal readonly record struct PreparationProgress(int Done, int Total, int Made, int Bad, TimeSpan Elapsed, TimeSpan Left)
{
    public override string ToString() => FormattableString.Invariant($"{Done} of {Total} studies, {Made} made, {Bad} left out, {Done / Math.Max(Elapsed.TotalSeconds, 1e-3):F1}/s, {Left:hh\\:mm\\:ss} left");
}
