using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms.Onnx;

/// <summary>Runs the model on a row when the first of its outputs is asked for.</summary>
internal sealed class OnnxRowMapper : IRowMapper
{
    private const string OutputSuffix = ".output";
    private readonly OnnxTransformer _parent;
    private readonly (DataViewSchema.Column Column, int[] Shape)[] _inputs;

    public OnnxRowMapper(OnnxTransformer parent, DataViewSchema schema)
    {
        _parent = parent;
        _inputs = parent.Inputs.Select(name => Bind(parent.Model.GetInput(name), schema)).ToArray();
    }

    private static (DataViewSchema.Column, int[]) Bind(OnnxVariable input, DataViewSchema schema)
    {
        var shape = Adjust(input.Shape);
        if (shape.Count(d => d == 0) > 1)
            throw new ArgumentOutOfRangeException(input.Name, "Only 1 unknown dimension is allowed");
        var column = schema.GetColumnOrNull(input.Name) ?? throw Contracts.ExceptMissing("input", input.Name);
        DataViewType item = column.Type.GetItemType(), wanted = input.Type.GetItemType();
        // A key is taken where its raw type is.
        if (!item.Equals(wanted) && !(item is KeyDataViewType && item.RawType == wanted.RawType))
            throw Contracts.ExceptMismatch("input", input.Name, wanted.ToString(), column.Type.ToString());
        if (!shape.Contains(0))
        {
            int size = shape.Aggregate((x, y) => x * y), given = column.Type.GetValueCount();
            Contracts.Check(given % size == 0, $"Input shape mismatch: Input '{input.Name}' has shape {string.Join(",", shape)}, but input data is of length {given}.");
        }
        return (column, shape);
    }

    // Rows come one at a time: an unknown first dimension is 1.
    private static int[] Adjust(int[] shape)
    {
        if (shape.Length == 0)
            return new[] { 1 };
        var adjusted = shape.Select(d => Math.Max(d, 0)).ToArray();
        if (shape[0] < 0)
            adjusted[0] = 1;
        return adjusted;
    }

    public DataViewSchema.DetachedColumn[] GetOutputColumns() => _parent.Outputs.Select((name, i) =>
    {
        var column = name.EndsWith(OutputSuffix, StringComparison.Ordinal) ? name.Replace(OutputSuffix, "") : name;
        return new DataViewSchema.DetachedColumn(column, _parent.OutputTypes[i], SlotNames(column));
    }).ToArray();

    // The names hide in a node whose outputs nobody needs.
    private DataViewSchema.Annotations SlotNames(string column)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        var names = _parent.Model.Graph.Node.FirstOrDefault(node => node.Name == $"mlnet.{column}.SlotNames")?
            .Attribute.FirstOrDefault(attribute => attribute.Name == "keys_strings");
        if (names != null)
            builder.AddSlotNames(names.Strings.Select(name => name.ToStringUtf8().AsMemory()).ToArray());
        return builder.ToAnnotations();
    }

    public Func<int, bool> GetDependencies(Func<int, bool> activeOutput)
    {
        bool any = Enumerable.Range(0, _parent.Outputs.Length).Any(activeOutput);
        return column => any && _inputs.Any(input => input.Column.Index == column);
    }

    public Delegate[] CreateGetters(DataViewRow input, Func<int, bool> activeOutput, out Action disposer)
    {
        var active = _parent.Outputs.Where((_, i) => activeOutput(i)).ToArray();
        var run = new OnnxRowRun(_parent.Model, input, active.Length == 0
            ? Array.Empty<Func<NamedOnnxValue>>()
            : _inputs.Select(bound => OnnxInput.MakeReader(input, bound.Column, bound.Shape)).ToArray(), active);
        disposer = run.Dispose;
        return _parent.Outputs.Select((name, i) => activeOutput(i) ? MakeGetter(run, name, _parent.OutputTypes[i]) : null).ToArray();
    }

    private static Delegate MakeGetter(OnnxRowRun run, string name, DataViewType type)
    {
        var method = type is not VectorDataViewType vector ? nameof(MakeScalarGetter)
            : vector.ItemType is TextDataViewType ? nameof(MakeTextGetter) : nameof(MakeTensorGetter);
        return Generic.CallStatic<Delegate>(typeof(OnnxRowMapper), method, type.GetItemType().RawType, run, name);
    }

    private static ValueGetter<VBuffer<T>> MakeTensorGetter<T>(OnnxRowRun run, string name) => (ref VBuffer<T> value) =>
    {
        var tensor = run.Get(name).AsTensor<T>() as DenseTensor<T>;
        Contracts.Check(tensor != null, $"Output column {name} doesn't contain a DenseTensor of expected type {typeof(T)}");
        var editor = VBufferEditor.Create(ref value, (int)tensor.Length);
        tensor.Buffer.Span.CopyTo(editor.Values);
        value = editor.Commit();
    };

    private static ValueGetter<VBuffer<ReadOnlyMemory<char>>> MakeTextGetter<T>(OnnxRowRun run, string name) => (ref VBuffer<ReadOnlyMemory<char>> value) =>
    {
        var tensor = run.Get(name).AsTensor<string>();
        Contracts.Check(tensor != null, $"Output column {name} doesn't contain a DenseTensor of expected type {typeof(string)}");
        var editor = VBufferEditor.Create(ref value, (int)tensor.Length);
        for (int i = 0; i < editor.Values.Length; i++)
            editor.Values[i] = tensor.GetValue(i).AsMemory();
        value = editor.Commit();
    };

    // As in ML.NET, an output without dimensions has a column, but it cannot be read: it is taken for a sequence.
    private static ValueGetter<T> MakeScalarGetter<T>(OnnxRowRun run, string name) => (ref T value) =>
    {
        run.Get(name).AsEnumerable<NamedOnnxValue>();
        throw new InvalidOperationException($"Output column {name} is a tensor without dimensions.");
    };
}
