using System;
using System.Collections.Generic;
using System.IO;
using System.Reflection;
using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Marks a class with a method <c>static object Create(IHostEnvironment, ModelLoadContext)</c>, which loads what was saved under the signature.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
internal sealed class LoadableClassAttribute(string signature) : Attribute
{
    public string Signature { get; } = signature;
}

/// <summary>One directory of a model file that is being read.</summary>
internal sealed class ModelLoadContext
{
    private readonly RepositoryReader _repository;
    private readonly string _signature;
    private readonly string _assembly;
    private readonly string[] _strings;

    private ModelLoadContext(RepositoryReader repository, string directory, Stream entry)
    {
        _repository = repository;
        Directory = directory;
        (_signature, _assembly, var body, _strings) = ModelHeader.Read(entry);
        Reader = new BinaryReader(body, Encoding.UTF8);
    }

    public string Directory { get; }

    public BinaryReader Reader { get; }

    public string LoadString()
    {
        int index = Reader.ReadInt32();
        Contracts.CheckDecode(index >= 0 && index < _strings.Length, "Corrupt model file");
        return _strings[index];
    }

    public T LoadModel<T>(IHostEnvironment env, string name) where T : class
        => LoadModel<T>(env, _repository, Repository.PathOf(Directory, name));

    public static T LoadModel<T>(IHostEnvironment env, RepositoryReader repository, string directory) where T : class
        => LoadModelOrNull<T>(env, repository, directory) ?? throw new FormatException("Corrupt model file");

    public static T LoadModelOrNull<T>(IHostEnvironment env, RepositoryReader repository, string directory) where T : class
    {
        var entry = repository.OpenEntryOrNull(directory, Repository.ModelEntryName);
        if (entry == null)
            return null;
        ModelLoadContext context;
        try
        {
            context = new ModelLoadContext(repository, directory, entry);
        }
        catch (EndOfStreamException ex)
        {
            throw new FormatException("Corrupt model file", ex);
        }
        return context.Create(env) as T ?? throw new FormatException($"Couldn't load model: '{directory}'");
    }

    public bool TryLoadBinaryStream(string name, Action<BinaryReader> read)
    {
        var entry = _repository.OpenEntryOrNull(Directory, name);
        if (entry == null)
            return false;
        using var reader = new BinaryReader(entry, Encoding.UTF8);
        read(reader);
        return true;
    }

    public bool TryLoadSubModel(string name, Action<ModelLoadContext> read)
    {
        var directory = Repository.PathOf(Directory, name);
        var entry = _repository.OpenEntryOrNull(directory, Repository.ModelEntryName);
        if (entry == null)
            return false;
        read(new ModelLoadContext(_repository, directory, entry));
        return true;
    }

    private object Create(IHostEnvironment env)
    {
        env.ComponentCatalog.RegisterAssembly(Assembly.Load(_assembly));
        var loader = env.ComponentCatalog.FindLoader(_signature) ?? throw new FormatException($"Couldn't load model: '{Directory}'");
        var create = loader.GetMethod("Create", BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic);
        try
        {
            return create.Invoke(null, [env, this]);
        }
        catch (TargetInvocationException ex) when (ex.InnerException is InvalidOperationException or ArgumentException or FormatException)
        {
            // What ML.NET's own checks throw arrives wrapped like this; anything else as the bare TargetInvocationException.
            throw new InvalidOperationException("Error during class instantiation", ex);
        }
    }
}
