using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A field of a line: its text, and its number among the line's fields.</summary>
internal readonly record struct TextField(int Index, ReadOnlyMemory<char> Text);

/// <summary>Cuts lines into fields as ML.NET does: blanks before a field are skipped, empty fields are left out.</summary>
internal sealed class TextFields
{
    private readonly char[] _separators;
    private readonly bool _quoting;
    private readonly bool _sparse;
    private readonly bool _keepEmpty;
    private readonly bool _trim;
    private readonly bool _blankSeparates;
    private readonly char _escape;
    private readonly int _inputSize;

    public TextFields(TextLoader.Options options)
    {
        Contracts.CheckParam(options.Separators is { Length: > 0 }, nameof(options.Separators), "Must specify a separator");
        _separators = options.Separators.Distinct().ToArray();
        foreach (var c in _separators)
            Contracts.CheckParam(c is '\t' or >= ' ' and not '"' && !char.IsAsciiDigit(c), "Separator", $"Illegal separator: '{c}'");
        Contracts.CheckParam(!options.AllowSparse || !_separators.Contains(':'), "Separator", "When the separator is colon, turn off allowSparse");
        Contracts.CheckParam(options.DecimalMarker is '.' or ',', nameof(options.DecimalMarker),
            $"Decimal marker cannot be the '{options.DecimalMarker}' character. It must be '.' or ','.");
        Contracts.CheckParam(options.AllowQuoting || options.DecimalMarker != ',' || !_separators.Contains(','), nameof(options.AllowQuoting),
            "Quoting must be allowed if decimal marker and separator are the ',' character.");
        Contracts.CheckParam(!_separators.Contains(options.EscapeChar), nameof(options.EscapeChar),
            $"EscapeChar '{options.EscapeChar}' can't be used both as EscapeChar and separator");
        _quoting = options.AllowQuoting;
        _sparse = options.AllowSparse;
        _keepEmpty = options.MissingRealsAsNaNs && !_sparse;
        _trim = options.TrimWhitespace;
        _escape = options.EscapeChar;
        _blankSeparates = _separators.Contains(' ');
        _inputSize = options.InputSize ?? 0;
    }

    /// <param name="count">The number of fields of the line, empty ones and implied sparse ones among them.</param>
    /// <param name="error">What is wrong with the line, or null.</param>
    public List<TextField> Split(string line, out int count, out string error)
    {
        var text = _trim ? line.AsMemory().TrimEnd() : line.AsMemory();
        var fields = new List<TextField>();
        error = null;
        count = 0;
        var at = 0;
        for (var more = true; more; count++)
        {
            var field = Next(text, ref at, out more, out var sparseIndex, ref error);
            if (sparseIndex >= 0)
                return SplitSparse(text, fields, at, more, sparseIndex, field, ref count, ref error);
            if (!field.IsEmpty || _keepEmpty)
                fields.Add(new TextField(count, field));
        }
        return fields;
    }

    // From the first "index:value" on. Before it stands the number of slots, unless the options tell the size of the input.
    private List<TextField> SplitSparse(ReadOnlyMemory<char> text, List<TextField> fields, int at, bool more, int index,
        ReadOnlyMemory<char> value, ref int count, ref string error)
    {
        var start = count;
        var slots = _inputSize - count;
        if (_inputSize == 0)
        {
            if (fields.Count == 0 || !int.TryParse(fields[^1].Text.Span, out slots) || slots <= 0)
            {
                error = "Bad dimensionality or ambiguous sparse item. Use sparse=- for non-sparse file, and/or quote the value.";
                return fields;
            }
            start = fields[^1].Index;
            fields.RemoveAt(fields.Count - 1);
        }
        count = start + slots;
        for (var previous = -1; ; previous = index, value = Next(text, ref at, out more, out index, ref error))
        {
            if (index <= previous || index >= slots)
            {
                error = index < 0 ? "Non-sparse formatted value follows sparse formatted value"
                    : index >= slots ? "Sparse item index larger than expected. Is the specified size incorrect?" : "Sparse indices out of order";
                return fields;
            }
            if (!value.IsEmpty)
                fields.Add(new TextField(start + index, value));
            if (!more)
                return fields;
        }
    }

    private ReadOnlyMemory<char> Next(ReadOnlyMemory<char> text, ref int at, out bool more, out int sparseIndex, ref string error)
    {
        var span = text.Span;
        SkipBlanks(span, ref at);
        sparseIndex = _sparse ? SparseIndex(span, ref at) : -1;
        ReadOnlyMemory<char> field;
        if (_quoting && at < span.Length && span[at] == '"')
            field = Quoted(span, ref at, ref error);
        else
        {
            var start = at;
            while (at < span.Length && !_separators.Contains(span[at]))
                at++;
            field = text[start..at];
        }
        more = at < span.Length;
        at++;
        return field;
    }

    private int SparseIndex(ReadOnlySpan<char> span, ref int at)
    {
        var end = at;
        while (end < span.Length && end - at < 9 && char.IsAsciiDigit(span[end]))
            end++;
        if (end == at || end >= span.Length || span[end] != ':')
            return -1;
        var index = int.Parse(span[at..end]);
        at = end + 1;
        SkipBlanks(span, ref at);
        return index;
    }

    private ReadOnlyMemory<char> Quoted(ReadOnlySpan<char> span, ref int at, ref string error)
    {
        var content = new StringBuilder();
        var closed = false;
        for (at++; at < span.Length && !closed; at++)
        {
            if (span[at] == _escape && at + 1 < span.Length && (span[at + 1] == '"' || _escape != '"'))
            {
                if (span[at + 1] != '"')
                    content.Append(_escape);
                content.Append(span[++at]);
            }
            else if (span[at] == '"')
                closed = true;
            else
                content.Append(span[at]);
        }
        var wrong = !closed;
        for (; at < span.Length && !_separators.Contains(span[at]); at++)
            wrong |= span[at] != ' ';
        if (!wrong)
            return content.ToString().AsMemory();
        error = "Illegal quoting";
        return default;
    }

    private void SkipBlanks(ReadOnlySpan<char> span, ref int at)
    {
        while (!_blankSeparates && at < span.Length && span[at] == ' ')
            at++;
    }
}
