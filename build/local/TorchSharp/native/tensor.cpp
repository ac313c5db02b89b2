// Life, metadata, memory and gradients of single tensors.
#include "shim.h"
#include <ATen/ops/from_blob.h>
#include <torch/csrc/autograd/autograd.h>
#include <cstring>

namespace { thread_local std::string last_error; }

void sngp_store_error(const char* message) { last_error = message; }

SNGP_EXPORT const char* sngp_last_error() { return last_error.c_str(); }

// Trivial getters: called without a GC transition, so they must stay short and must not throw.
SNGP_EXPORT int64_t sngp_tensor_dim(Handle t) { return t->dim(); }
SNGP_EXPORT int64_t sngp_tensor_numel(Handle t) { return t->numel(); }
SNGP_EXPORT int64_t sngp_tensor_element_size(Handle t) { return t->element_size(); }
SNGP_EXPORT int32_t sngp_tensor_dtype(Handle t) { return static_cast<int32_t>(t->scalar_type()); }
SNGP_EXPORT int32_t sngp_tensor_device_type(Handle t) { return static_cast<int32_t>(t->device().type()); }
SNGP_EXPORT int32_t sngp_tensor_device_index(Handle t) { return t->device().index(); }
SNGP_EXPORT int32_t sngp_tensor_requires_grad(Handle t) { return t->requires_grad(); }
SNGP_EXPORT int32_t sngp_tensor_is_leaf(Handle t) { return t->is_leaf(); }
SNGP_EXPORT int32_t sngp_tensor_is_contiguous(Handle t) { return t->is_contiguous(); }
SNGP_EXPORT int32_t sngp_tensor_is_sparse(Handle t) { return t->is_sparse(); }
SNGP_EXPORT int64_t sngp_tensor_storage_offset(Handle t) { return t->storage_offset(); }
SNGP_EXPORT void sngp_tensor_sizes(Handle t, int64_t* sizes) { std::memcpy(sizes, t->sizes().data(), t->dim() * sizeof(int64_t)); }
SNGP_EXPORT void sngp_tensor_strides(Handle t, int64_t* strides) { std::memcpy(strides, t->strides().data(), t->dim() * sizeof(int64_t)); }

SNGP_EXPORT void sngp_tensor_free(Handle t) { delete t; }

SNGP_EXPORT int32_t sngp_tensor_data(Handle t, void** data) {
    SNGP_TRY
    *data = t->data_ptr();
    SNGP_CATCH
}

// A new tensor that owns a copy of the given memory.
SNGP_EXPORT int32_t sngp_tensor_from_memory(const void* memory, int64_t bytes, const int64_t* sizes, int32_t dims, int32_t dtype, Handle* result) {
    SNGP_TRY
    auto t = at::empty(at::IntArrayRef(sizes, dims), at::TensorOptions().dtype(static_cast<at::ScalarType>(dtype)));
    if (t.nbytes() > static_cast<size_t>(bytes)) throw std::runtime_error("the data is smaller than the tensor");
    if (t.nbytes() > 0) std::memcpy(t.data_ptr(), memory, t.nbytes());
    *result = to_handle(t);
    SNGP_CATCH
}

// A tensor over memory that stays the caller's; release(context) is called when the last view is gone.
SNGP_EXPORT int32_t sngp_tensor_over_memory(void* memory, const int64_t* sizes, int32_t dims, int32_t dtype,
                                            void (*release)(void*), void* context, Handle* result) {
    SNGP_TRY
    *result = to_handle(at::from_blob(memory, at::IntArrayRef(sizes, dims), [release, context](void*) { release(context); },
                                      at::TensorOptions().dtype(static_cast<at::ScalarType>(dtype))));
    SNGP_CATCH
}

SNGP_EXPORT int32_t sngp_tensor_alias(Handle t, Handle* result) {
    SNGP_TRY
    *result = new at::Tensor(*t);
    SNGP_CATCH
}

SNGP_EXPORT int32_t sngp_tensor_set_requires_grad(Handle t, int32_t value) {
    SNGP_TRY
    t->set_requires_grad(value != 0);
    SNGP_CATCH
}

SNGP_EXPORT int32_t sngp_tensor_grad(Handle t, Handle* result) {
    SNGP_TRY
    *result = to_handle(t->grad());
    SNGP_CATCH
}

SNGP_EXPORT int32_t sngp_tensor_set_grad(Handle t, Handle grad) {
    SNGP_TRY
    t->mutable_grad() = grad ? *grad : at::Tensor();
    SNGP_CATCH
}

SNGP_EXPORT int32_t sngp_tensor_retain_grad(Handle t) {
    SNGP_TRY
    t->retain_grad();
    SNGP_CATCH
}

namespace {
std::vector<at::Tensor> collect(Handle* items, int32_t count) {
    std::vector<at::Tensor> list;
    for (int32_t i = 0; i < count; i++) list.push_back(items[i] ? *items[i] : at::Tensor());
    return list;
}
}

SNGP_EXPORT int32_t sngp_backward(Handle* tensors, int32_t tensor_count, Handle* grads, int32_t grad_count,
                                  Handle* inputs, int32_t input_count, int32_t retain_graph, int32_t create_graph) {
    SNGP_TRY
    torch::autograd::backward(collect(tensors, tensor_count), collect(grads, grad_count), retain_graph != 0, create_graph != 0,
                              collect(inputs, input_count));
    SNGP_CATCH
}

SNGP_EXPORT int32_t sngp_grad(Handle* outputs, int32_t output_count, Handle* inputs, int32_t input_count, Handle* grads,
                              int32_t grad_count, int32_t retain_graph, int32_t create_graph, int32_t allow_unused, Handle* results) {
    SNGP_TRY
    auto found = torch::autograd::grad(collect(outputs, output_count), collect(inputs, input_count), collect(grads, grad_count),
                                       retain_graph != 0, create_graph != 0, allow_unused != 0);
    for (size_t i = 0; i < found.size(); i++) results[i] = to_handle(found[i]);
    SNGP_CATCH
}
