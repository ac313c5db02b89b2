using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Updates;

/// <summary>The output weights B, shape [M, K], that make ½·tr((B − B₀)ᵀP₀(B − B₀)) − Σ wᵢ·log softmax(φᵢB)[yᵢ] least: the Laplace
/// objective
/// with the old posterior N(B₀, P₀⁻¹) as its prior.</summary>
/// <remarks>
/// Newton's method with the exact Hessian, which is positive definite, and steps halved until the objective falls. The linear systems
/// are solved by conjugate gradients with P₀ + Σ wφφᵀ, which is above the Hessian, as preconditioner: no matrix of size M·K is made.
/// In double precision; everything belongs to the dispose scope of the caller.
/// </remarks>
internal sealed class SoftmaxNewton
{
    private const int MostSteps = 100;
    private const int MostIterations = 500;
    private const int MostHalvings = 40;
    // In nats, relative to the objective's rounding.
    private const double Resolution = 1e-13;
    // Of the residual's norm; the last steps then gain six digits each.
    private const double SolverTolerance = 1e-6;

    private readonly Tensor _features;
    private readonly Tensor _truth;
    private readonly Tensor _weights;
    private readonly Tensor _prior;
    private readonly Func<Tensor, Tensor> _precondition;
    private readonly Action _throwIfCancelled;

    /// <param name="features">φ, shape [N, M].</param>
    /// <param name="truth">1 at each row's class, shape [N, K].</param>
    /// <param name="weights">w, shape [N, 1].</param>
    /// <param name="prior">P₀, shape [M, M].</param>
    /// <param name="precondition">Multiplies by (P₀ + Σ wφφᵀ)⁻¹.</param>
    /// <param name="throwIfCancelled">Is called in each iteration.</param>
    public SoftmaxNewton(Tensor features, Tensor truth, Tensor weights, Tensor prior, Func<Tensor, Tensor> precondition,
        Action throwIfCancelled)
    {
        (_features, _truth, _weights, _prior) = (features, truth, weights, prior);
        (_precondition, _throwIfCancelled) = (precondition, throwIfCancelled);
    }

    /// <param name="start">B₀.</param>
    /// <returns>B.</returns>
    public Tensor Minimize(Tensor start)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var moved = start.zeros_like();
        var value = Objective(start, moved);
        for (var step = 0; step < MostSteps; step++)
        {
            _throwIfCancelled();
            using var inner = NewDisposeScope();
            var logits = _features.mm(start.add(moved, HeldScalars.One));
            var probabilities = logits.softmax(1);
            var gradient = _prior.mm(moved).add(
                _features.t().mm(probabilities.sub(_truth).mul(_weights)), HeldScalars.One);
            var direction = Solve(gradient.neg(), probabilities);
            var slope = Product(gradient, direction);
            // Half of it is what is left to gain.
            if (-slope <= Resolution * (1 + Math.Abs(value)))
                break;
            if (Search(start, moved, direction, slope, value) is not var (next, lower))
                break;
            moved.copy_(next);
            value = lower;
        }
        return scope.MoveToOuter(start.add(moved, HeldScalars.One));
    }

    private (Tensor Moved, double Value)? Search(Tensor start, Tensor moved, Tensor direction, double slope, double value)
    {
        var length = 1.0;
        for (var halving = 0; halving < MostHalvings; halving++, length /= 2)
        {
            using var held = length.ToScalar();
            var next = moved.add(direction, held);
            var reached = Objective(start, next);
            if (reached <= value + (1e-4 * length * slope))
                return (next, reached);
        }
        return null;
    }

    private double Objective(Tensor start, Tensor moved)
    {
        using var scope = NewDisposeScope();
        var logarithms = _features.mm(start.add(moved, HeldScalars.One)).log_softmax(1);
        return (0.5 * Product(moved, _prior.mm(moved))) - Product(logarithms.mul(_truth), _weights.expand_as(_truth));
    }

    private Tensor Solve(Tensor right, Tensor probabilities)
    {
        using var scope = NewDisposeScope();
        var (solution, residual) = (right.zeros_like(), right.clone());
        var preconditioned = _precondition(residual);
        var direction = preconditioned.clone();
        var (norm, first) = (Product(residual, preconditioned), Product(residual, preconditioned));
        for (var i = 0; i < MostIterations && norm > SolverTolerance * SolverTolerance * first; i++)
        {
            _throwIfCancelled();
            using var inner = NewDisposeScope();
            var product = Hessian(direction, probabilities);
            using var length = (norm / Product(direction, product)).ToScalar();
            solution.add_(direction, length);
            using var back = (-length.ToDouble()).ToScalar();
            residual.add_(product, back);
            var next = _precondition(residual);
            var nextNorm = Product(residual, next);
            using var kept = (nextNorm / norm).ToScalar();
            direction.mul_(kept).add_(next, HeldScalars.One);
            norm = nextNorm;
        }
        return scope.MoveToOuter(solution);
    }

    // P₀D + Φᵀ·W·(diag p − ppᵀ)·ΦD.
    private Tensor Hessian(Tensor direction, Tensor probabilities)
    {
        var change = _features.mm(direction).mul(probabilities);
        var curved = change.sub(probabilities.mul(change.sum([1L], keepdim: true))).mul(_weights);
        return _prior.mm(direction).add(_features.t().mm(curved), HeldScalars.One);
    }

    private static double Product(Tensor left, Tensor right)
    {
        using var scope = NewDisposeScope();
        return left.mul(right).sum().item<double>();
    }
}
