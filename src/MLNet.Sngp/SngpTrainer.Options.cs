using System.ComponentModel.DataAnnotations;

namespace MLNet.Sngp;

public sealed partial class SngpTrainer
{
    /// <summary>The options of <see cref="SngpTrainer"/>. The defaults are the tutorial's values but for the learning rate and the kernel scale.</summary>
    public class Options : NetworkTrainerOptions
    {
        /// <summary>The bound c on the largest singular value of each hidden layer's weights; above 0.</summary>
        /// <remarks>Below 1 a residual layer keeps the order of distances; smaller weights are left untouched.</remarks>
        /// <value>The default is 0.9, the tutorial's.</value>
        [Range(0.0, 1e6, MinimumIsExclusive = true)]
        public double SpectralNormBound { get; set; } = 0.9;

        /// <summary>The number of power iterations before each training step that estimate the largest singular value.</summary>
        /// <value>The default is 1, the reference's.</value>
        [Range(1, 1000)]
        public int NumberOfPowerIterations { get; set; } = 1;

        /// <summary>M, the number of random features that approximate the Gaussian kernel.</summary>
        /// <remarks>The posterior takes M² values and M³ operations once.</remarks>
        /// <value>The default is 1024, the tutorial's.</value>
        [Range(1, 32768)]
        public int NumberOfRandomFeatures { get; set; } = 1024;

        /// <summary>The scale s of the kernel exp(−d²/(2s)), d the distance of two hidden vectors; above 0. Null chooses it from the data.</summary>
        /// <remarks>The automatic scale is half the median squared distance between the hidden vectors of up to 500 training rows before training, with bounded weights.</remarks>
        /// <value>The default is <see langword="null"/>. The tutorial's 1 suits its two features; it gives chance accuracy on wider tables.</value>
        [Range(0.0, double.MaxValue, MinimumIsExclusive = true)]
        public double? KernelScale { get; set; }

        /// <summary>Multiplies the random features by √(2/M), so that their inner products approximate the kernel itself.</summary>
        /// <value>The default is <see langword="true"/>, the tutorial's.</value>
        public bool ScaleRandomFeatures { get; set; } = true;

        /// <summary>The L2 penalty on the output weights β: adds this times Σβ² to the loss; at least 0.</summary>
        /// <value>The default is 1e-6, the reference's.</value>
        [Range(0.0, 1e6)]
        public double OutputWeightDecay { get; set; } = 1e-6;

        /// <summary>The prior precision of the output weights: the posterior precision is RidgePenalty·I + Σφφᵀ; above 0.</summary>
        /// <value>The default is 1, the reference's.</value>
        [Range(0.0, 1e12, MinimumIsExclusive = true)]
        public double RidgePenalty { get; set; } = 1.0;

        /// <summary>λ of the mean-field adjustment: logits / √(1 + λσ²); at least 0. Null leaves the logits as they are.</summary>
        /// <value>The default is π/8, the tutorial's.</value>
        [Range(0.0, 1e6)]
        public double? MeanFieldFactor { get; set; } = Math.PI / 8;
    }
}
