// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace rollcast::test {

/// What libFuzzer tries, and the replay of its corpus: aborts where something is wrong.
void fuzz_codec(std::span<std::uint8_t const> input);

/// The datagram an input stands for: an input is one without the integrity tag, which no fuzzer
/// would guess.
std::vector<std::byte> datagram_of(std::span<std::uint8_t const> input);

} // namespace rollcast::test
