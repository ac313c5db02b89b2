using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

/// <summary>The C interface of libSngpTorch.so. Functions that can fail return non-zero; <see cref="Check"/> throws.</summary>
internal static unsafe partial class Native
{
    private const string Library = "SngpTorch";

    public static void Check(int status)
    {
        if (status != 0) Throw();
    }

    private static void Throw() => throw new ExternalException(Marshal.PtrToStringUTF8(sngp_last_error()));

    [LibraryImport(Library)] private static partial nint sngp_last_error();

    // Operators.
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int sngp_find_op(string name, string overload, out nint op);
    [LibraryImport(Library)] public static partial int sngp_call(nint op, NativeValue* args, int count, NativeValue* results, int capacity, int* produced);
    [LibraryImport(Library)] public static partial void sngp_take_pending(nint* handles, int count);

    // Trivial getters, short enough to run without leaving cooperative mode.
    [LibraryImport(Library), SuppressGCTransition] public static partial long sngp_tensor_dim(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] public static partial long sngp_tensor_numel(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] public static partial long sngp_tensor_element_size(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] public static partial int sngp_tensor_dtype(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] public static partial int sngp_tensor_device_type(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] public static partial int sngp_tensor_device_index(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] public static partial int sngp_tensor_requires_grad(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] public static partial int sngp_tensor_is_leaf(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] public static partial int sngp_tensor_is_contiguous(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] public static partial int sngp_tensor_is_sparse(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] public static partial long sngp_tensor_storage_offset(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] public static partial void sngp_tensor_sizes(nint tensor, long* sizes);
    [LibraryImport(Library), SuppressGCTransition] public static partial void sngp_tensor_strides(nint tensor, long* strides);

    // Life and memory.
    [LibraryImport(Library)] public static partial void sngp_tensor_free(nint tensor);
    [LibraryImport(Library)] public static partial int sngp_tensor_data(nint tensor, out nint data);
    [LibraryImport(Library)] public static partial int sngp_tensor_from_memory(void* memory, long bytes, long* sizes, int dims, int dtype, out nint result);
    [LibraryImport(Library)]
    public static partial int sngp_tensor_over_memory(void* memory, long* sizes, int dims, int dtype, delegate* unmanaged<nint, void> release, nint context, out nint result);
    [LibraryImport(Library)] public static partial int sngp_tensor_alias(nint tensor, out nint result);

    // Gradients.
    [LibraryImport(Library)] public static partial int sngp_tensor_set_requires_grad(nint tensor, int value);
    [LibraryImport(Library)] public static partial int sngp_tensor_grad(nint tensor, out nint result);
    [LibraryImport(Library)] public static partial int sngp_tensor_set_grad(nint tensor, nint grad);
    [LibraryImport(Library)] public static partial int sngp_tensor_retain_grad(nint tensor);
    [LibraryImport(Library)]
    public static partial int sngp_backward(nint* tensors, int tensorCount, nint* grads, int gradCount, nint* inputs, int inputCount, int retainGraph, int createGraph);
    [LibraryImport(Library)]
    public static partial int sngp_grad(nint* outputs, int outputCount, nint* inputs, int inputCount, nint* grads, int gradCount, int retainGraph, int createGraph, int allowUnused, nint* results);

    // Indexing.
    [LibraryImport(Library)] public static partial int sngp_index(nint tensor, NativeIndex* items, int count, out nint result);
    [LibraryImport(Library)] public static partial int sngp_index_put(nint tensor, NativeIndex* items, int count, nint value);

    // Modes, threads, generators.
    [LibraryImport(Library), SuppressGCTransition] public static partial int sngp_grad_mode_is_enabled();
    [LibraryImport(Library), SuppressGCTransition] public static partial void sngp_grad_mode_set(int enabled);
    [LibraryImport(Library), SuppressGCTransition] public static partial int sngp_inference_mode_is_enabled();
    [LibraryImport(Library)] public static partial nint sngp_inference_mode_enter(int enabled);
    [LibraryImport(Library)] public static partial void sngp_inference_mode_leave(nint guard);
    [LibraryImport(Library)] public static partial int sngp_get_num_threads();
    [LibraryImport(Library)] public static partial int sngp_get_num_interop_threads();
    [LibraryImport(Library)] public static partial int sngp_set_num_threads(int count);
    [LibraryImport(Library)] public static partial int sngp_set_num_interop_threads(int count);
    [LibraryImport(Library)] public static partial nint sngp_generator_default();
    [LibraryImport(Library)] public static partial nint sngp_generator_new(ulong seed);
    [LibraryImport(Library)] public static partial void sngp_generator_free(nint generator);
    [LibraryImport(Library)] public static partial long sngp_generator_initial_seed(nint generator);
    [LibraryImport(Library)] public static partial int sngp_generator_manual_seed(nint generator, long seed);
    [LibraryImport(Library)] public static partial int sngp_generator_get_state(nint generator, out nint result);
    [LibraryImport(Library)] public static partial int sngp_generator_set_state(nint generator, nint state);
}
