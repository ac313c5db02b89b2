using System;
using System.Collections.Generic;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The value of one column in the current line.</summary>
internal abstract class TextCell
{
    public Delegate Getter { get; protected set; }

    public static TextCell Create(TextColumn column, TextLoader.Options options)
        => column.Type.GetItemType() is TextDataViewType
            ? new TextCell<ReadOnlyMemory<char>>(column, options, null)
            : Generic.CallStatic<TextCell>(typeof(TextCell), nameof(Make), column.Type.GetItemType().RawType, column, options);

    public abstract void Read(List<TextField> fields, int fieldCount, long line, Action<string> onBadValue);

    private static TextCell Make<T>(TextColumn column, TextLoader.Options options)
        => new TextCell<T>(column, options,
            TextValues.ParserOf<T>((PrimitiveDataViewType)column.Type.GetItemType(), options.DecimalMarker, options.MissingRealsAsNaNs));
}

internal sealed class TextCell<T> : TextCell
{
    private readonly TextColumn _column;
    private readonly TextParser<T> _parse;
    private readonly bool _hasMissing;
    private readonly bool _fillMissing;
    private readonly bool _isVector;
    private readonly List<(int Slot, T Value)> _items = [];
    private T _scalar;
    private int _size;

    public TextCell(TextColumn column, TextLoader.Options options, TextParser<T> parse)
    {
        _column = column;
        _parse = parse;
        _hasMissing = TextValues.HasMissing((PrimitiveDataViewType)column.Type.GetItemType());
        _fillMissing = options.MissingRealsAsNaNs && (typeof(T) == typeof(float) || typeof(T) == typeof(double));
        _isVector = column.Type is VectorDataViewType;
        Getter = _isVector ? (ValueGetter<VBuffer<T>>)GetVector : (ValueGetter<T>)((ref T value) => value = _scalar);
    }

    public override void Read(List<TextField> fields, int fieldCount, long line, Action<string> onBadValue)
    {
        _items.Clear();
        _scalar = default;
        var slot = 0;
        foreach (var (min, lim) in _column.Segments)
        {
            var end = lim == int.MaxValue ? Math.Max(min, fieldCount) : lim;
            foreach (var field in fields)
                if (field.Index >= min && field.Index < end)
                    _items.Add((slot + field.Index - min, Parse(field.Text, slot + field.Index - min, line, onBadValue)));
            for (var i = Math.Max(min, fieldCount); _fillMissing && i < end; i++) // fields that a short line lacks
                _items.Add((slot + i - min, Parse(default, slot + i - min, line, onBadValue)));
            slot += end - min;
        }
        _size = slot;
        if (!_isVector && _items.Count > 0)
            _scalar = _items[0].Value;
    }

    private T Parse(ReadOnlyMemory<char> text, int slot, long line, Action<string> onBadValue)
    {
        if (_parse == null)
            return (T)(object)text;
        if (_parse(text.Span, out var value))
            return value;
        Contracts.Check(_hasMissing, _isVector
            ? $"Could not parse value {text} in slot {slot} of column {_column.Name} in line {line}"
            : $"Could not parse value {text} in line {line}, column {_column.Name}");
        onBadValue($"  Bad value at line {line} in column {_column.Name}{(_isVector ? $" at slot {slot}" : "")}");
        return value;
    }

    // Sparse when at most half of the fields hold something.
    private void GetVector(ref VBuffer<T> value)
    {
        var isSparse = _items.Count < _size && _items.Count <= _size / 2;
        var editor = VBufferEditor.Create(ref value, _size, isSparse ? _items.Count : _size);
        if (!isSparse)
            editor.Values.Clear();
        for (var i = 0; i < _items.Count; i++)
        {
            editor.Values[isSparse ? i : _items[i].Slot] = _items[i].Value;
            if (isSparse)
                editor.Indices[i] = _items[i].Slot;
        }
        value = editor.Commit();
    }
}
