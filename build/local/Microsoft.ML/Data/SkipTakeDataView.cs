using System;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Some rows in a row: leaves out the first ones and ends after a number of them.</summary>
internal sealed class SkipTakeDataView(IHostEnvironment env, IDataView source, long skip, long take) : TransformDataView(env, "SkipTake", source)
{
    public override DataViewSchema Schema => Source.Schema;

    public override bool CanShuffle => false;

    protected override bool MayReadInParallel => false;

    public override long? GetRowCount()
        => Source.GetRowCount() is { } count ? Math.Min(Math.Max(0, count - skip), take) : null;

    protected override DataViewRowCursor MakeCursor(bool[] active, Random rand)
        => new Cursor(this, Source.GetRowCursor(Array.FindAll([.. Schema], c => active[c.Index])), active, skip, take);

    protected override DataViewRowCursor[] MakeCursors(bool[] active, int n, Random rand) => [MakeCursor(active, rand)];

    private sealed class Cursor(SkipTakeDataView parent, DataViewRowCursor input, bool[] active, long skip, long take)
        : LinkedCursor(parent.Host, input, active)
    {
        private long _toSkip = skip;
        private long _left = take;

        public override long Batch => 0;

        public override DataViewSchema Schema => parent.Schema;

        protected override bool MoveNextCore()
        {
            if (_left-- <= 0)
                return false;
            for (; _toSkip > 0; _toSkip--)
                if (!Input.MoveNext())
                    return false;
            return Input.MoveNext();
        }
    }
}
