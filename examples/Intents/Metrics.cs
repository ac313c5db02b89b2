namespace Intents;

/// <summary>What is written to metrics.json.</summary>
/// <param name="Accuracy">The share of test sentences with the right intent.</param>
/// <param name="LogLoss">The mean of −ln p of the right intent.</param>
/// <param name="Ece">How far probabilities and shares of right answers lie apart.</param>
/// <param name="AurocOutOfScope">The chance that a sentence out of scope is more novel than one in scope.</param>
/// <param name="DetectedAtOnePercentFalseAlarms">The share of sentences out of scope with a p-value of 0.01 or less.</param>
/// <param name="FalseAlarmRate">The share of sentences in scope that may be handed to a person.</param>
/// <param name="FalseAlarmsOnTest">The share of test sentences that are.</param>
/// <param name="Detected">The share of sentences out of scope that are.</param>
/// <param name="Classes">The number of intents.</param>
/// <param name="TrainRows">The number of training sentences.</param>
/// <param name="EmbedSeconds">What it took to embed the training sentences.</param>
/// <param name="TrainSeconds">What it took to train on the embeddings.</param>
internal sealed record Metrics(
    double Accuracy,
    double LogLoss,
    double Ece,
    double AurocOutOfScope,
    double DetectedAtOnePercentFalseAlarms,
    double FalseAlarmRate,
    double FalseAlarmsOnTest,
    double Detected,
    int Classes,
    int TrainRows,
    double EmbedSeconds,
    double TrainSeconds);
