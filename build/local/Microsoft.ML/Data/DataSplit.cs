using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>
/// Divides rows by a number in [0, 1] that each row has: random and seeded by the row's position, or made from a sampling key.
/// </summary>
internal sealed class DataSplit
{
    private const uint DefaultSeed = 42; // ML.NET's, when neither the call nor the context has one

    private readonly IHostEnvironment _env;
    private readonly IDataView _data;
    private readonly Func<DataViewRow, Func<double>> _number;
    private readonly DataViewSchema.Column[] _read = [];
    private readonly bool _inOrder;

    public DataSplit(IHostEnvironment env, IDataView data, string samplingKeyColumn, int? seed)
    {
        _env = env;
        _data = data;
        if (samplingKeyColumn == null)
        {
            _inOrder = true;
            var start = (uint?)(seed ?? SeedOf(env)) ?? DefaultSeed;
            _number = _ => RandomUtils.Create((int)start).NextDouble32;
            return;
        }
        var key = data.Schema.GetColumnOrNull(samplingKeyColumn)
            ?? throw Contracts.ExceptMissing("SamplingKeyColumn", samplingKeyColumn, "samplingKeyColumn");
        _read = [key];
        _number = SamplingKeys.NumberOf(data, key);
    }

    public IDataView Between(double min, double max, bool includeMax, bool complement)
    {
        bool Passes(double x) => complement
            ? min > x || (includeMax ? x > max : x >= max)
            : min <= x && (includeMax ? x <= max : x < max);
        Func<bool> Test(DataViewRow row)
        {
            var number = _number(row);
            return () => Passes(number());
        }
        return new FilteredDataView(_env, _data, Test, _read, _inOrder, dropHidden: true);
    }

    public IEnumerable<DataOperationsCatalog.TrainTestData> Folds(int count)
        => Enumerable.Range(0, count).Select(fold =>
        {
            double min = (double)fold / count, max = (double)(fold + 1) / count;
            return new DataOperationsCatalog.TrainTestData(Between(min, max, true, complement: true), Between(min, max, true, complement: false));
        });

    private static int? SeedOf(IHostEnvironment env) => (env as HostEnvironment)?.Root.Seed;
}
