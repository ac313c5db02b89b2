using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Benchmarks.Regression;

/// <summary>Exact Gaussian process regression, k = a·exp(−|x − x′|²/2l²) + ν·[x = x′], whose a, l and ν maximise the marginal likelihood;
/// features and label standardised.</summary>
/// <remarks>Rasmussen and Williams 2006, algorithm 2.1 and equation 5.8. In double precision.</remarks>
internal sealed class ExactGaussianProcess
{
    private const int Steps = 300;
    private readonly double[] _centre;
    private readonly double[] _deviation;
    private readonly double _mean;
    private readonly double _unit;
    private readonly Tensor _rows;
    private readonly Tensor _factor;
    private readonly Tensor _weights;
    private readonly TorchSharp.Modules.Parameter _parameters;

    public ExactGaussianProcess(RegressionSplit.Row[] rows, int seed)
    {
        _centre = [.. Enumerable.Range(0, rows[0].Features.Length).Select(j => rows.Average(row => (double)row.Features[j]))];
        _deviation = [.. _centre.Select((m, j) => Math.Sqrt(rows.Average(row => Math.Pow(row.Features[j] - m, 2))))];
        _mean = rows.Average(row => (double)row.Label);
        _unit = Math.Sqrt(rows.Average(row => Math.Pow(row.Label - _mean, 2)));
        _rows = Standardised(rows);
        var target = tensor(rows.Select(row => (row.Label - _mean) / _unit).ToArray()).unsqueeze(1);
        // log a, log l², log ν.
        _parameters = nn.Parameter(tensor(new[] { 0.0, Math.Log(rows[0].Features.Length), Math.Log(0.3) }));
        using var optimiser = optim.Adam([_parameters], lr: 0.05);
        for (var step = 0; step < Steps; step++)
        {
            using var scope = NewDisposeScope();
            optimiser.zero_grad();
            var (lower, weights) = Solve(target);
            (target.mul(weights).sum().div(2.0) + lower.diagonal().log().sum()).backward();
            optimiser.step();
        }
        using var none = no_grad();
        (_factor, _weights) = Solve(target);
    }

    public RegressionScores Score(RegressionSplit.Row[] rows)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var between = Kernel(Standardised(rows), _rows);
        double[] mean = [.. between.mm(_weights).data<double>().Select(value => _mean + (_unit * value))];
        var explained = linalg.solve_triangular(_factor, between.t(), upper: false).pow(2).sum([0L]);
        double[] variance =
            [.. (_parameters[0].exp() - explained).data<double>().Select(value => Math.Max(0, value) * _unit * _unit)];
        var noise = Math.Exp(_parameters[2].item<double>()) * _unit * _unit;
        return new(mean, variance, [.. variance.Select(value => value + noise)]);
    }

    private (Tensor Lower, Tensor Weights) Solve(Tensor target)
    {
        var noise = eye(_rows.shape[0], dtype: ScalarType.Float64) * (_parameters[2].exp() + 1e-8);
        var lower = linalg.cholesky(Kernel(_rows, _rows) + noise);
        return (lower, cholesky_solve(target, lower));
    }

    private Tensor Kernel(Tensor left, Tensor right)
    {
        var squares = left.pow(2).sum(1).unsqueeze(1) + right.pow(2).sum(1) - (2 * left.mm(right.t()));
        return _parameters[0].exp() * (squares.clamp_min(0) / (-2 * _parameters[1].exp())).exp();
    }

    private Tensor Standardised(RegressionSplit.Row[] rows) => tensor(rows.SelectMany(row => row.Features.Select((value, j) =>
        (value - _centre[j]) / Math.Max(_deviation[j], 1e-9))).ToArray()).view(rows.Length, _centre.Length);
}
