using System;
using System.Globalization;
using System.Linq;
using System.Text;

namespace Microsoft.ML.Data;

/// <summary>Lays a confusion matrix out as ML.NET prints it: predictions across, truth down, recall and precision at the edges.</summary>
internal static class ConfusionTable
{
    private const string Predicted = "PREDICTED";

    public static string Format(ConfusionMatrix matrix, bool binary)
    {
        var names = matrix.PredictedClassesIndicators;
        int classes = matrix.Counts.Count;
        int width = classes == 2 ? 8 : 5;
        int longest = names.Max(n => n.Length);
        // Names too long for a column head are replaced by their numbers, which then also stand in the rows.
        bool numbered = longest > width;
        int digits = numbered ? Math.Max(names.Count - 1, 0).ToString(CultureInfo.InvariantCulture).Length : 0;
        int label = Math.Max(Predicted.Length, longest + (numbered ? digits + 2 : 0));
        var rule = string.Concat(Enumerable.Repeat(classes > 2 ? "========" : "===========", classes));

        var text = new StringBuilder();
        if (binary && classes == 2)
            text.Append(Ratio(matrix));
        text.AppendLine().AppendLine("Confusion table");
        text.Append(' ', label + 1).Append("||").AppendLine(rule);
        text.Append(Predicted.PadRight(label + 1)).Append("||");
        for (int i = 0; i < classes; i++)
            text.Append(' ').Append((numbered ? Number(i) : names[i].ToString()).PadLeft(width)).Append(" |");
        text.AppendLine(" Recall");
        text.Append("TRUTH".PadRight(label + 1)).Append("||").AppendLine(rule);
        for (int i = 0; i < classes; i++)
        {
            var head = numbered
                ? Number(i).PadLeft(digits) + ". " + names[i].ToString().PadLeft(label - digits - 2)
                : names[i].ToString().PadLeft(label);
            text.Append(head).Append(" ||");
            for (int j = 0; j < classes; j++)
                text.Append(' ').Append(Number(matrix.Counts[i][j], "N0").PadLeft(width)).Append(" |");
            text.Append(' ').AppendLine(Number(matrix.PerClassRecall[i], "F4").PadLeft(5));
        }
        text.Append(' ', label + 1).Append("||").AppendLine(rule);
        text.Append("Precision".PadRight(label + 1)).Append("||");
        for (int i = 0; i < classes; i++)
            text.Append(Number(matrix.PerClassPrecision[i], "N4").PadLeft(width + 1)).Append(" |");
        return text.AppendLine().ToString();
    }

    // The line above a two-class table: the share of positives among the rows.
    private static string Ratio(ConfusionMatrix matrix)
    {
        double positives = matrix.Counts[0].Sum(), negatives = matrix.Counts[1].Sum();
        return string.Format(CultureInfo.InvariantCulture, "TEST {0} RATIO:\t{1:N4} ({2:F1}/({2:F1}+{3:F1}))",
            matrix.PredictedClassesIndicators[0].ToString().ToUpperInvariant(), positives / (positives + negatives), positives, negatives);
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
