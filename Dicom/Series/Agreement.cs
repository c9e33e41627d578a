namespace HSENet.Dicom.Series;

/// <summary>What all slices of one series have to have in common. A value that some slices lack is no other value, unless a rule says so.</summary>
internal static class Agreement
{
    /// <summary>The first slice whose value contradicts that of an earlier one, as a refusal; null when there is none.</summary>
    public static Refusal? Contradiction<T>(IReadOnlyList<CtSlice> slices, string what, Func<CtSlice, T?> value, Func<T, T, bool>? equals = null)
        where T : class
    {
        CtSlice? known = null;
        foreach (var slice in slices)
        {
            if (value(slice) is not { } found)
                continue;

            known ??= slice;
            var first = value(known)!;
            if (!(equals?.Invoke(first, found) ?? first.Equals(found)))
                return Mixed(what, known, slice);
        }

        return null;
    }

    /// <summary>Is the value there in some slices and absent in others?</summary>
    public static bool IsPartial(IReadOnlyList<CtSlice> slices, Func<CtSlice, object?> value) =>
        slices.Any(s => value(s) is null) && slices.Any(s => value(s) is not null);

    public static Refusal Mixed(string what, CtSlice first, CtSlice second) =>
        new(RefusalReason.MixedSeries, $"{what} differs between {first.SopInstanceUid} and {second.SopInstanceUid}");
}
