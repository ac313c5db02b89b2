using System.Globalization;

namespace MLNet.Sngp.Stress;

/// <summary>Whether memory stayed flat over the last part of some work; what came before is the warm-up.</summary>
internal static class FlatMemory
{
    /// <summary>What compiled code, the allocators' arenas and the collector's budgets may still add.</summary>
    private const long Usual = 8 << 20;

    /// <param name="what">What was counted.</param>
    /// <param name="figures">Memory after so many of them, the last two from the middle and the end.</param>
    /// <param name="allowed">The growth allowed between those two, in bytes.</param>
    /// <exception cref="InvalidOperationException">It grew by more.</exception>
    public static string Judge(string what, List<(long Count, long Managed, long Resident)> figures, long allowed = Usual)
    {
        var text = string.Join("; ",
            figures.Select(at => string.Create(CultureInfo.InvariantCulture,
            $"after {at.Count} {what} {at.Managed / ProcessMemory.Megabyte:F2} MB managed, {at.Resident / ProcessMemory.Megabyte:F1} MB "
            + $"resident")));
        var managed = figures[^1].Managed - figures[^2].Managed;
        var resident = figures[^1].Resident - figures[^2].Resident;
        text += string.Create(CultureInfo.InvariantCulture,
            $"; growth in the last part {managed / ProcessMemory.Megabyte:F2} MB managed, {resident / ProcessMemory.Megabyte:F1} MB "
            + $"resident:");
        Scenario.Require(managed < Usual && resident < allowed, text);
        return text;
    }
}
