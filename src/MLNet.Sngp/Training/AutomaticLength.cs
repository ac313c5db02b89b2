using System.Globalization;
using MLNet.Sngp.Data;
using TorchSharp;

namespace MLNet.Sngp.Training;

/// <summary>Chooses the batch size and the number of epochs where the options leave them open.</summary>
/// <remarks>
/// <para>B is the power of two nearest to √n, from 16 to 256. Length is counted in steps: a training runs for at most
/// <see cref="MostSteps"/> or <see cref="FewestEpochs"/>, and ends when half of its steps did not lower the validation loss.</para>
/// <para>Up to 20,000 rows, trainings on parts of the table decide: five, each validated by the fifth that it does not see, up to 500
/// rows, and one above. They run at the mean learning rate, constant, so that the training that follows, whose rate decays, goes
/// as far in as many steps. The smallest number of epochs with a mean validation loss within 2 % of the lowest trains on all rows; within
/// 10 % where the output weights are then replaced by the posterior's mean. Of a
/// larger table a tenth is kept for validation, and the weights are those of the best epoch; all rows make the posterior.</para>
/// <para>Images train for <see cref="StepsOfImages"/>, or <see cref="FewestEpochs"/>, to the end: a training that ends with a small
/// learning rate is seldom too long for them, and a second one too dear.</para>
/// </remarks>
internal static class AutomaticLength
{
    public const int MostSteps = 1500;
    public const int FewestSteps = 300;
    public const int StepsOfImages = 1000;
    public const int FewestEpochs = 12;
    public const double KeptFraction = 0.1;
    private const int MostRowsToCrossFit = 500;
    private const int MostRowsToTrainAgain = 20_000;
    private const int FewestEpochsToTrainAgain = 30;
    // Losses of so few rows are noise within this, and the shorter training is the less over-confident.
    private const double Tolerance = 0.02;
    // The output weights become the posterior's mean, so that the network needs fewer steps than the loss of the steps' own weights says.
    private const double ToleranceOfRefitted = 0.1;
    private const int Parts = 5;
    private const int SmallestBatch = 16;
    private const int LargestBatch = 256;

    /// <summary>√n, as a power of two.</summary>
    public static int BatchSize(long rows) =>
        Math.Clamp(1 << (int)Math.Round(Math.Log2(Math.Sqrt(Math.Max(1, rows)))), SmallestBatch, LargestBatch);

    /// <summary>Fills in what is open.</summary>
    /// <param name="options">The options, of which the batch size and the number of epochs are set.</param>
    /// <param name="input">The rows; perhaps with validation rows.</param>
    /// <param name="monitor">Is told what was chosen.</param>
    /// <returns>What to train on.</returns>
    public static TrainingInput Resolve(SngpOptions options, TrainingInput input, TrainingMonitor monitor)
    {
        var training = options.Training;
        training.BatchSize ??= Math.Min(BatchSize(input.Rows.NumberOfRows), training.MaximumRowsInMemory ?? LargestBatch);
        if (training.NumberOfEpochs != null)
            return input;
        if (input.Validation == null && options.Backbone.TrainsForAllSteps)
        {
            training.NumberOfEpochs = MostEpochs(input.Rows, training, FewestEpochs, StepsOfImages);
            monitor.Info(string.Create(CultureInfo.InvariantCulture,
                $"All rows are trained for {training.NumberOfEpochs} epochs of {training.BatchSize} rows a step."));
            return input;
        }
        if (input.Validation == null && input.Rows is TrainingTable table)
        {
            if (table.NumberOfRows <= MostRowsToTrainAgain || options.GathersInSteps)
            {
                (training.NumberOfEpochs, var loss) = CrossFit(options, input, table, monitor);
                return input with { ValidationLoss = loss };
            }
            var parts = RowSubset.Deal(table, (int)(1 / KeptFraction), input.Classes != null, input.Seed);
            var (others, part) = RowSubset.Split(table, parts, 0);
            input = input with { Rows = others, Validation = part, PosteriorRows = table };
        }
        training.NumberOfEpochs = MostEpochs(input.Rows, training, FewestEpochs);
        monitor.Info(string.Create(CultureInfo.InvariantCulture,
            $"The training ends when the validation loss of {input.Validation!.NumberOfRows} rows says so, or after "
            + $"{training.NumberOfEpochs} epochs of {training.BatchSize} rows a step."));
        return input with { HasAutomaticLength = true };
    }

    /// <summary>Whether a training has gone on long enough without a lower validation loss.</summary>
    /// <param name="epoch">The epochs that are done.</param>
    /// <param name="best">The one of the lowest loss.</param>
    /// <param name="steps">The number of steps in an epoch.</param>
    public static bool IsOver(int epoch, int best, long steps) => epoch * steps >= FewestSteps && epoch >= 2 * best;

    private static int MostEpochs(RowSource rows, TrainingOptions options, int fewest, int most = MostSteps)
    {
        var steps = options.StepsIn(rows);
        return (int)Math.Max(fewest, (most + steps - 1) / steps);
    }

    // A part that ended early counts with its last loss, which is above its lowest.
    private static (int Epochs, double Loss) CrossFit(
        SngpOptions options, TrainingInput input, TrainingTable table, TrainingMonitor monitor)
    {
        var parts = RowSubset.Deal(table, Parts, input.Classes != null, input.Seed);
        var count = table.NumberOfRows <= MostRowsToCrossFit ? Parts : 1;
        var curves = ParallelTrainings.Run(options, table, count, (partOptions, i) =>
        {
            var (others, part) = RowSubset.Split(table, parts, i);
            partOptions.Training.NumberOfEpochs = MostEpochs(others, options.Training, FewestEpochsToTrainAgain);
            (partOptions.Training.LearningRateSchedule, partOptions.Training.LearningRate) = (LearningRateSchedule.Constant,
                options.Training.LearningRate * LearningRates.Mean(options.Training.LearningRateSchedule));
            return Curve(
                partOptions, input with { Rows = others, Validation = part, HasAutomaticLength = true, Checkpoint = null }, monitor);
        });
        var losses = Enumerable.Range(0, curves.Max(curve => curve.Count))
            .Select(epoch => curves.Average(curve => curve[Math.Min(epoch, curve.Count - 1)])).ToList();
        var lowest = losses.Min();
        var tolerance = input.Likelihood.HasNoise && options.Head == NetworkHead.GaussianProcess && !options.GathersInSteps
            ? ToleranceOfRefitted : Tolerance;
        var best = losses.FindIndex(loss => loss <= lowest + (tolerance * Math.Abs(lowest))) + 1;
        monitor.Info(string.Create(CultureInfo.InvariantCulture,
            $"{best} epochs of {options.Training.BatchSize} rows a step gave a validation loss of {losses[best - 1]:G6}, near the lowest "
            + $"of {count} "
            + $"training{(count > 1 ? "s" : "")} on four fifths of the rows; all rows are trained for as long."));
        return (best, losses[best - 1]);
    }

    private static IReadOnlyList<double> Curve(SngpOptions options, TrainingInput input, TrainingMonitor monitor)
    {
        using var scope = torch.NewDisposeScope();
        var device = TorchDevice.Of(options.Training.Device);
        using var network = MemberTraining.Create(options, input, device, monitor);
        var prepared = ProjectedRows.Of(input, network, options.Training);
        var stopping = new EarlyStopping(network, prepared.Validation!, options.Training, prepared.AutomaticSteps(options.Training));
        new TrainingLoop(network, options.Training, input.Seed, prepared.Rows.NumberOfRows).Run(prepared.Rows,
            progress => stopping.Measure(progress.Epoch), isOver: () => stopping.IsOver);
        return stopping.Losses;
    }
}
