// SPDX-License-Identifier: BSL-1.0
#include "fuzz/engine_input.hpp"
#include "fuzz/engine_player.hpp"

void rollcast::test::fuzz_engine(std::span<std::uint8_t const> input)
{
    engine_player(input).play();
}
