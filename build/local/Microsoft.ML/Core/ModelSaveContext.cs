using System;
using System.IO;
using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>
/// One directory of a model file that is being written. Its entry "Model.key" begins with what finds the loader again:
/// a mark, the loader's signature and its assembly; what <see cref="Writer"/> writes comes after that.
/// </summary>
public sealed class ModelSaveContext : IDisposable
{
    internal const uint Mark = 0x4C4D4C53;

    private readonly RepositoryWriter _repository;
    private readonly MemoryStream _entry;
    private readonly MemoryStream _body = new();
    private string _signature;
    private string _assembly;

    internal ModelSaveContext(RepositoryWriter repository, string directory)
    {
        _repository = repository;
        Directory = directory;
        _entry = repository.CreateEntry(directory, Repository.ModelEntryName);
        Writer = new BinaryWriter(_body, Encoding.UTF8);
    }

    internal string Directory { get; }

    internal BinaryWriter Writer { get; }

    /// <summary>Names the class with <see cref="LoadableClassAttribute"/> that loads this directory.</summary>
    internal void SetLoader(string signature, System.Reflection.Assembly assembly) => SetLoader(signature, assembly.FullName);

    internal void SetLoader(string signature, string assembly)
    {
        _signature = signature;
        _assembly = assembly;
    }

    internal void SaveModel(object value, string name)
    {
        if (value is ICanSaveModel model)
            SaveModel(_repository, model, Repository.PathOf(Directory, name));
    }

    internal void SaveSubModel(string name, Action<ModelSaveContext> save)
    {
        using var context = new ModelSaveContext(_repository, Repository.PathOf(Directory, name));
        save(context);
        context.Done();
    }

    internal static void SaveModel(RepositoryWriter repository, ICanSaveModel model, string directory)
    {
        using var context = new ModelSaveContext(repository, directory);
        model.Save(context);
        context.Done();
    }

    internal void SaveBinaryStream(string name, Action<BinaryWriter> write)
    {
        using var writer = new BinaryWriter(_repository.CreateEntry(Directory, name), Encoding.UTF8, leaveOpen: true);
        write(writer);
    }

    internal void SaveTextStream(string name, Action<TextWriter> write)
    {
        using var writer = new StreamWriter(_repository.CreateEntry(Directory, name), leaveOpen: true);
        write(writer);
    }

    internal void Done()
    {
        Contracts.Check(_signature != null, "ModelSignature not specified!");
        using var header = new BinaryWriter(_entry, Encoding.UTF8, leaveOpen: true);
        header.Write(Mark);
        header.Write(_signature);
        header.Write(_assembly);
        Writer.Flush();
        header.Write(_body.GetBuffer(), 0, (int)_body.Length);
    }

    public void Dispose() => Writer.Dispose();
}
