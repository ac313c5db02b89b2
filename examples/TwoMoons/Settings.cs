namespace TwoMoons;

/// <summary>What the command line asked for.</summary>
/// <param name="Tutorial">The tutorial's settings instead of the defaults.</param>
/// <param name="Methods">The methods to train.</param>
/// <param name="Seeds">The seeds of data and training, one run each.</param>
/// <param name="Output">The folder that everything is written to.</param>
internal sealed record Settings(bool Tutorial, IReadOnlyList<Method> Methods, IReadOnlyList<int> Seeds, string Output);
