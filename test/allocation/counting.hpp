// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>

namespace rollcast::test {

/// How often this thread has called operator new, which this program replaces.
std::size_t allocations() noexcept;

} // namespace rollcast::test
