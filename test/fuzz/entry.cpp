// SPDX-License-Identifier: BSL-1.0
#include <cstddef>
#include <cstdint>
#include <span>

// What libFuzzer calls, in a file of its own, because fuzz_test has the properties of all targets.

namespace rollcast::test {
void ROLLCAST_FUZZED(std::span<std::uint8_t const> input);
}

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    rollcast::test::ROLLCAST_FUZZED({data, size});
    return 0;
}
