using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    // Random values.
    public partial class Tensor
    {
        public Tensor uniform_(double from, double to, Generator? generator = null) { UniformInPlaceOp.Run(this, from, to, generator); return this; }
        public Tensor normal_(double mean = 0, double std = 1, Generator? generator = null) { NormalInPlaceOp.Run(this, mean, std, generator); return this; }
        public Tensor log_normal_(double mean = 0, double std = 1, Generator? generator = null) { LogNormalInPlaceOp.Run(this, mean, std, generator); return this; }
        public Tensor bernoulli_(double p = 0.5, Generator? generator = null) { BernoulliFloatInPlaceOp.Run(this, p, generator); return this; }
        public Tensor bernoulli_(Tensor p, Generator? generator = null) { BernoulliTensorInPlaceOp.Run(this, p, generator); return this; }
        public Tensor bernoulli(Generator? generator = null) => BernoulliOp.Call(this, generator);
        public Tensor exponential_(double lambda = 1, Generator? generator = null) { ExponentialInPlaceOp.Run(this, lambda, generator); return this; }
        public Tensor cauchy_(double median = 0, double sigma = 1, Generator? generator = null) { CauchyInPlaceOp.Run(this, median, sigma, generator); return this; }
        public Tensor geometric_(double p, Generator? generator = null) { GeometricInPlaceOp.Run(this, p, generator); return this; }
        public Tensor random_(double from, double to, Generator? generator = null) { RandomOp.Run(this, (long)from, (long)to, generator); return this; }
        public Tensor multinomial(long num_samples, bool replacement = false, Generator? generator = null) => MultinomialOp.Call(this, num_samples, replacement, generator);
        public Tensor poisson(Generator? generator = null) => PoissonOp.Call(this, generator);
        public Tensor rand_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => RandLikeOp.Call(this, dtype ?? this.dtype, Arg.None, device ?? this.device).requires_grad_(requires_grad);
        public Tensor randn_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => RandnLikeOp.Call(this, dtype ?? this.dtype, Arg.None, device ?? this.device).requires_grad_(requires_grad);

        private static readonly Op UniformInPlaceOp = new("uniform_");
        private static readonly Op NormalInPlaceOp = new("normal_");
        private static readonly Op LogNormalInPlaceOp = new("log_normal_");
        private static readonly Op BernoulliFloatInPlaceOp = new("bernoulli_", "float");
        private static readonly Op BernoulliTensorInPlaceOp = new("bernoulli_", "Tensor");
        private static readonly Op BernoulliOp = new("bernoulli");
        private static readonly Op ExponentialInPlaceOp = new("exponential_");
        private static readonly Op CauchyInPlaceOp = new("cauchy_");
        private static readonly Op GeometricInPlaceOp = new("geometric_");
        private static readonly Op RandomOp = new("random_", "from");
        private static readonly Op MultinomialOp = new("multinomial");
        private static readonly Op PoissonOp = new("poisson");
        private static readonly Op RandLikeOp = new("rand_like");
        private static readonly Op RandnLikeOp = new("randn_like");
    }
}
