// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace rollcast::bench {

/// Something to be done by one thread.
struct job {
    std::string name;
    std::function<void()> work;
    bool large = false; ///< It takes so much memory that only one such may run at a time.
};

/// Does all of them with so many threads, in the order given as far as memory allows, and says on
/// stderr what is done; whether none failed.
bool work_off(std::vector<job> jobs, std::size_t threads);

} // namespace rollcast::bench
