using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Likelihoods;

namespace MLNet.Sngp.Data;

/// <summary>Parts a table's rows into those that train and those that validate, the same share of each class, at random.</summary>
/// <remarks>
/// The rows of a class come in blocks of about 1/fraction, in the table's order; the seed chooses the row of each block that validates.
/// The first row of a class always trains, as do rows without a label. Both parts are lazy and can be read as often as wanted.
/// </remarks>
internal sealed class ValidationSplit
{
    private readonly double _fraction;
    private readonly int _seed;

    /// <param name="input">The table; its cursors must give the rows in one order.</param>
    /// <param name="label">Its label column.</param>
    /// <param name="labels">How it is read.</param>
    /// <param name="fraction">The share of the rows that validate, above 0 and below 1.</param>
    /// <param name="seed">Chooses them.</param>
    public ValidationSplit(IDataView input, DataViewSchema.Column label, LabelReader labels, double fraction, int seed)
    {
        _fraction = fraction;
        _seed = seed;
        Training = new Part(input, label, labels, this, isValidation: false);
        Validation = new Part(input, label, labels, this, isValidation: true);
    }

    public IDataView Training { get; }

    public IDataView Validation { get; }

    /// <summary>Which of a class's rows validate, as a rule that is asked for one row after the other.</summary>
    internal sealed class ClassRule(double fraction, int seed, int index)
    {
        private readonly SeededRandom _random = new(seed, RandomPurpose.ValidationRows, index);
        private long _row = -1;
        private long _block = -1;
        private long _end;
        private long _chosen;

        /// <summary>Whether the class's next row validates.</summary>
        public bool Next()
        {
            if (++_row == _end)
            {
                var start = _end;
                _end = (long)Math.Ceiling((++_block + 1) / fraction);
                var first = Math.Max(start, 1);
                _chosen = first < _end ? first + _random.NextInt32((int)Math.Min(_end - first, int.MaxValue)) : -1;
            }
            return _row == _chosen;
        }
    }

    private sealed class Part(IDataView input, DataViewSchema.Column label, LabelReader labels, ValidationSplit split, bool isValidation)
        : IDataView
    {
        public bool CanShuffle => false;

        public DataViewSchema Schema => input.Schema;

        // Not known without reading the labels.
        public long? GetRowCount() => null;

        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
        {
            var wanted = columnsNeeded.ToList();
            return new Cursor(input.GetRowCursor(wanted.Exists(column => column.Index == label.Index) ? wanted : [.. wanted, label]), label,
                labels, split, isValidation);
        }

        public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
            [GetRowCursor(columnsNeeded, rand)];
    }

    private sealed class Cursor : DataViewRowCursor
    {
        private readonly DataViewRowCursor _input;
        private readonly ValidationSplit _split;
        private readonly bool _isValidation;
        private readonly Func<float> _label;
        private readonly bool _hasClasses;
        private readonly Dictionary<int, ClassRule> _rules = [];

        public Cursor(DataViewRowCursor input, DataViewSchema.Column label, LabelReader labels, ValidationSplit split, bool isValidation)
        {
            _input = input;
            _split = split;
            _isValidation = isValidation;
            _label = labels.Getter(input, label);
            // Labels that are no classes are one kind.
            _hasClasses = labels.Classes(label) is not null;
        }

        // The table's own, so that errors name its rows.
        public override long Position => _input.Position;

        public override long Batch => _input.Batch;

        public override DataViewSchema Schema => _input.Schema;

        public override bool MoveNext()
        {
            while (_input.MoveNext())
            {
                if (Validates() == _isValidation)
                    return true;
            }
            return false;
        }

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => _input.GetGetter<TValue>(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => _input.GetIdGetter();

        public override bool IsColumnActive(DataViewSchema.Column column) => _input.IsColumnActive(column);

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                _input.Dispose();
            base.Dispose(disposing);
        }

        private bool Validates()
        {
            var label = _label();
            if (float.IsNaN(label))
                return false;
            var index = _hasClasses ? (int)label : 0;
            if (!_rules.TryGetValue(index, out var rule))
                _rules[index] = rule = new ClassRule(_split._fraction, _split._seed, index);
            return rule.Next();
        }
    }
}
