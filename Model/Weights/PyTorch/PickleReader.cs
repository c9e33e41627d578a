using System.Buffers.Binary;
using System.Text;
using HSENet.Model.Text;

namespace HSENet.Model.Weights.PyTorch;

/// <summary>
/// Reads the pickle protocol (versions 2 to 5) as far as tensors need it, and runs nothing: a global is a word that must be on the list of
/// <see cref="PickleGlobals"/>, and the five things a pickle may ask to be "called" are spelt out in <see cref="PickleObjects"/>. Opcodes that
/// make instances of classes are refused. Lengths are checked against the bytes left and <see cref="PickleLimits"/> before memory is taken.
/// </summary>
internal ref struct PickleReader(ReadOnlySpan<byte> bytes, string file)
{
    private static readonly object s_mark = new();
    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private readonly string _file = file;
    private readonly List<object?> _stack = [];
    private readonly Dictionary<long, object?> _memo = [];
    private int _position;

    /// <summary>Bytes read so far: another pickle may follow.</summary>
    public readonly int Position => _position;

    /// <returns>
    /// null, <see cref="bool"/>, <see cref="long"/>, <see cref="double"/>, <see cref="string"/>, <c>object?[]</c> (tuple), <c>List&lt;object?&gt;</c>,
    /// <see cref="PickleDictionary"/>, <see cref="PickledTensor"/>, <see cref="PickledStorage"/> or <see cref="PickleGlobal"/>.
    /// </returns>
    /// <exception cref="HSENetModelException">
    /// <c>weights.global</c>: the pickle asks for something that tensors do not need, the message names it; <c>weights.format</c>: it is
    /// damaged or beyond the limits.
    /// </exception>
    public object? Read()
    {
        if (Byte() != 0x80 || Byte() is not (>= 2 and <= 5))
        {
            throw Broken("it is not a pickle of protocol 2 to 5");
        }

        for (var operations = 0; operations < PickleLimits.Operations; operations++)
        {
            var code = Byte();
            if (code == (byte)'.')
            {
                return _stack.Count == 1 ? Pop() : throw Broken("its stack does not hold one value at the end");
            }

            if (!Scalar(code) && !Memo(code) && !Container(code) && !Object(code))
            {
                throw Broken($"opcode 0x{code:x2} at byte {_position - 1} is not one that tensors need");
            }

            if (_stack.Count > PickleLimits.Stack || _memo.Count > PickleLimits.Memo)
            {
                throw Broken("it holds more values than the limit");
            }
        }

        throw Broken("it has more opcodes than the limit");
    }

    private bool Scalar(byte code)
    {
        switch (code)
        {
            case (byte)'N':
                _stack.Add(null);
                return true;
            case 0x88:
            case 0x89:
                _stack.Add(code == 0x88);
                return true;
            case (byte)'J':
                _stack.Add((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4)));
                return true;
            case (byte)'K':
                _stack.Add((long)Byte());
                return true;
            case (byte)'M':
                _stack.Add((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2)));
                return true;
            case 0x8a:
                _stack.Add(Long(Byte()));
                return true;
            case (byte)'G':
                _stack.Add(BinaryPrimitives.ReadDoubleBigEndian(Take(8)));
                return true;
            case (byte)'X':
                _stack.Add(Text(BinaryPrimitives.ReadUInt32LittleEndian(Take(4))));
                return true;
            case 0x8c:
            case (byte)'U':
                _stack.Add(Text(Byte()));
                return true;
            case (byte)'T':
                _stack.Add(Text(BinaryPrimitives.ReadUInt32LittleEndian(Take(4))));
                return true;
            case 0x8d:
                _stack.Add(Text(BinaryPrimitives.ReadUInt64LittleEndian(Take(8))));
                return true;
            default:
                return false;
        }
    }

    private bool Memo(byte code)
    {
        switch (code)
        {
            case (byte)'q':
                _memo[Byte()] = Top();
                return true;
            case (byte)'r':
                _memo[BinaryPrimitives.ReadUInt32LittleEndian(Take(4))] = Top();
                return true;
            case 0x94:
                _memo[_memo.Count] = Top();
                return true;
            case (byte)'h':
                _stack.Add(Recall(Byte()));
                return true;
            case (byte)'j':
                _stack.Add(Recall(BinaryPrimitives.ReadUInt32LittleEndian(Take(4))));
                return true;
            case 0x95:
                var length = BinaryPrimitives.ReadUInt64LittleEndian(Take(8));
                return length <= (ulong)(_bytes.Length - _position) ? true : throw Broken("a frame is longer than the pickle");
            default:
                return false;
        }
    }

    private bool Container(byte code)
    {
        switch (code)
        {
            case (byte)'(':
                _stack.Add(s_mark);
                return true;
            case (byte)'0':
                Pop();
                return true;
            case (byte)'1':
                PopToMark();
                return true;
            case (byte)'2':
                _stack.Add(Top());
                return true;
            case (byte)')':
                _stack.Add(Array.Empty<object?>());
                return true;
            case (byte)'t':
                _stack.Add(PopToMark());
                return true;
            case 0x85 or 0x86 or 0x87:
                _stack.Add(PopMany(code - 0x84));
                return true;
            case (byte)']':
                _stack.Add(new List<object?>());
                return true;
            case (byte)'a':
                Extend([Pop()]);
                return true;
            case (byte)'e':
                Extend(PopToMark());
                return true;
            case (byte)'}':
                _stack.Add(new PickleDictionary());
                return true;
            case (byte)'s':
                Set(PopMany(2));
                return true;
            case (byte)'u':
                Set(PopToMark());
                return true;
            default:
                return false;
        }
    }

    private bool Object(byte code)
    {
        switch (code)
        {
            case (byte)'c':
                _stack.Add(Global(Line(), Line()));
                return true;
            case 0x93:
                _stack.Add(PopMany(2) is [string module, string name] ? Global(module, name) : throw Broken("a global has no name"));
                return true;
            case (byte)'i':
                throw Refused($"{Line()}.{Line()}");
            case (byte)'R':
                var call = PopMany(2);
                _stack.Add(call is [PickleGlobal function, object?[] arguments]
                    ? PickleObjects.Rebuild(function.Name, arguments) ?? throw Broken($"{function.Name} has unusable arguments")
                    : throw Broken("something that is not a known global is called"));
                return true;
            case (byte)'b':
                Pop();   // the state of an OrderedDict: the versions of modules, which nothing here needs
                return Top() is PickleDictionary ? true : throw Broken("something other than a dictionary gets a state");
            case (byte)'Q':
                _stack.Add(PickleObjects.Storage(Pop()) ?? throw Broken("a reference to a storage is not one"));
                return true;
            default:
                return false;
        }
    }

    private readonly PickleGlobal Global(string module, string name)
    {
        var full = $"{module}.{name}";
        return PickleGlobals.IsAllowed(full) ? new PickleGlobal(full) : throw Refused(full);
    }

    private readonly void Extend(ReadOnlySpan<object?> items)
    {
        if (Top() is not List<object?> list)
        {
            throw Broken("something is appended to what is not a list");
        }

        list.AddRange(items);
    }

    private readonly void Set(ReadOnlySpan<object?> pairs)
    {
        if (pairs.Length % 2 != 0 || Top() is not PickleDictionary dictionary)
        {
            throw Broken("keys and values do not go into a dictionary");
        }

        for (var i = 0; i < pairs.Length; i += 2)
        {
            var key = pairs[i] is string or long or bool or double ? pairs[i]! : throw Broken("a dictionary's key is neither text nor a number");
            dictionary.Items[key] = pairs[i + 1];
        }
    }

    private byte Byte() => Take(1)[0];

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _bytes.Length - _position)
        {
            throw Broken("it ends too early");
        }

        _position += count;
        return _bytes.Slice(_position - count, count);
    }

    private long Long(int length)
    {
        if (length > 8)
        {
            throw Broken($"a whole number has {length} bytes");
        }

        var little = Take(length);
        long value = length > 0 && (little[^1] & 0x80) != 0 ? -1 : 0;
        for (var i = length - 1; i >= 0; i--)
        {
            value = (value << 8) | little[i];
        }

        return value;
    }

    private string Text(ulong length)
    {
        if (length > PickleLimits.Text)
        {
            throw Broken($"a text of {length} bytes is longer than the limit");
        }

        try
        {
            return s_utf8.GetString(Take((int)length));
        }
        catch (DecoderFallbackException)
        {
            throw Broken("a text is not UTF-8");
        }
    }

    private string Line()
    {
        var end = _bytes[_position..].IndexOf((byte)'\n');
        if (end is < 0 or > 1024)
        {
            throw Broken("a name does not end");
        }

        var text = Text((ulong)end);
        _position++;
        return text;
    }

    private readonly object? Top() =>
        _stack.Count > 0 && !ReferenceEquals(_stack[^1], s_mark) ? _stack[^1] : throw Broken("its stack is empty where a value is needed");

    private readonly object? Pop()
    {
        var top = Top();
        _stack.RemoveAt(_stack.Count - 1);
        return top;
    }

    private readonly object?[] PopMany(int count)
    {
        var values = new object?[count];
        for (var i = count - 1; i >= 0; i--)
        {
            values[i] = Pop();
        }

        return values;
    }

    private readonly object?[] PopToMark()
    {
        var mark = _stack.FindLastIndex(value => ReferenceEquals(value, s_mark));
        if (mark < 0)
        {
            throw Broken("a mark is missing");
        }

        var values = _stack[(mark + 1)..].ToArray();
        _stack.RemoveRange(mark, _stack.Count - mark);
        return values;
    }

    private readonly object? Recall(long index) =>
        _memo.TryGetValue(index, out var value) ? value : throw Broken($"object {index} is recalled and was never remembered");

    private readonly HSENetModelException Broken(string detail) => new("weights.format", $"{_file}: the pickle is not sound: {detail}.");

    private readonly HSENetModelException Refused(string global) =>
        new("weights.global", $"{_file}: the pickle asks for '{PrintableText.Of(global.Length > 200 ? global[..200] : global)}', which no tensor needs; the file is refused and nothing of it was run.");
}
