// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "os/linux/control_messages.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace rollcast::test {

/// What libFuzzer tries, and the replay of its corpus: aborts where something is wrong.
void fuzz_control_messages(std::span<std::uint8_t const> input);

/// A control message that lies wholly within the bytes.
struct control_message {
    int level;
    int type;
    std::span<std::uint8_t const> data;
    bool padded; ///< Its padding lies within the bytes, too, as the kernel has it.
};

/// The messages up to the first that is cut off, found by another walk than the library's.
std::vector<control_message> whole_messages(std::span<std::uint8_t const> bytes);

/// What the library makes of an input: the size of the payload in two bytes, then the control
/// messages. They end where no page follows, so that reading on is a crash.
detail::filled_buffer take(std::span<std::uint8_t const> input);

} // namespace rollcast::test
