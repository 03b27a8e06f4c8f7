// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdio>
#include <cstdlib>
#include <source_location>

namespace rollcast::test {

/// Ends the program in the way that fuzzers take for a finding, unless that holds.
inline void require(bool holds, char const* what,
                    std::source_location where = std::source_location::current())
{
    if (holds)
        return;
    std::fprintf(stderr, "%s:%u: %s\n", where.file_name(), static_cast<unsigned>(where.line()),
                 what);
    std::abort();
}

} // namespace rollcast::test
