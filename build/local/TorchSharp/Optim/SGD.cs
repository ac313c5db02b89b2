using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Gradient descent, with momentum when asked for.</summary>
public class SGD : OptimizerHelper, optim.IMomentum
{
    private readonly Options _default;

    public SGD(IEnumerable<Parameter> parameters, double lr, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false)
        : this([new ParamGroup { Parameters = parameters }], lr, momentum, dampening, weight_decay, nesterov, maximize) { }

    public SGD(IEnumerable<ParamGroup> parameters, double lr, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false)
    {
        CheckNotNegative(lr, "learning rate");
        CheckNotNegative(momentum, "momentum value");
        CheckNotNegative(weight_decay, "weight_decay value");
        if (nesterov && (momentum <= 0 || dampening != 0)) throw new ArgumentException("Nesterov momentum requires a momentum and zero dampening");
        _default = new Options
        {
            LearningRate = lr, InitialLearningRate = lr, momentum = momentum, dampening = dampening,
            weight_decay = weight_decay, nesterov = nesterov, maximize = maximize,
        };
        foreach (var group in parameters) add_param_group(group);
    }

    public double Momentum { get => _default.momentum!.Value; set => _default.momentum = value; }

    public override Tensor? step(Func<Tensor>? closure = null) => _step<ParamGroup>(Step, closure);

    private void Step(ParamGroup group)
    {
        var o = group.Options;
        foreach (var parameter in group.Parameters)
            if (parameter.grad is { } gradient) Step(parameter, gradient, (State)StateOf(parameter), o);
    }

    private static void Step(Parameter parameter, Tensor gradient, State state, Options o)
    {
        var momentum = o.momentum!.Value;
        if (o.weight_decay!.Value != 0) gradient = gradient.add(parameter, o.weight_decay.Value);
        if (momentum != 0)
        {
            if (state.momentum_buffer is null) state.momentum_buffer = gradient.clone().detach().DetachFromDisposeScope();
            else state.momentum_buffer.mul_(momentum).add_(gradient, 1 - o.dampening!.Value);
            gradient = o.nesterov!.Value ? gradient.add(state.momentum_buffer, momentum) : state.momentum_buffer;
        }
        var rate = o.LearningRate!.Value;
        parameter.add_(gradient, o.maximize!.Value ? rate : -rate);
    }

    public override void add_param_group(Modules.ParamGroup param_group)
    {
        var o = (Options?)param_group.Options ?? new Options();
        param_group.Options = o;
        o.LearningRate ??= _default.LearningRate;
        o.momentum ??= _default.momentum;
        o.dampening ??= _default.dampening;
        o.weight_decay ??= _default.weight_decay;
        o.nesterov ??= _default.nesterov;
        o.maximize ??= _default.maximize;
        AddGroup(param_group, o, p => new State(p));
    }

    protected override void Dispose(bool disposing) => base.Dispose(disposing);

    public class Options : OptimizerOptions
    {
        public double? momentum;
        public double? dampening;
        public double? weight_decay;
        public bool? nesterov;
        public bool? maximize;
    }

    public class ParamGroup : ParamGroup<Options>, optim.IMomentum
    {
        public ParamGroup() { }

        public ParamGroup(IEnumerable<Parameter> parameters, Options options) : base(parameters, options) { }

        public ParamGroup(IEnumerable<Parameter> parameters, double lr = 1e-3, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false)
            : base(parameters, new Options { LearningRate = lr, momentum = momentum, dampening = dampening, weight_decay = weight_decay, nesterov = nesterov, maximize = maximize }) { }

        public double Momentum { get => Options.momentum!.Value; set => Options.momentum = value; }
    }

    public sealed class State : OptimizerState, IDisposable
    {
        public Tensor? momentum_buffer;

        public State(Parameter parameter) : base(parameter) { }

        public override void Initialize(OptimizerOptions options) => Dispose();
        public override void to(Device device) => momentum_buffer = momentum_buffer?.to(device);

        public void Dispose()
        {
            momentum_buffer?.Dispose();
            momentum_buffer = null;
        }
    }
}
