namespace MLNet.Sngp.Calibration;

/// <summary>Finds a minimum of a function of a few variables without its derivatives; deterministic.</summary>
/// <remarks>Nelder and Mead 1965, "A simplex method for function minimization", with their coefficients.</remarks>
internal static class NelderMead
{
    private const int MaximumSteps = 200;

    /// <param name="function">Is asked for values within the bounds only.</param>
    /// <param name="start">Where to begin, within the bounds.</param>
    /// <param name="bounds">The least and the greatest value of each variable; points outside are moved to the edge.</param>
    /// <param name="step">The size of the first simplex.</param>
    /// <param name="tolerance">Ends the search when the simplex is smaller than this in each variable.</param>
    public static double[] Minimize(Func<double[], double> function, double[] start, (double Least, double Greatest)[] bounds, double step =
        0.5, double tolerance = 1e-4)
    {
        var simplex = FirstSimplex(function, start, bounds, step);
        for (var i = 0; i < MaximumSteps; i++)
        {
            Array.Sort(simplex, (left, right) => left.Value.CompareTo(right.Value));
            if (Size(simplex) < tolerance)
                break;
            if (!Replace(simplex, function, bounds))
                Shrink(simplex, function);
        }
        return simplex.MinBy(vertex => vertex.Value).Point;
    }

    private static (double[] Point, double Value)[] FirstSimplex(
        Func<double[], double> function, double[] start, (double Least, double Greatest)[] bounds, double step)
    {
        var simplex = new (double[] Point, double Value)[start.Length + 1];
        for (var vertex = 0; vertex < simplex.Length; vertex++)
        {
            var point = (double[])start.Clone();
            if (vertex > 0)
                point[vertex - 1] += point[vertex - 1] + step <= bounds[vertex - 1].Greatest ? step : -step;
            simplex[vertex] = (point, function(point));
        }
        return simplex;
    }

    /// <summary>Moves the worst vertex through the others' centre; false when no such move helps.</summary>
    private static bool Replace(
        (double[] Point, double Value)[] simplex, Func<double[], double> function, (double Least, double Greatest)[] bounds)
    {
        var (worst, second) = (simplex[^1], simplex[^2]);
        var centre = new double[worst.Point.Length];
        foreach (var (point, _) in simplex.AsSpan(0, simplex.Length - 1))
        {
            for (var k = 0; k < centre.Length; k++)
                centre[k] += point[k] / (simplex.Length - 1);
        }
        var reflected = Try(1);
        if (reflected.Value < simplex[0].Value)
        {
            var expanded = Try(2);
            simplex[^1] = expanded.Value < reflected.Value ? expanded : reflected;
            return true;
        }
        if (reflected.Value < second.Value)
        {
            simplex[^1] = reflected;
            return true;
        }
        var contracted = Try(reflected.Value < worst.Value ? 0.5 : -0.5);
        if (contracted.Value >= Math.Min(reflected.Value, worst.Value))
            return false;
        simplex[^1] = contracted;
        return true;

        (double[] Point, double Value) Try(double length)
        {
            var point = new double[centre.Length];
            for (var k = 0; k < point.Length; k++)
                point[k] = Math.Clamp(centre[k] + length * (centre[k] - worst.Point[k]), bounds[k].Least, bounds[k].Greatest);
            return (point, function(point));
        }
    }

    private static void Shrink((double[] Point, double Value)[] simplex, Func<double[], double> function)
    {
        for (var vertex = 1; vertex < simplex.Length; vertex++)
        {
            var point = (double[])simplex[vertex].Point.Clone();
            for (var k = 0; k < point.Length; k++)
                point[k] = (point[k] + simplex[0].Point[k]) / 2;
            simplex[vertex] = (point, function(point));
        }
    }

    private static double Size((double[] Point, double Value)[] simplex) =>
        simplex.Skip(1).Max(vertex => vertex.Point.Zip(simplex[0].Point, (a, b) => Math.Abs(a - b)).Max());
}
