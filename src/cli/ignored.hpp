// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <csignal>

namespace rollcast::cli {

/// Whether whoever has started us wants this signal to be ignored, as nohup does.
inline bool is_ignored(int number)
{
    auto* const before = std::signal(number, SIG_IGN);
    std::signal(number, before);
    return before == SIG_IGN;
}

} // namespace rollcast::cli
