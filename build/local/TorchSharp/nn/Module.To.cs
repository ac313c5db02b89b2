using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        // Moves to another element type or device. Parameters become new objects, so fields and properties are set again.
        public partial class Module
        {
            protected internal virtual Module _to(Device device, ScalarType dtype, bool non_blocking)
            {
                CheckFloating(dtype);
                InitializeDeviceType(device.type);
                _toEpilog(device, dtype, non_blocking);
                return this;
            }

            protected internal virtual Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking)
            {
                if (deviceType != DeviceType.CUDA) deviceIndex = -1;
                if (deviceType == _deviceType && deviceIndex == _deviceIndex) return this;
                InitializeDeviceType(deviceType);
                _toEpilog(deviceType, deviceIndex, non_blocking);
                return this;
            }

            protected internal virtual Module _to(ScalarType dtype, bool non_blocking)
            {
                CheckFloating(dtype);
                _toEpilog(dtype, non_blocking);
                return this;
            }

            public Module _to(Tensor other, bool non_blocking)
            {
                _to(other.dtype, non_blocking);
                return _to(other.device_type, other.device_index, non_blocking);
            }

            protected void _toEpilog(ScalarType dtype, bool non_blocking) => _toEpilog(dtype, null, non_blocking);
            protected void _toEpilog(Device device, ScalarType dtype, bool non_blocking) => _toEpilog(dtype, device, non_blocking);
            protected void _toEpilog(DeviceType deviceType, int deviceIndex, bool non_blocking) =>
                _toEpilog(null, new Device(deviceType, deviceIndex), non_blocking);

            protected virtual void _toEpilog(ScalarType? dtype, Device? device, bool non_blocking)
            {
                foreach (var (_, child) in named_children())
                {
                    if (device is null) child._to(dtype!.Value, non_blocking);
                    else if (dtype is null) child._to(device.type, device.index, non_blocking);
                    else child._to(device, dtype.Value, non_blocking);
                }
                foreach (var (key, parameter) in named_parameters(false).ToList())
                    if (ReplaceParameter(dtype, device, parameter, out var moved) && !SetProperty(key, moved!))
                    {
                        parameter.Dispose();
                        ConditionallyRegisterParameter(key, moved);
                        SetField(key, moved!);
                    }
                foreach (var (key, buffer) in named_buffers(false).ToList())
                    if (ReplaceBuffer(dtype, device, buffer, out var moved) && !SetProperty(key, moved!))
                    {
                        ConditionallyRegisterBuffer(key, moved);
                        SetField(key, moved!);
                    }
                if (device is null) return;
                _deviceType = device.type;
                _deviceIndex = device.index;
            }

            protected static bool ReplaceBuffer(ScalarType? dtype, Device? device, Tensor buffer, out Tensor? result)
            {
                result = null;
                var type = dtype is { } t && buffer.is_floating_point() ? t : buffer.dtype;
                device ??= buffer.device;
                if (!buffer.WillCopyTo(type, device)) return false;
                result = buffer.to(type, device, disposeAfter: true).DetachFromDisposeScope();
                return true;
            }

            protected static bool ReplaceParameter(ScalarType? dtype, Device? device, Parameter param, out Parameter? p)
            {
                p = null;
                var gradient = param.grad;
                var type = dtype is { } t && param.is_floating_point() ? t : param.dtype;
                device ??= param.device;
                if (!param.WillCopyTo(type, device)) return false;
                using var quiet = no_grad();
                p = new Parameter(param.to(type, device), param.requires_grad);
                p.DetachFromDisposeScope();
                if (gradient is null) return true;
                using var movedGradient = gradient.to(type, device).with_requires_grad(gradient.requires_grad);
                p.grad = movedGradient;
                return true;
            }

            protected static (Device device, ScalarType dtype) GetDefaultDeviceAndType(Device? device = null, ScalarType? dtype = null) =>
                (device ?? get_default_device(), dtype ?? get_default_dtype());

            private bool SetProperty(string key, Tensor value)
            {
                var property = GetType().GetProperties().FirstOrDefault(p => p.Name == key && p.CanWrite);
                property?.SetValue(this, value);
                return property is not null;
            }

            private void SetField(string key, Tensor value) =>
                Fields(GetType()).FirstOrDefault(f => f.ComponentName() == key)?.SetValue(this, value);

            private static void CheckFloating(ScalarType dtype)
            {
                if (!is_floating_point(dtype))
                    throw new ArgumentException($"nn.Module.to only accepts floating point or complex types, but got desired dtype={dtype}");
            }
        }
    }
}
