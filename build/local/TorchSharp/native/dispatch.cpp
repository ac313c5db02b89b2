// Calls any libtorch operator by its schema name, so that binding one more takes a line of C# and no C++.
#include "shim.h"
#include <ATen/Parallel.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/ivalue.h>
#include <vector>

enum Kind : int32_t { None, TensorArg, Int, Double, Bool, IntList, DoubleList, TensorList, GeneratorArg, String, DeviceArg, Default };

// Mirrors NativeValue in Interop/NativeValue.cs.
struct Value {
    int32_t kind;
    int32_t count;
    int64_t integer;
    double real;
    const void* data;
};

namespace {

// libtorch gives each thread its number of OpenMP threads when that thread first runs a parallel loop of its own;
// until then OpenBLAS, which shares OpenMP, would use another number. Asking for the number does it at once.
thread_local const int threads = at::get_num_threads();

thread_local std::vector<Handle> pending;   // results that did not fit into the caller's buffer

c10::IValue list_of_tensors(const Value& v, const c10::TypePtr& type) {
    auto items = static_cast<const Handle*>(v.data);
    auto list = type->cast<c10::ListType>();
    if (list && list->getElementType()->kind() == c10::TypeKind::OptionalType) {
        c10::List<c10::optional<at::Tensor>> result;
        for (int i = 0; i < v.count; i++) result.push_back(items[i] ? c10::optional<at::Tensor>(*items[i]) : c10::nullopt);
        return result;
    }
    c10::List<at::Tensor> result;
    for (int i = 0; i < v.count; i++) result.push_back(items[i] ? *items[i] : at::Tensor());
    return result;
}

c10::IValue to_ivalue(const Value& v, const c10::Argument& argument) {
    switch (v.kind) {
        case None: return c10::IValue();
        case TensorArg: return *static_cast<Handle>(const_cast<void*>(v.data));
        case Int: {
            auto type = argument.type();
            if (auto optional = type->cast<c10::OptionalType>()) type = optional->getElementType();
            if (type->kind() == c10::TypeKind::FloatType) return static_cast<double>(v.integer);
            if (type->kind() == c10::TypeKind::ListType) return c10::IValue(c10::List<int64_t>({v.integer}));
            return v.integer;
        }
        case Double: return v.real;
        case Bool: return v.integer != 0;
        case IntList: {
            auto p = static_cast<const int64_t*>(v.data);
            return c10::IValue(std::vector<int64_t>(p, p + v.count));
        }
        case DoubleList: {
            auto p = static_cast<const double*>(v.data);
            return c10::IValue(std::vector<double>(p, p + v.count));
        }
        case TensorList: {
            auto type = argument.type();
            if (auto optional = type->cast<c10::OptionalType>()) type = optional->getElementType();
            return list_of_tensors(v, type);
        }
        case GeneratorArg: return *static_cast<const at::Generator*>(v.data);
        case String: return std::string(static_cast<const char*>(v.data), v.count);
        case DeviceArg: return c10::Device(static_cast<c10::DeviceType>(v.integer), static_cast<c10::DeviceIndex>(v.count));
        case Default: return argument.default_value() ? *argument.default_value() : c10::IValue();
        default: throw std::runtime_error("unknown argument kind");
    }
}

struct Results {
    Value* values;
    int32_t capacity;
    int32_t count = 0;

    void add_tensor(const at::Tensor& t) {
        auto handle = to_handle(t);
        if (count < capacity) values[count] = Value{TensorArg, 0, 0, 0, handle};
        else pending.push_back(handle);
        count++;
    }

    void add(const c10::IValue& v) {
        if (v.isTensor()) return add_tensor(v.toTensor());
        if (v.isTensorList()) { for (const at::Tensor& t : v.toTensorList()) add_tensor(t); return; }
        if (count >= capacity) throw std::runtime_error("too many results");
        if (v.isBool()) values[count++] = Value{Bool, 0, v.toBool(), 0, nullptr};
        else if (v.isInt()) values[count++] = Value{Int, 0, v.toInt(), 0, nullptr};
        else if (v.isDouble()) values[count++] = Value{Double, 0, 0, v.toDouble(), nullptr};
        else if (v.isScalar()) {
            auto s = v.toScalar();
            if (s.isFloatingPoint()) values[count++] = Value{Double, 0, 0, s.toDouble(), nullptr};
            else if (s.isBoolean()) values[count++] = Value{Bool, 0, s.toBool(), 0, nullptr};
            else values[count++] = Value{Int, 0, s.toLong(), 0, nullptr};
        }
        else throw std::runtime_error("result type not supported: " + v.tagKind());
    }
};

}

SNGP_EXPORT int32_t sngp_find_op(const char* name, const char* overload, void** op) {
    SNGP_TRY
    *op = new c10::OperatorHandle(c10::Dispatcher::singleton().findSchemaOrThrow(name, overload));
    SNGP_CATCH
}

// Capacity 0 drops the results (what an in-place operator wants); -1 keeps them all for sngp_take_pending.
SNGP_EXPORT int32_t sngp_call(void* op, const Value* args, int32_t count, Value* results, int32_t capacity, int32_t* produced) {
    SNGP_TRY
    (void)threads;   // makes this thread's copy exist
    auto& handle = *static_cast<c10::OperatorHandle*>(op);
    auto& arguments = handle.schema().arguments();
    c10::Stack stack;
    stack.reserve(arguments.size());
    for (size_t i = 0; i < arguments.size(); i++) {
        if (static_cast<int32_t>(i) < count) stack.push_back(to_ivalue(args[i], arguments[i]));
        else stack.push_back(arguments[i].default_value() ? *arguments[i].default_value() : c10::IValue());
    }
    handle.callBoxed(stack);
    *produced = 0;
    pending.clear();
    if (capacity == 0) return 0;
    Results out{results, capacity};
    for (const auto& value : stack) out.add(value);
    *produced = out.count;
    SNGP_CATCH
}

// Hands over the tensors beyond the capacity of the last sngp_call on this thread.
SNGP_EXPORT void sngp_take_pending(Handle* handles, int32_t count) {
    for (int32_t i = 0; i < count && i < static_cast<int32_t>(pending.size()); i++) handles[i] = pending[i];
    pending.clear();
}
