// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <span>

namespace rollcast::test {

/// What libFuzzer tries, and the replay of its corpus: aborts or throws where something is wrong.
void fuzz_engine(std::span<std::uint8_t const> input);

} // namespace rollcast::test
