using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>AdamW: Adam with weight decay applied to the parameter itself.</summary>
public class AdamW : OptimizerHelper, optim.IBetas
{
    private readonly Options _default;

    public AdamW(IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
        : this([new ParamGroup { Parameters = parameters }], lr, beta1, beta2, eps, weight_decay, amsgrad, maximize) { }

    public AdamW(IEnumerable<ParamGroup> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
    {
        CheckNotNegative(lr, "learning rate");
        CheckNotNegative(eps, "ε");
        CheckNotNegative(weight_decay, "weight_decay value");
        if (beta1 is < 0 or >= 1) throw new ArgumentException($"Invalid beta1: {beta1}");
        if (beta2 is < 0 or >= 1) throw new ArgumentException($"Invalid beta2: {beta2}");
        _default = new Options
        {
            LearningRate = lr, InitialLearningRate = lr, beta1 = beta1, beta2 = beta2, eps = eps,
            weight_decay = weight_decay, amsgrad = amsgrad, maximize = maximize,
        };
        foreach (var group in parameters) add_param_group(group);
    }

    public (double, double) Betas
    {
        get => (_default.beta1!.Value, _default.beta2!.Value);
        set => (_default.beta1, _default.beta2) = value;
    }

    public override Tensor? step(Func<Tensor>? closure = null) => _step<ParamGroup>(Step, closure);

    private void Step(ParamGroup group)
    {
        var o = group.Options;
        foreach (var parameter in group.Parameters)
            if (parameter.grad is { } gradient)
                Step(parameter, o.maximize!.Value ? gradient.neg() : gradient, (State)StateOf(parameter), o);
    }

    private static void Step(Parameter parameter, Tensor gradient, State state, Options o)
    {
        double beta1 = o.beta1!.Value, beta2 = o.beta2!.Value, rate = o.LearningRate!.Value, decay = o.weight_decay!.Value;
        state.step++;
        parameter.mul_(1 - rate * decay);
        state.exp_avg.mul_(beta1).add_(gradient, 1 - beta1);
        state.exp_avg_sq.mul_(beta2).addcmul_(gradient, gradient, 1 - beta2);
        var second = state.exp_avg_sq;
        if (o.amsgrad!.Value) second = state.max_exp_avg_sq!.copy_(maximum(state.max_exp_avg_sq, second));
        var denominator = second.sqrt().div_(Math.Sqrt(1 - Math.Pow(beta2, state.step))).add_(o.eps!.Value);
        parameter.addcdiv_(state.exp_avg, denominator, -rate / (1 - Math.Pow(beta1, state.step)));
    }

    public override void add_param_group(Modules.ParamGroup param_group)
    {
        var o = (Options?)param_group.Options ?? new Options();
        param_group.Options = o;
        o.LearningRate ??= _default.LearningRate;
        o.beta1 ??= _default.beta1;
        o.beta2 ??= _default.beta2;
        o.eps ??= _default.eps;
        o.weight_decay ??= _default.weight_decay;
        o.amsgrad ??= _default.amsgrad;
        o.maximize ??= _default.maximize;
        AddGroup(param_group, o, p => new State(p));
    }

    protected override void Dispose(bool disposing) => base.Dispose(disposing);

    public class Options : OptimizerOptions
    {
        public double? beta1;
        public double? beta2;
        public double? weight_decay;
        public double? eps;
        public bool? amsgrad;
        public bool? maximize;
    }

    public class ParamGroup : ParamGroup<Options>, optim.IBetas
    {
        public ParamGroup() { }

        public ParamGroup(IEnumerable<Parameter> parameters, Options options) : base(parameters, options) { }

        public ParamGroup(IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
            : base(parameters, new Options { LearningRate = lr, beta1 = beta1, beta2 = beta2, eps = eps, weight_decay = weight_decay, amsgrad = amsgrad, maximize = maximize }) { }

        public (double, double) Betas
        {
            get => (Options.beta1!.Value, Options.beta2!.Value);
            set => (Options.beta1, Options.beta2) = value;
        }
    }

    /// <summary>The running means of a parameter's gradient and of its square.</summary>
    public sealed class State : OptimizerState, IDisposable
    {
        public long step;
        public Tensor exp_avg = null!;
        public Tensor exp_avg_sq = null!;
        public Tensor? max_exp_avg_sq;

        public State(Parameter parameter) : base(parameter) { }

        public override void Initialize(OptimizerOptions options)
        {
            Dispose();
            step = 0;
            exp_avg = Zeros();
            exp_avg_sq = Zeros();
            if (((Options)options).amsgrad!.Value) max_exp_avg_sq = Zeros();
        }

        public override void to(Device device)
        {
            exp_avg = exp_avg.to(device);
            exp_avg_sq = exp_avg_sq.to(device);
            max_exp_avg_sq = max_exp_avg_sq?.to(device);
        }

        public void Dispose()
        {
            exp_avg?.Dispose();
            exp_avg_sq?.Dispose();
            max_exp_avg_sq?.Dispose();
            max_exp_avg_sq = null;
        }

        private Tensor Zeros() => zeros_like(_parameter).DetachFromDisposeScope();
    }
}
