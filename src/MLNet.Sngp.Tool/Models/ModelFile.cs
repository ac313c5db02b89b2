using System.IO.Compression;
using System.Text.Json;
using Microsoft.ML;
using MLNet.Sngp.Tool.Tables;

namespace MLNet.Sngp.Tool.Models;

/// <summary>A model that the tool wrote: ML.NET's zip file with the card in it.</summary>
internal sealed record ModelFile(MLContext Context, ITransformer Transformer, DataViewSchema InputSchema, ModelCard Card) : IDisposable
{
    private const string CardEntry = "sngp-tool.json";

    private static readonly JsonSerializerOptions Json = new()
    {
        RespectNullableAnnotations = true,
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>Gets the SNGP, which the chain ends with.</summary>
    public SngpTransformer Sngp => Last(Transformer);

    public static void Save(MLContext ml, ITransformer model, DataViewSchema schema, ModelCard card, string path)
    {
        var temporary = path + ".tmp";
        try
        {
            ml.Model.Save(model, schema, temporary);
            using (var archive = ZipFile.Open(temporary, ZipArchiveMode.Update))
            using (var entry = archive.CreateEntry(CardEntry).Open())
                JsonSerializer.Serialize(entry, card, Json);
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    public static ModelFile Load(string path)
    {
        if (!File.Exists(path))
            throw new ToolException($"{path}: there is no such file.");
        var card = ReadCard(path);
        var ml = new MLContext(card.Seed);
        try
        {
            return new(ml, ml.Sngp().Load(path, out var schema), schema, card);
        }
        catch (ModelFormatException exception)
        {
            throw new ToolException($"{path}: {exception.Message}", exception);
        }
    }

    public void Dispose() => (Transformer as IDisposable)?.Dispose();

    private static SngpTransformer Last(ITransformer model) => model switch
    {
        SngpTransformer sngp => sngp,
        IEnumerable<ITransformer> chain => Last(chain.Last()),
        _ => throw new ToolException("The model does not end with an SNGP."),
    };

    private static ModelCard ReadCard(string path)
    {
        try
        {
            using var archive = ZipFile.OpenRead(path);
            using var entry = (archive.GetEntry(CardEntry)
                ?? throw new ToolException($"{path}: this model was not made by 'sngp train', so its table is unknown.")).Open();
            var card = JsonSerializer.Deserialize<ModelCard>(entry, Json)!;
            if (card.Format > ModelCard.CurrentFormat)
                throw new ToolException($"{path}: a newer version of sngp wrote this model (format {card.Format}); update the tool.");
            // It becomes part of SQL, and the file may be anybody's.
            if (card.Columns.FirstOrDefault(column => !ColumnPlan.Types.Contains(column.StoredAs)) is { } column)
                throw new ToolException($"{path}: the model has a column '{column.Name}' of the unknown type '{column.StoredAs}'.");
            return card;
        }
        catch (Exception exception) when (exception is InvalidDataException or JsonException)
        {
            throw new ToolException($"{path}: this is no model of sngp, or it is damaged.", exception);
        }
    }
}
