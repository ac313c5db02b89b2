using System.CommandLine;
using MLNet.Sngp.Benchmarks.Choices;
using MLNet.Sngp.Benchmarks.Comparison;
using MLNet.Sngp.Benchmarks.Coverage;
using MLNet.Sngp.Benchmarks.Growth;
using MLNet.Sngp.Benchmarks.Micro;
using MLNet.Sngp.Benchmarks.RealTables;
using MLNet.Sngp.Benchmarks.Regression;
using MLNet.Sngp.Benchmarks.Texts;
using MLNet.Sngp.Benchmarks.Updates;
using MLNet.Sngp.Benchmarks.Works;

var command = new RootCommand("Measures the library: beside PyTorch, as its cost grows, and part by part.")
{
    WorkCommand.Create(),
    RatioCommand.Create(),
    GrowthCommand.Create(),
    ChoicesCommand.Create(),
    MicroCommand.Create(),
    CheckCommand.Create(),
    TablesCommand.Create(),
    CoverageCommand.Create(),
    RegressionCommand.Create(),
    TextCommand.Create(),
    UpdateCommand.Create(),
};
return command.Parse(args).Invoke();
