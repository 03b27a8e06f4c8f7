// SPDX-License-Identifier: BSL-1.0
#include "conversation.hpp"

/// What a host finds in the plug-in: how many bytes came back, or -1.
extern "C" [[gnu::visibility("default")]] int hear_oneself()
{
    try {
        return static_cast<int>(converse().size());
    } catch (...) {
        return -1;
    }
}
