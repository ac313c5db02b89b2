namespace MLNet.Sngp;

/// <summary>How far a training has come. Immutable; reported once after each epoch.</summary>
/// <param name="Epoch">The number of epochs completed, from 1; those before a checkpoint count.</param>
/// <param name="NumberOfEpochs">The number of epochs that the training runs in all, unless it stops early.</param>
/// <param name="Step">The number of optimiser steps taken since the training began.</param>
/// <param name="NumberOfSteps">The number of optimiser steps that the training takes in all.</param>
/// <param name="Loss">The mean training loss over the epoch's rows, in nats (cross-entropy plus weight penalty).</param>
/// <param name="ValidationLoss">The mean cross-entropy over all validation rows after the epoch, in nats; null without validation
/// rows.</param>
public sealed record TrainingProgress(
    int Epoch, int NumberOfEpochs, long Step, long NumberOfSteps, double Loss, double? ValidationLoss = null);
