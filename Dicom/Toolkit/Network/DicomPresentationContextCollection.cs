using System.Collections;

namespace FellowOakDicom.Network;

/// <summary>The presentation contexts of an association in the order of their ids.</summary>
public class DicomPresentationContextCollection : IEnumerable<DicomPresentationContext>
{
    /// <summary>The ids are the odd numbers of a byte.</summary>
    private const int Capacity = 128;

    private readonly SortedList<byte, DicomPresentationContext> _contexts = [];

    public int Count => _contexts.Count;

    /// <exception cref="KeyNotFoundException">There is no such context.</exception>
    public DicomPresentationContext this[byte id] => _contexts[id];

    /// <summary>Adds a context with the next free id.</summary>
    public void Add(DicomUID abstractSyntax, params DicomTransferSyntax[] transferSyntaxes) =>
        Add(abstractSyntax, null, null, transferSyntaxes);

    /// <summary>Adds a context with the next free id and roles (PS3.7 D.3.3.4).</summary>
    public void Add(DicomUID abstractSyntax, bool? userRole, bool? providerRole, params DicomTransferSyntax[] transferSyntaxes)
    {
        ArgumentNullException.ThrowIfNull(transferSyntaxes);
        var context = new DicomPresentationContext(NextId(), abstractSyntax, userRole, providerRole);
        Array.ForEach(transferSyntaxes, context.AddTransferSyntax);
        Add(context);
    }

    public void Add(DicomPresentationContext item)
    {
        ArgumentNullException.ThrowIfNull(item);
        _contexts.Add(item.ID, item);
    }

    public IEnumerator<DicomPresentationContext> GetEnumerator() => _contexts.Values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal DicomPresentationContext? Find(byte id) => _contexts.GetValueOrDefault(id);

    private byte NextId()
    {
        if (_contexts.Count == 0)
        {
            return 1;
        }

        var next = _contexts.Keys[^1] + 2;
        return next < 2 * Capacity
            ? (byte)next
            : throw new DicomNetworkException($"An association has at most {Capacity} presentation contexts");
    }
}
