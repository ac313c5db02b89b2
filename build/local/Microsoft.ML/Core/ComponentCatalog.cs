using System;
using System.Collections.Generic;
using System.Reflection;

namespace Microsoft.ML
{
    public abstract class ExtensionBaseAttribute : Attribute
    {
        private protected ExtensionBaseAttribute(string contractName) => ContractName = contractName;

        public string ContractName { get; }
    }
}

namespace Microsoft.ML.Runtime
{
    /// <summary>Knows the classes of registered assemblies that carry a contract name.</summary>
    public sealed class ComponentCatalog
    {
        private readonly object _lock = new();
        private readonly HashSet<string> _assemblies = [];
        private readonly Dictionary<(Type, string), Type> _extensions = [];
        private readonly Dictionary<string, Type> _loaders = [];

        internal ComponentCatalog() { }

        public void RegisterAssembly(Assembly assembly, bool throwOnError = true)
        {
            lock (_lock)
            {
                if (!_assemblies.Add(assembly.FullName))
                    return;
                foreach (var type in assembly.GetTypes())
                {
                    foreach (var loadable in type.GetCustomAttributes<LoadableClassAttribute>(inherit: false))
                        _loaders[loadable.Signature] = type;
                    if (type.IsClass && !type.IsAbstract)
                        foreach (var attribute in type.GetCustomAttributes<ExtensionBaseAttribute>(inherit: false))
                            Register(attribute, type, throwOnError);
                }
            }
        }

        internal Type FindLoader(string signature)
        {
            lock (_lock)
                return _loaders.GetValueOrDefault(signature) ?? FindOwnLoader(signature);
        }

        /// <summary>What this assembly loads needs no registration.</summary>
        private Type FindOwnLoader(string signature)
        {
            RegisterAssembly(typeof(ComponentCatalog).Assembly);
            return _loaders.GetValueOrDefault(signature);
        }

        internal object GetExtensionValue(Type attributeType, string contractName)
        {
            lock (_lock)
                if (_extensions.TryGetValue((attributeType, contractName), out var type))
                    return Activator.CreateInstance(type);
            throw new InvalidOperationException(
                $"Could not resolve component '{contractName}'. Make sure that the assembly with this component is loaded and registered in the ComponentCatalog.");
        }

        private void Register(ExtensionBaseAttribute attribute, Type type, bool throwOnError)
        {
            var key = (attribute.GetType(), attribute.ContractName);
            if (_extensions.TryAdd(key, type) || _extensions[key] == type || !throwOnError)
                return;
            throw new InvalidOperationException($"'{attribute.ContractName}' is the contract name of both {_extensions[key]} and {type}.");
        }
    }
}
