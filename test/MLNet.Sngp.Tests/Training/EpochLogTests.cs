using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests.Training;

/// <summary>The log has a line for each epoch and tells what was chosen automatically.</summary>
[TestClass]
public partial class EpochLogTests
{
    private readonly MLContext _ml = new(1);
    private readonly List<LoggingEventArgs> _lines = [];
    private readonly List<TrainingProgress> _reports = [];

    public EpochLogTests() => _ml.Log += (_, line) =>
    {
        if (EpochLine().IsMatch(line.RawMessage))
            _lines.Add(line);
    };

    [TestMethod]
    [DataRow("Sngp", null)]
    [DataRow("MonteCarloDropout", 0.2)]
    public void EveryEpochHasALine(string method, double? fraction)
    {
        Fit(method, options => options.Training.ValidationFraction = fraction);
        Assert.HasCount(3, _lines);
        for (var epoch = 1; epoch <= 3; epoch++)
        {
            var (line, report) = (_lines[epoch - 1], _reports[epoch - 1]);
            Assert.AreEqual(ChannelMessageKind.Info, line.Kind);
            var validation = fraction is null
                ? ""
                : string.Create(CultureInfo.InvariantCulture, $", validation loss {report.ValidationLoss:G6}");
            StringAssert.StartsWith(
                line.RawMessage, string.Create(CultureInfo.InvariantCulture, $"Epoch {epoch} of 3: loss {report.Loss:G6}{validation}, "));
        }
    }

    [TestMethod]
    public void LinesOfAnEnsembleNameTheMember()
    {
        Fit("DeepEnsemble");
        Assert.HasCount(9, _lines);
        for (var member = 1; member <= Methods.NumberOfMembers; member++)
            Assert.HasCount(
                1, _lines.Where(line => line.RawMessage.StartsWith($"Member {member}, epoch 2 of 3: ", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void OfManyEpochsSomeHundredAreInformationAndTheOthersTrace()
    {
        Fit("Deterministic", options => (options.Training.NumberOfEpochs, options.Training.BatchSize) = (250, 50));
        Assert.HasCount(250, _lines);
        // Every third and the last.
        Assert.HasCount(84, _lines.Where(line => line.Kind == ChannelMessageKind.Info));
        Assert.HasCount(166, _lines.Where(line => line.Kind == ChannelMessageKind.Trace));
        Assert.AreEqual(ChannelMessageKind.Info, _lines[^1].Kind);
        Assert.AreEqual(ChannelMessageKind.Trace, _lines[0].Kind);
    }

    [TestMethod]
    public void WhatWasChosenIsInTheLogAsItIsInTheModel()
    {
        var messages = new List<string>();
        _ml.Log += (_, line) => messages.Add(line.RawMessage);
        using var model = (SngpTransformer)Methods.Create(_ml, "Sngp", options => options.Seed = null)
            .Fit(TwoClusters.Load(_ml, TwoClusters.Rows(50)));
        var chosen = model.Model.Options;
        Assert.HasCount(1, messages.Where(
            message => message.EndsWith($"seed {chosen["Seed"]}, kernel scale {chosen["KernelScale"]}.", StringComparison.Ordinal)));
    }

    private void Fit(string method, Action<SngpOptions>? configure = null)
    {
        using var model = Methods.Create(_ml, method, options =>
        {
            options.Training.Progress = new Reporter(_reports.Add);
            configure?.Invoke(options);
        }).Fit(TwoClusters.Load(_ml, TwoClusters.Rows(50)));
    }

    [GeneratedRegex("^(Epoch|Member [0-9]+, epoch) [0-9]+ of [0-9]+: loss [0-9.E-]+(, validation loss [0-9.E-]+)?, [0-9]+\\.[0-9]{3} s\\.$",
        RegexOptions.CultureInvariant)]
    private static partial Regex EpochLine();
}
