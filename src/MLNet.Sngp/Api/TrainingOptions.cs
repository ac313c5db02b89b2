using System.ComponentModel.DataAnnotations;

namespace MLNet.Sngp;

/// <summary>How a network is trained: epochs, optimiser, device, validation, checkpoints, and who is told.</summary>
public sealed class TrainingOptions
{
    // Named here once: the short overloads of the catalog have the same.
    internal const double DefaultLearningRate = 4e-3;

    /// <summary>How many times training goes through all rows, or at most where validation rows decide; null chooses it from the
    /// data.</summary>
    /// <remarks>
    /// <para>Where there are validation rows, training ends when half of its steps, and 300 of them, did not lower their loss, or after
    /// 1,500 steps and 12 epochs; the best epoch's weights are kept.</para>
    /// <para>Without them, trainings on parts of the table decide: up to 500 rows five, each validated by the fifth that it does not see,
    /// and one up to 20,000, of 20 epochs at least. The smallest number of epochs whose validation loss is within 2 % of the lowest then
    /// trains on all rows. Of a larger table a tenth is kept to validate.</para>
    /// <para>A <see cref="WideResNet"/> trains on all rows for 1,000 steps, or 12 epochs where those are more.</para>
    /// </remarks>
    /// <value>The default is <see langword="null"/>. The tutorial's value is 100.</value>
    [Range(1, 1_000_000)]
    public int? NumberOfEpochs { get; set; }

    /// <summary>The number of rows in an optimiser step; the last step of an epoch takes the rows that are left. Null takes the power of
    /// two
    /// nearest to the square root of the number of training rows, from 16 to 256.</summary>
    /// <value>The default is <see langword="null"/>. The tutorial's value is 128.</value>
    [Range(1, 1_000_000)]
    public int? BatchSize { get; set; }

    /// <summary>What changes the weights.</summary>
    /// <value>The default is <see cref="TrainingOptimizer.Adam"/>, the tutorial's.</value>
    [EnumDataType(typeof(TrainingOptimizer))]
    public TrainingOptimizer Optimizer { get; set; } = TrainingOptimizer.Adam;

    /// <summary>The learning rate, of the first step where it decays; above 0.</summary>
    /// <value>The default is 4e-3. The tutorial's is 1e-4, constant.</value>
    [Range(0.0, 1e6, MinimumIsExclusive = true)]
    public double LearningRate { get; set; } = DefaultLearningRate;

    /// <summary>How the learning rate changes from step to step.</summary>
    /// <remarks>The trainings that choose the number of epochs run at the mean rate, constant.</remarks>
    /// <value>The default is <see cref="LearningRateSchedule.LinearDecay"/>. The tutorial's is <see
    /// cref="LearningRateSchedule.Constant"/>.</value>
    [EnumDataType(typeof(LearningRateSchedule))]
    public LearningRateSchedule LearningRateSchedule { get; set; } = LearningRateSchedule.LinearDecay;

    /// <summary>In how many epochs the learning rate rises from near 0 to what the schedule says; at least 0.</summary>
    /// <value>The default is 0.</value>
    [Range(0, 1_000_000)]
    public int WarmUpEpochs { get; set; }

    /// <summary>The L2 penalty λ on all parameters of the backbone: adds λ·‖w‖² to the loss; at least 0.</summary>
    /// <remarks>The output weights have <see cref="GaussianProcessOptions.OutputWeightDecay"/>.</remarks>
    /// <value>The default is 0. A Wide ResNet on photographs has 3e-4 (uncertainty-baselines).</value>
    [Range(0.0, 1e6)]
    public double WeightDecay { get; set; }

    /// <summary>By how many pixels of zeros an image is widened on each side before a part of its size is cut out of it at random, anew in
    /// each training step; at least 0, below the image's height and width.</summary>
    /// <remarks>Scored rows are not changed, nor those of validation and posterior; the numbers of an epoch depend on the seed
    /// alone.</remarks>
    /// <value>The default is 0: images stay as they are. On photographs of 32 by 32 pixels 4 is usual (He et al., arXiv
    /// 1512.03385).</value>
    [Range(0, 10_000)]
    public int RandomCropPadding { get; set; }

    /// <summary>Whether each image is seen as in a mirror in half of the training steps, at random.</summary>
    /// <value>The default is false: digits and letters are others in a mirror. Photographs gain by it.</value>
    public bool RandomHorizontalFlip { get; set; }

    /// <summary>The most rows of the training table to keep in memory at a time, besides one batch; null keeps all. At least
    /// <see cref="BatchSize"/>.</summary>
    /// <remarks>
    /// A table of more rows is read again in every epoch and for every other pass, in its own order, through a shuffle buffer of
    /// this many rows. So it must give the same rows each time, and a table that is sorted, by class for instance, should
    /// be shuffled before: rows further apart than the buffer is long seldom meet in a step. The members of an ensemble are
    /// then trained one after another. Validation rows count apart. A table of no more rows gives the same model as with
    /// <see langword="null"/>.
    /// </remarks>
    /// <value>The default is <see langword="null"/>.</value>
    [Range(1, int.MaxValue)]
    public int? MaximumRowsInMemory { get; set; }

    /// <summary>Where to train.</summary>
    /// <value>The default is <see cref="TrainingDevice.Auto"/>.</value>
    [EnumDataType(typeof(TrainingDevice))]
    public TrainingDevice Device { get; set; } = TrainingDevice.Auto;

    /// <summary>The share of the training rows that is kept apart to measure the validation loss, above 0 and below 1; null keeps
    /// none.</summary>
    /// <remarks>
    /// The rows are drawn at random, fixed by the seed, with the same share of every class; the first row of a class always trains. After
    /// each epoch the mean cross-entropy over all of them is measured, without dropout and with their weights. The model has the weights of
    /// the epoch where it was lowest, and a posterior of the rows that trained. Not to be combined with <c>Fit(trainData,
    /// validationData)</c>.
    /// </remarks>
    /// <value>The default is <see langword="null"/>.</value>
    [Range(0.0, 1.0, MinimumIsExclusive = true, MaximumIsExclusive = true)]
    public double? ValidationFraction { get; set; }

    /// <summary>Ends the training after so many epochs in a row without a lower validation loss, from 1; null runs all epochs.</summary>
    /// <remarks>Needs validation rows: <see cref="ValidationFraction"/> or <c>Fit(trainData, validationData)</c>; without them <c>Fit</c>
    /// refuses it.</remarks>
    /// <value>The default is <see langword="null"/>.</value>
    [Range(1, 1_000_000)]
    public int? Patience { get; set; }

    /// <summary>The file that keeps the state of the training, from which <c>Fit</c> goes on after a crash; null keeps none.</summary>
    /// <remarks>
    /// <para>The file's name is this path, a dot, and sixteen digits that the rows of the training table decide: trainings on different
    /// tables, such as the folds of
    /// <c>CrossValidate</c>, keep a file each, and an interrupted cross-validation goes on fold by fold.</para>
    /// <para>If the file exists, <c>Fit</c> continues from its epoch and gives the same model as a training that was never interrupted (on
    /// the same machine, with the same number of torch threads). The file must be of the same options (with a constant learning rate the
    /// number of epochs may grow), rows
    /// and library version, or
    /// <c>Fit</c> refuses it; without a <see cref="SngpOptions.Seed"/>, the seed drawn at first is taken from it. It stays when
    /// <c>Fit</c> has succeeded, so that no work is lost before the model is saved: another <c>Fit</c> then gives the same model at once.
    /// Delete it to train anew.</para>
    /// <para>Ensembles keep a file for each member, whose name ends in a dot and the member's number from 1. Comparing the rows costs one
    /// pass over them. The folder must exist. No two trainings may use a file at once.</para>
    /// </remarks>
    /// <value>The default is <see langword="null"/>.</value>
    [MinLength(1)]
    public string? CheckpointPath { get; set; }

    /// <summary>After how many epochs <see cref="CheckpointPath"/> is written each time, from 1; it is also written at the end. Ignored
    /// without a path.</summary>
    /// <remarks>Each time waits for the disk: raise it when an epoch takes less than a second.</remarks>
    /// <value>The default is 1.</value>
    [Range(1, 1_000_000)]
    public int CheckpointEvery { get; set; } = 1;

    /// <summary>Is told after each epoch how far the training has come; called on a training thread, by one at a time.</summary>
    /// <value>The default is <see langword="null"/>.</value>
    public IProgress<TrainingProgress>? Progress { get; set; }

    /// <summary>Stops the training within one step, with <see cref="OperationCanceledException"/>. The last checkpoint stays.</summary>
    /// <remarks>Experiments of AutoML cancel the execution of their <c>MLContext</c>, which stops its trainings likewise; ML.NET keeps that
    /// call to itself.</remarks>
    /// <value>The default is <see cref="CancellationToken.None"/>.</value>
    public CancellationToken CancellationToken { get; set; }

    /// <summary>The number of epochs, once it is chosen.</summary>
    internal int Epochs => NumberOfEpochs ?? 100;

    /// <summary>The batch size, once it is chosen.</summary>
    internal int RowsInStep => BatchSize ?? 128;

    internal long StepsIn(Data.RowSource rows) => (rows.NumberOfRows + RowsInStep - 1) / RowsInStep;

    internal TrainingOptions Copy() => (TrainingOptions)MemberwiseClone();
}
