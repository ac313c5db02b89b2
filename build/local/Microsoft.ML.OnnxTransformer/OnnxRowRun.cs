using System;
using System.Linq;
using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.Transforms.Onnx;

/// <summary>The model's outputs for the row that the input is on.</summary>
internal sealed class OnnxRowRun(OnnxModel model, DataViewRow row, Func<NamedOnnxValue>[] inputs, string[] outputs) : IDisposable
{
    private IDisposableReadOnlyCollection<DisposableNamedOnnxValue> _values;
    private long _position = -1;

    public NamedOnnxValue Get(string output)
    {
        if (_values == null || _position != row.Position)
        {
            _values?.Dispose();
            _values = null;
            _values = model.Run(Array.ConvertAll(inputs, read => read()), outputs);
            _position = row.Position;
        }
        return _values.First(value => value.Name == output);
    }

    public void Dispose()
    {
        _values?.Dispose();
        _values = null;
    }
}
