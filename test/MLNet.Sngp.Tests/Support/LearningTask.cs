namespace MLNet.Sngp.Tests.Support;

/// <summary>What kind of label is learned. Public, because test methods have parameters of it.</summary>
public enum LearningTask
{
    Multiclass,
    Binary,
    Regression,
}
