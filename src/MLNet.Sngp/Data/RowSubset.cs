namespace MLNet.Sngp.Data;

/// <summary>Some rows of a table in memory; they stay where they are.</summary>
/// <param name="table">The table.</param>
/// <param name="rows">Their numbers in it.</param>
internal sealed class RowSubset(TrainingTable table, int[] rows) : RowSource(table.NumberOfFeatures, table.HasWeights)
{
    public override long NumberOfRows => rows.Length;

    public override bool IsInMemory => true;

    /// <summary>The table that they are of.</summary>
    public TrainingTable Table => table;

    /// <summary>The rows of the same numbers in another table.</summary>
    public RowSubset In(TrainingTable other) => new(other, rows);

    /// <summary>Deals a table's rows out to parts of about the same size, with the same share of each class, at random.</summary>
    /// <param name="table">The table.</param>
    /// <param name="parts">The number of parts, from 2.</param>
    /// <param name="hasClasses">Whether the labels are classes; others are one kind.</param>
    /// <param name="seed">Decides which row goes where.</param>
    /// <returns>The part of each row.</returns>
    public static int[] Deal(TrainingTable table, int parts, bool hasClasses, int seed)
    {
        var order = new int[(int)table.NumberOfRows];
        for (var row = 0; row < order.Length; row++)
            order[row] = row;
        new SeededRandom(seed, RandomPurpose.ValidationRows).Shuffle(order.AsSpan());
        var part = new int[order.Length];
        var next = new Dictionary<float, int>();
        foreach (var row in order)
        {
            var kind = hasClasses ? table.LabelOf(row) : 0;
            // Each class begins elsewhere, so that those of a few rows do not all go to the first parts.
            var number = next.TryGetValue(kind, out var known) ? known : (int)kind % parts;
            part[row] = number % parts;
            next[kind] = number + 1;
        }
        return part;
    }

    /// <summary>The rows of one part, and all others.</summary>
    public static (RowSubset Others, RowSubset Part) Split(TrainingTable table, int[] parts, int part)
    {
        var all = Enumerable.Range(0, parts.Length);
        return (new(table, [.. all.Where(row => parts[row] != part)]), new(table, [.. all.Where(row => parts[row] == part)]));
    }

    public override RowPass InOrder() => new TablePass(table, rows.Length, [.. rows]);

    public override RowPass Shuffled(int seed, int epoch)
    {
        int[] order = [.. rows];
        new SeededRandom(seed, RandomPurpose.RowOrder, epoch).Shuffle(order.AsSpan());
        return new TablePass(table, order.Length, order);
    }

    public override RowPass Sample(int count, int seed)
    {
        int[] order = [.. rows];
        if (count < order.Length)
            new SeededRandom(seed, RandomPurpose.KernelScale).Shuffle(order.AsSpan());
        return new TablePass(table, Math.Min(count, order.Length), order);
    }
}
