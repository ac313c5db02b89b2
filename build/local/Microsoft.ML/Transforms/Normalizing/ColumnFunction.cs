using System;
using System.IO;
using System.Numerics;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>What a normaliser does to one column.</summary>
internal abstract class ColumnFunction
{
    public abstract NormalizingTransformer.NormalizerModelParametersBase Parameters { get; }

    public abstract Delegate MakeGetter(DataViewRow row, DataViewSchema.Column column);

    /// <summary>Scale and offset of each slot in single precision; null where the function is not of that form.</summary>
    public abstract (float[] Scale, float[] Offset)? Affine { get; }

    public abstract void Save(BinaryWriter writer);

    public static ColumnFunction Load(BinaryReader reader)
    {
        bool single = reader.ReadBoolean(), vector = reader.ReadBoolean(), distribution = reader.ReadBoolean();
        return single ? Load<float>(reader, vector, distribution, r => r.ReadSingle()) : Load<double>(reader, vector, distribution, r => r.ReadDouble());
    }

    private static ColumnFunction Load<T>(BinaryReader reader, bool vector, bool distribution, Func<BinaryReader, T> read)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var first = new T[reader.ReadInt32()];
        var second = new T[first.Length];
        foreach (var part in new[] { first, second })
            for (int i = 0; i < part.Length; i++)
                part[i] = read(reader);
        return distribution ? new DistributionFunction<T>(first, second, vector) : new AffineFunction<T>(first, second, vector);
    }

    protected static void Save<T>(BinaryWriter writer, bool vector, bool distribution, T[] first, T[] second)
    {
        writer.Write(typeof(T) == typeof(float));
        writer.Write(vector);
        writer.Write(distribution);
        writer.Write(first.Length);
        foreach (var part in new[] { first, second })
            foreach (var value in part)
                if (value is float single) writer.Write(single);
                else writer.Write((double)(object)value);
    }
}
