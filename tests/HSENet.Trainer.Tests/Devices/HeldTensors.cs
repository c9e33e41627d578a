using System.Collections;
using System.Reflection;
using static TorchSharp.torch;

namespace HSENet.Trainer.Tests.Devices;

/// <summary>Every tensor that an object holds, whatever holds it for it: modules, plain fields, collections, captured variables.</summary>
internal static class HeldTensors
{
    private const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <returns>With the way to it.</returns>
    public static IReadOnlyList<(string Path, Tensor Value)> Of(object root)
    {
        var found = new List<(string, Tensor)>();
        Walk(root.GetType().Name, root, new HashSet<object>(ReferenceEqualityComparer.Instance), found);
        return found;
    }

    public static IEnumerable<string> NotOn(Device device, object root) =>
        Of(root).Where(item => item.Value.device_type != device.type).Select(item => $"{item.Path} is on {item.Value.device}");

    private static void Walk(string path, object? value, HashSet<object> seen, List<(string, Tensor)> found)
    {
        if (value is null or string or Type or MemberInfo or Thread or Device || value.GetType() is { IsPrimitive: true } or { IsEnum: true } || !seen.Add(value))
        {
            return;
        }

        if (value is Tensor tensor)
        {
            found.Add((path, tensor));
            return;
        }

        if (value is nn.Module module)
        {
            found.AddRange(module.named_parameters().Select(item => ($"{path}.{item.name}", (Tensor)item.parameter)));
            found.AddRange(module.named_buffers().Select(item => ($"{path}.{item.name}", item.buffer)));
        }

        if (value is Delegate call)
        {
            Walk($"{path}()", call.Target, seen, found);
        }
        else if (value is IEnumerable items and (Array or ICollection))
        {
            var index = 0;
            foreach (var item in items)
            {
                Walk($"{path}[{index++}]", item, seen, found);
            }
        }

        for (var type = value.GetType(); type is not null && IsOurs(type); type = type.BaseType)
        {
            foreach (var field in type.GetFields(Declared).Where(field => !field.FieldType.IsPointer))
            {
                Walk($"{path}.{field.Name}", field.GetValue(value), seen, found);
            }
        }
    }

    /// <summary>Of this repository, or a container of the tensor library or the runtime.</summary>
    private static bool IsOurs(Type type) =>
        type.Assembly.GetName().Name is { } name && (name.StartsWith("HSENet", StringComparison.Ordinal) || name is "hsenet-train")
        || type.Namespace is "TorchSharp.Modules" || type.FullName!.StartsWith("System.Collections.Generic.KeyValuePair", StringComparison.Ordinal)
        || type.FullName.StartsWith("System.ValueTuple", StringComparison.Ordinal) || type.FullName.StartsWith("System.Lazy", StringComparison.Ordinal);
}
