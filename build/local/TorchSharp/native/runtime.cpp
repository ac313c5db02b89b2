// State of the library itself: gradient modes, random generators, threads.
#include "shim.h"
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <c10/core/GradMode.h>
#include <c10/core/InferenceMode.h>

SNGP_EXPORT int32_t sngp_grad_mode_is_enabled() { return c10::GradMode::is_enabled(); }
SNGP_EXPORT void sngp_grad_mode_set(int32_t enabled) { c10::GradMode::set_enabled(enabled != 0); }

SNGP_EXPORT int32_t sngp_inference_mode_is_enabled() { return c10::InferenceMode::is_enabled(); }
SNGP_EXPORT void* sngp_inference_mode_enter(int32_t enabled) { return new c10::InferenceMode(enabled != 0); }
SNGP_EXPORT void sngp_inference_mode_leave(void* guard) { delete static_cast<c10::InferenceMode*>(guard); }

SNGP_EXPORT int32_t sngp_get_num_threads() { return at::get_num_threads(); }
SNGP_EXPORT int32_t sngp_get_num_interop_threads() { return at::get_num_interop_threads(); }
SNGP_EXPORT int32_t sngp_set_num_threads(int32_t count) {
    SNGP_TRY
    at::set_num_threads(count);
    SNGP_CATCH
}
SNGP_EXPORT int32_t sngp_set_num_interop_threads(int32_t count) {
    SNGP_TRY
    at::set_num_interop_threads(count);
    SNGP_CATCH
}

SNGP_EXPORT void* sngp_generator_default() { return new at::Generator(at::detail::getDefaultCPUGenerator()); }
SNGP_EXPORT void* sngp_generator_new(uint64_t seed) { return new at::Generator(at::detail::createCPUGenerator(seed)); }
SNGP_EXPORT void sngp_generator_free(at::Generator* generator) { delete generator; }
SNGP_EXPORT int64_t sngp_generator_initial_seed(at::Generator* generator) { return static_cast<int64_t>(generator->current_seed()); }

SNGP_EXPORT int32_t sngp_generator_manual_seed(at::Generator* generator, int64_t seed) {
    SNGP_TRY
    std::lock_guard<std::mutex> lock(generator->mutex());
    generator->set_current_seed(static_cast<uint64_t>(seed));
    SNGP_CATCH
}

SNGP_EXPORT int32_t sngp_generator_get_state(at::Generator* generator, Handle* result) {
    SNGP_TRY
    *result = to_handle(generator->get_state());
    SNGP_CATCH
}

SNGP_EXPORT int32_t sngp_generator_set_state(at::Generator* generator, Handle state) {
    SNGP_TRY
    generator->set_state(*state);
    SNGP_CATCH
}
