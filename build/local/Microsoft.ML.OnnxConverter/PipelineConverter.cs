using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;
using MLNet.Sngp.Onnx;

namespace Microsoft.ML.Model.OnnxConverter;

/// <summary>
/// Makes a graph of the transforms behind a view: its inputs are the columns of the first view, its outputs those of the last.
/// Walks back from the end as far as transforms can be written; what stands before the first that cannot is left out.
/// </summary>
internal sealed class PipelineConverter(IHostEnvironment env, int opset)
{
    private readonly GraphContext _graph = new();

    public ModelProto Convert(IDataView end, string[] outputColumns)
    {
        var steps = WalkBack(end, out var source);
        foreach (var column in source.Schema)
            _graph.AddInput(column.Type, column.Name);
        foreach (var step in steps)
            TransformWriter.Write(_graph, step);
        foreach (var column in end.Schema)
            if (!column.IsHidden && (outputColumns == null || outputColumns.Contains(column.Name)))
                AddOutput(column);
        return _graph.ToModel(opset);
    }

    private LinkedList<IDataView> WalkBack(IDataView end, out IDataView source)
    {
        var steps = new LinkedList<IDataView>();
        source = end;
        for (var view = end; SourceOf(view) is { } before; view = before)
        {
            if (!TransformWriter.CanWrite(view))
            {
                using var channel = env.Start("ONNX conversion");
                channel.Warning(MessageSensitivity.None, "Had to stop walkback of pipeline at {0} since it cannot save itself as ONNX.", view.GetType().Name);
                while (SourceOf(source) is { } earlier)
                    source = earlier;
                return steps;
            }
            steps.AddFirst(view);
            source = before;
        }
        return steps;
    }

    // Views that others implement end the walk: to the converter they are sources.
    private static IDataView SourceOf(IDataView view) => view switch
    {
        TransformDataView transform => transform.Source,
        SelectedColumnsView selection => selection.Source,
        _ => null,
    };

    private void AddOutput(DataViewSchema.Column column)
    {
        var variable = _graph.Find(column.Name);
        Contracts.Check(variable != null, "The targeted pipeline can not be fully converted into a well-defined ONNX model. " +
            "Please check if all steps in that pipeline are convertible to ONNX and all necessary variables are not dropped (via command line arguments).");
        var output = _graph.AddVariable(column.Type, column.Name + ".output");
        _graph.AddNode("Identity", "", variable, output);
        _graph.AddOutput(column.Type, output);
        if (column.HasSlotNames())
            AddSlotNames(column);
    }

    // Slot names travel in the keys of an encoder that encodes nothing.
    private void AddSlotNames(DataViewSchema.Column column)
    {
        var names = default(VBuffer<ReadOnlyMemory<char>>);
        column.GetSlotNames(ref names);
        var node = $"mlnet.{column.Name}.SlotNames";
        var one = _graph.AddText("one", node);
        var output = _graph.AddVariable(null, $"mlnet.{column.Name}.unusedOutput");
        _graph.AddNamedNode("LabelEncoder", GraphContext.MachineLearning, node, new[] { one }, output)
            .With("keys_strings", names.DenseValues().Select(name => name.ToString()))
            .With("values_int64s", Enumerable.Range(0, names.Length).Select(i => (long)i));
        _graph.AddOutput(NumberDataViewType.Int64, output);
    }
}
