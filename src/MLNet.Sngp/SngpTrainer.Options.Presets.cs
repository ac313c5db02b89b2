namespace MLNet.Sngp;

public sealed partial class SngpTrainer
{
    public partial class Options
    {
        /// <summary>
        /// Gets new options as the TensorFlow tutorial "Uncertainty-aware Deep Learning with SNGP" sets them: learning rate 1e-4, kernel
        /// scale 1, bound 0.9, posterior gathered in the last epoch with ridge 1, λ = π/8.
        /// </summary>
        /// <remarks>
        /// Right for the tutorial's two features in [−3.5, 3.5] alone: on wider tables a kernel scale of 1 gives chance accuracy. Differs
        /// from the defaults in
        /// <see cref="NetworkTrainerOptions.LearningRate"/>, <see cref="KernelScale"/> and <see cref="CovarianceGathering"/>.
        /// </remarks>
        public static Options Tutorial => new()
        {
            NumberOfHiddenLayers = 6,
            NumberOfHiddenUnits = 128,
            DropoutRate = 0.1,
            NumberOfEpochs = 100,
            BatchSize = 128,
            LearningRate = 1e-4,
            SpectralNormBound = 0.9,
            NumberOfPowerIterations = 1,
            NumberOfRandomFeatures = 1024,
            KernelScale = 1,
            NormalizeGpInput = false,
            ScaleRandomFeatures = true,
            OutputWeightDecay = 1e-6,
            CovarianceGathering = CovarianceGathering.LastEpoch,
            RidgePenalty = 1,
            MeanFieldFactor = Math.PI / 8,
        };

        /// <summary>
        /// Gets new options with the defaults of edward2's <c>RandomFeatureGaussianProcess</c>, <c>SpectralNormalization</c> and
        /// <c>mean_field_logits</c> (as of January 2025): orthogonal features of layer-normalised hidden vectors, momentum 0.999, ridge
        /// 1e-6, bound 0.95, λ = 1.
        /// </summary>
        /// <remarks>edward2 says nothing of network and training, which stay at this library's defaults. It ignores its kernel scale where
        /// the input is normalised; at 1 that is the same as applying it.</remarks>
        public static Options Edward2 => new()
        {
            SpectralNormBound = 0.95,
            NumberOfPowerIterations = 1,
            NumberOfRandomFeatures = 1024,
            KernelScale = 1,
            OrthogonalRandomFeatures = true,
            NormalizeGpInput = true,
            ScaleRandomFeatures = true,
            OutputBias = 0,
            OutputWeightDecay = 0,
            Likelihood = GaussianProcessLikelihood.Gaussian,
            CovarianceGathering = CovarianceGathering.Momentum,
            CovarianceMomentum = 0.999,
            RidgePenalty = 1e-6,
            MeanFieldFactor = 1,
        };

        /// <summary>
        /// Gets new options with the defaults of tensorflow/models' <c>RandomFeatureGaussianProcess</c>, <c>SpectralNormalization</c> and
        /// <c>mean_field_logits</c> (<c>official.nlp.modeling.layers</c>): independent features, momentum 0.999, ridge 1, L2 penalty 1e-6,
        /// bound 0.95, λ = 1.
        /// </summary>
        /// <remarks>tensorflow/models says nothing of network and training, which stay at this library's defaults. Its kernel scale of 1
        /// fits narrow tables alone.</remarks>
        public static Options TensorFlowModels => new()
        {
            SpectralNormBound = 0.95,
            NumberOfPowerIterations = 1,
            NumberOfRandomFeatures = 1024,
            KernelScale = 1,
            OrthogonalRandomFeatures = false,
            NormalizeGpInput = false,
            ScaleRandomFeatures = true,
            OutputBias = 0,
            OutputWeightDecay = 1e-6,
            Likelihood = GaussianProcessLikelihood.Gaussian,
            CovarianceGathering = CovarianceGathering.Momentum,
            CovarianceMomentum = 0.999,
            RidgePenalty = 1,
            MeanFieldFactor = 1,
        };

        /// <summary>
        /// Gets new options with the output layer of the paper's intent detection on CLINC out-of-scope (Liu et al. 2020): 2048 random
        /// features of kernel scale 2 on layer-normalised hidden vectors, momentum 0.999, ridge 1e-3, bound 0.95, λ = 0.1.
        /// </summary>
        /// <remarks>The paper puts this layer on BERT; network and training stay at this library's defaults. The reference code leaves the
        /// kernel scale out where the input is normalised; here it applies.</remarks>
        public static Options PaperClinc => new()
        {
            SpectralNormBound = 0.95,
            NumberOfPowerIterations = 1,
            NumberOfRandomFeatures = 2048,
            KernelScale = 2,
            NormalizeGpInput = true,
            ScaleRandomFeatures = true,
            CovarianceGathering = CovarianceGathering.Momentum,
            CovarianceMomentum = 0.999,
            RidgePenalty = 1e-3,
            MeanFieldFactor = 0.1,
        };
    }
}
