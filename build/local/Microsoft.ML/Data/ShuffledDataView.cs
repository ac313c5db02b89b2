using System;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Gives rows in a random order out of a pool of the next ones; asks the source for its own shuffling as well.</summary>
internal sealed class ShuffledDataView : TransformDataView
{
    private readonly int _poolSize;
    private readonly bool _shuffleSource;
    private readonly int _seed;

    public ShuffledDataView(IHostEnvironment env, IDataView source, int? seed, int poolSize, bool shuffleSource) : base(env, "Shuffle", source)
    {
        _poolSize = poolSize;
        _shuffleSource = shuffleSource;
        _seed = seed ?? ((TauswortheRandom)Host.Rand).NextSigned();
    }

    public override DataViewSchema Schema => Source.Schema;

    public override bool CanShuffle => true;

    protected override bool MayReadInParallel => false;

    public override long? GetRowCount() => Source.GetRowCount();

    protected override DataViewRowCursor MakeCursor(bool[] active, Random rand)
    {
        var own = rand ?? RandomUtils.Create(_seed);
        var forSource = _shuffleSource ? RandomUtils.Create(own) : null;
        var input = Source.GetRowCursor(Array.FindAll([.. Schema], c => active[c.Index]), forSource);
        return _poolSize == 1 ? input : new Cursor(this, input, own);
    }

    protected override DataViewRowCursor[] MakeCursors(bool[] active, int n, Random rand) => [MakeCursor(active, rand)];

    // The pool is a queue; a row is drawn from anywhere in it, and the head takes its place there.
    private sealed class Cursor : BufferedCursor
    {
        private readonly DataViewRowCursor _input;
        private readonly Random _random;
        private readonly ColumnBuffer[] _buffers;
        private readonly Delegate[] _sources;
        private readonly int[] _queue;
        private int _head;
        private int _count;
        private int _current;
        private bool _inputEnded;

        public Cursor(ShuffledDataView parent, DataViewRowCursor input, Random random)
            : this(parent, input, random, new RowLayout(input.Schema, input.IsColumnActive)) { }

        private Cursor(ShuffledDataView parent, DataViewRowCursor input, Random random, RowLayout layout) : base(parent.Host, layout)
        {
            _input = input;
            _random = random;
            _buffers = layout.NewBuffers();
            _sources = layout.SourcesOf(input);
            _queue = new int[parent._poolSize];
            _current = -1;
        }

        public override long Batch => 0;

        protected override bool MoveNextCore()
        {
            Refill();
            if (_count == 0)
                return false;
            var drawn = (_head + _random.Next(_count)) % _queue.Length;
            _current = _queue[drawn];
            _queue[drawn] = _queue[_head];
            _head = (_head + 1) % _queue.Length;
            _count--;
            return true;
        }

        protected override (ColumnBuffer[] Buffers, int Index) Place() => (_buffers, _current);

        protected override void DisposeCore() => _input.Dispose();

        // Row slots are numbered 0, 1, … as the pool fills for the first time; later each new row takes the slot that was just given out.
        private void Refill()
        {
            while (_count < _queue.Length && !_inputEnded)
            {
                if (!_input.MoveNext())
                {
                    _inputEnded = true;
                    return;
                }
                var slot = _current < 0 ? _count : _current;
                RowLayout.Fill(_buffers, _sources, slot);
                _queue[(_head + _count) % _queue.Length] = slot;
                _count++;
            }
        }
    }
}
