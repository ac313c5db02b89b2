// Shared by the native files: how results and failures cross to managed code.
// Every exported function returns 0, or 1 after storing the message that sngp_last_error() gives.
#pragma once
#include <ATen/ATen.h>
#include <string>

#define SNGP_EXPORT extern "C" __attribute__((visibility("default")))

void sngp_store_error(const char* message);

#define SNGP_TRY try {
#define SNGP_CATCH                                                                        \
    return 0; }                                                                           \
    catch (const c10::Error& e) { sngp_store_error(e.what_without_backtrace()); return 1; } \
    catch (const std::exception& e) { sngp_store_error(e.what()); return 1; }             \
    catch (...) { sngp_store_error("unknown native exception"); return 1; }

// A handle is a heap-allocated at::Tensor; nullptr stands for "no tensor".
using Handle = at::Tensor*;
inline Handle to_handle(at::Tensor t) { return t.defined() ? new at::Tensor(std::move(t)) : nullptr; }
