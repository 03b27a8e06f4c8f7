// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "send/methods.hpp"

#include <optional>
#include <string>
#include <vector>

namespace rollcast::bench {

struct options {
    bool json = false;
    effort how_much = full_effort;
    std::vector<std::string> cases;
    std::vector<std::size_t> sizes{100, 1200};
    std::vector<method> methods{method::no_receiver, method::receiver};
    bool factors = true; ///< Whether to add what batches save.
};

/// Without options: the program is to end with this status, and has said why.
struct parsed {
    std::optional<bench::options> options{};
    int status = 0;
};

parsed parse(int argc, char const* const* argv);

} // namespace rollcast::bench
