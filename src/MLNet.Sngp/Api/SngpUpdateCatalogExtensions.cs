using MLNet.Sngp;
using MLNet.Sngp.Updates;

namespace Microsoft.ML;

/// <summary>Models that learn new rows without training the network again, from <c>mlContext.Sngp()</c>.</summary>
public static class SngpUpdateCatalogExtensions
{
    /// <summary>Makes a model that has learned new rows besides those that it knows. No hidden layer is trained.</summary>
    /// <remarks>
    /// <code>
    /// var model = features.Append(mlContext.Sngp().Multiclass(new SngpOptions { Posterior = { Updatable = true } })).Fit(train);
    /// var newer = mlContext.Sngp().Update(model.LastTransformer, features.Transform(newRows));
    /// </code>
    /// <para>The posterior's precision takes in the rows exactly, whatever parts they come in and in whatever order. A regression gets the
    /// exact posterior of all rows, its mean, variance and noise. The output weights of a classifier take Newton steps to the minimum of
    /// the Laplace objective: the old posterior, N(β, P⁻¹), as the prior, and the cross-entropy of the new rows; that depends on the parts
    /// a little, as the curvature of the rows before is that of the Gaussian likelihood.</para>
    /// <para>Temperature, mean-field factor, <see cref="SngpTransformer.VarianceReference"/> and the centre and unit of a regression's
    /// label
    /// stay those of the training. Fit <c>Novelty</c>, <c>ConformalSets</c> and <c>Decide</c> anew. The random features of the new rows are
    /// in memory, 8·M bytes a row: give the rows in parts where that is too much. Labels and weights are read from the columns that the
    /// training read. Deterministic. Needs TorchSharp, as training does.</para>
    /// </remarks>
    /// <param name="catalog">The catalog, <c>mlContext.Sngp()</c>.</param>
    /// <param name="model">A model that was trained with <see cref="PosteriorOptions.Updatable"/>, saved and loaded or not; it stays as it
    /// is.</param>
    /// <param name="rows">New rows, with label and features as for the training: not those that the model knows already, which would count
    /// twice (the log has a warning where a table comes again).</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The new model, which is updatable too.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of a type that cannot be used.</exception>
    /// <exception cref="ArgumentException">The model is not updatable, has columns that were fitted to it, or the rows have a class that it
    /// does not know.</exception>
    /// <exception cref="InvalidOperationException">A row cannot be used, or none has a label.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static SngpTransformer Update(
        this SngpCatalog catalog, SngpTransformer model, IDataView rows, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(rows);
        return new SngpTransformer(catalog.Environment,
            ModelUpdate.Update(model.Model, rows, message => catalog.Warn(nameof(Update), message), cancellationToken));
    }

    /// <summary>Makes one model of several that <see cref="Update"/> made of one trained model, each of other rows: the posterior of all
    /// these rows, as if one model had taken them in.</summary>
    /// <remarks>
    /// <para>The sums of the rows that each has taken in are added; what all have in common, the prior and the rows of the training, counts
    /// once. That is exact for the precision and for a regression. Of a classifier the result is the product of the models' Gaussian
    /// posteriors, with what they have in common taken once. The order does not matter. Temperature and mean-field factor are those of the
    /// first model.</para>
    /// <para>No row is to be in two of the models; tables that two have taken in whole are noticed.</para>
    /// </remarks>
    /// <param name="catalog">The catalog, <c>mlContext.Sngp()</c>.</param>
    /// <param name="models">The models, one at least; they stay as they are.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The new model, which is updatable too.</returns>
    /// <exception cref="ArgumentException">There is no model, one is not updatable, has columns that were fitted to it, or comes from
    /// another
    /// training.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static SngpTransformer Merge(
        this SngpCatalog catalog, IEnumerable<SngpTransformer> models, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(models);
        return new SngpTransformer(catalog.Environment,
            ModelUpdate.Merge([.. models.Select(model => model.Model)], cancellationToken));
    }
}
