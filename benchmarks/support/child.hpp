// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <span>
#include <type_traits>

namespace rollcast::bench {

/// Runs the work in a process of its own, which writes its result and ends; false if it failed,
/// was killed, or did not end within the limit. Why it failed, it says itself on stderr.
bool run_in_child(std::chrono::seconds limit, std::span<std::byte> result,
                  std::function<void()> const& work);

template <class Work>
auto in_child(std::chrono::seconds limit, Work const& work)
{
    using result_type = std::invoke_result_t<Work>;
    static_assert(std::is_trivially_copyable_v<result_type>);
    result_type value{};
    bool const ok =
        run_in_child(limit, std::as_writable_bytes(std::span(&value, 1)), [&] { value = work(); });
    return ok ? std::optional(value) : std::nullopt;
}

} // namespace rollcast::bench
