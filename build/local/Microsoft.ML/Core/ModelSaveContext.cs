using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>
/// One directory of a model file that is being written. Its entry "Model.key" says what finds the loader again, the loader's signature
/// and its assembly, around what <see cref="Writer"/> writes; see <see cref="ModelHeader"/>.
/// </summary>
public sealed class ModelSaveContext : IDisposable
{
    private readonly RepositoryWriter _repository;
    private readonly MemoryStream _entry;
    private readonly MemoryStream _body = new();
    private readonly List<string> _strings = [];
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

    /// <summary>Keeps a string in the entry's table and writes its number.</summary>
    internal void SaveString(string text)
    {
        var index = _strings.IndexOf(text);
        if (index < 0)
        {
            index = _strings.Count;
            _strings.Add(text);
        }
        Writer.Write(index);
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
        Writer.Flush();
        _entry.Write(ModelHeader.Write(_body.ToArray(), _strings, _signature, _assembly));
    }

    public void Dispose() => Writer.Dispose();
}
