namespace HSENet.Model.Weights.PyTorch;

/// <summary>The objects of a pickle of tensors, made from their arguments.</summary>
internal static class PickleObjects
{
    /// <param name="function">A name of <see cref="PickleGlobals"/>.</param>
    /// <param name="arguments">As the pickle gives them.</param>
    /// <returns>Null: the arguments do not fit.</returns>
    public static object? Rebuild(string function, object?[] arguments) => (function, arguments) switch
    {
        (PickleGlobals.OrderedDict, []) => new PickleDictionary(),
        (PickleGlobals.OrderedDict, [List<object?> pairs]) => Dictionary(pairs),
        (PickleGlobals.RebuildTensor or PickleGlobals.RebuildTensorV2, [PickledStorage storage, long offset, object?[] size, object?[] stride, ..]) =>
            Tensor(storage, offset, size, stride),
        (PickleGlobals.RebuildParameter or PickleGlobals.RebuildParameterWithState, [PickledTensor tensor, ..]) => tensor,
        (PickleGlobals.Size, [object?[] size]) => size,
        _ => null,
    };

    /// <param name="reference">("storage", type, key, location, elements) and in legacy files the view (key, offset, elements) or None.</param>
    /// <returns>Null: not a reference to a storage.</returns>
    public static PickledStorage? Storage(object? reference)
    {
        if (reference is not object?[] and not null || reference is not object?[] parts
            || parts is not ["storage", PickleGlobal type, string key, string, long count, ..] || parts.Length > 6 || count < 0
            || !PickleGlobals.TryFindStorage(type.Name, out var element))
        {
            return null;
        }

        return (parts.Length == 6 ? parts[5] : null) switch
        {
            null => new PickledStorage(key, element.Type, element.Size, count, 0, count),
            object?[] and [string, long offset, long viewCount] when offset >= 0 && viewCount >= 0 && offset <= count - viewCount =>
                new PickledStorage(key, element.Type, element.Size, count, offset, viewCount),
            _ => null,
        };
    }

    private static PickleDictionary? Dictionary(List<object?> pairs)
    {
        var dictionary = new PickleDictionary();
        foreach (var pair in pairs)
        {
            var (key, value) = pair switch
            {
                object?[] and [string k, var v] => (k, v),
                List<object?> and [string k, var v] => (k, v),
                _ => (null, null),
            };
            if (key is null)
            {
                return null;
            }

            dictionary.Items[key] = value;
        }

        return dictionary;
    }

    private static PickledTensor? Tensor(PickledStorage storage, long offset, object?[] size, object?[] stride)
    {
        if (size.Length != stride.Length || size.Length > PickleLimits.Axes || offset < 0
            || !size.All(value => value is >= 0L) || !stride.All(value => value is >= 0L))
        {
            return null;
        }

        var (shape, steps) = (size.Select(value => (long)value!).ToArray(), stride.Select(value => (long)value!).ToArray());
        try
        {
            var (count, last) = (1L, offset);
            for (var axis = 0; axis < shape.Length; axis++)
            {
                count = checked(count * shape[axis]);
                last = checked(last + (Math.Max(shape[axis] - 1, 0) * steps[axis]));
            }

            _ = checked(count * storage.ElementBytes);
            return count == 0 || last < storage.ViewCount ? new PickledTensor(storage, offset, shape, steps) : null;
        }
        catch (OverflowException)
        {
            return null;
        }
    }
}
