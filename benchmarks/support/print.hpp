// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdio>
#include <string>

namespace rollcast::bench {

/// At once, also into a pipe: a whole run takes minutes.
inline void print(std::string const& line)
{
    std::puts(line.c_str());
    std::fflush(stdout);
}

} // namespace rollcast::bench
