// Python-like indexing: x[1:3, ..., mask].
#include "shim.h"
#include <ATen/TensorIndexing.h>
#include <vector>

// Mirrors NativeIndex in Interop/NativeIndex.cs. Has bits: 1 start, 2 stop, 4 step.
struct Index {
    int32_t kind;
    int32_t has;
    int64_t start;
    int64_t stop;
    int64_t step;
    Handle tensor;
};

namespace {
enum IndexKind : int32_t { None, Single, Null, Ellipsis, Bool, ByTensor, Slice };

std::vector<at::indexing::TensorIndex> decode(const Index* items, int32_t count) {
    std::vector<at::indexing::TensorIndex> result;
    result.reserve(count);
    for (int32_t i = 0; i < count; i++) {
        const auto& item = items[i];
        auto part = [&](int bit, int64_t value) {
            return item.has & bit ? c10::optional<int64_t>(value) : c10::optional<int64_t>();
        };
        switch (item.kind) {
            case Single: result.emplace_back(item.start); break;
            case Ellipsis: result.emplace_back(at::indexing::Ellipsis); break;
            case Bool: result.emplace_back(item.start != 0); break;
            case ByTensor: result.emplace_back(*item.tensor); break;
            case Slice: result.emplace_back(at::indexing::Slice(part(1, item.start), part(2, item.stop), part(4, item.step))); break;
            default: result.emplace_back(at::indexing::None); break;
        }
    }
    return result;
}
}

SNGP_EXPORT int32_t sngp_index(Handle t, const Index* items, int32_t count, Handle* result) {
    SNGP_TRY
    *result = to_handle(t->index(decode(items, count)));
    SNGP_CATCH
}

SNGP_EXPORT int32_t sngp_index_put(Handle t, const Index* items, int32_t count, Handle value) {
    SNGP_TRY
    t->index_put_(decode(items, count), *value);
    SNGP_CATCH
}
