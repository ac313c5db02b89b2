namespace MLNet.Sngp.Scoring;

/// <summary>The value of the column of <see cref="ExportMark"/>: its name is what ML.NET's message ends with.</summary>
internal readonly struct UseSaveAsOnnxOfTheModelInsteadOfConvertToOnnx;
