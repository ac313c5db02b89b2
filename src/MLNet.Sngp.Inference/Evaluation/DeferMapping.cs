using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace MLNet.Sngp.Evaluation;

/// <summary>The last step of <see cref="AbstainTransformer"/>; a saved model finds it by its contract name.</summary>
[CustomMappingFactoryAttribute(ContractName)]
internal sealed class DeferMapping : CustomMappingFactory<DeferMapping.Input, DeferMapping.Output>
{
    public const string ContractName = "MLNet.Sngp.Defer";
    public const string ExcessColumnName = "mlnet_sngp.Excess";

    /// <summary>NaN is deferred: nothing is known about the row.</summary>
    public static void Map(Input input, Output output) => output.Defer = !(input.Excess <= 0);

    public override Action<Input, Output> GetMapping() => Map;

    /// <summary>How far a row's uncertainty lies above the threshold, in any unit.</summary>
    internal sealed class Input
    {
        [ColumnName(ExcessColumnName)]
        public float Excess { get; set; }
    }

    internal sealed class Output
    {
        public bool Defer { get; set; }
    }
}
