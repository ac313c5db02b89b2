namespace MLNet.Sngp.Benchmarks.Choices;

/// <summary>Two ways to do the same.</summary>
/// <param name="Title">In the table: what is compared with what.</param>
/// <param name="Chosen">As the library does it.</param>
/// <param name="Other">The alternative.</param>
/// <param name="Resources">What both need; goes with the choice.</param>
internal sealed record Choice(string Title, Action Chosen, Action Other, params IDisposable[] Resources) : IDisposable
{
    public void Dispose() => Array.ForEach(Resources, resource => resource.Dispose());
}
