// SPDX-License-Identifier: BSL-1.0
#include "cli/threads.hpp"

#include "cli/problem.hpp"
#include "os/console/quiet_thread.hpp"

#include <system_error>
#include <utility>

namespace rollcast::cli {

std::thread start_thread(std::function<void()> work)
{
    try {
        return os::start_quiet_thread(std::move(work));
    } catch (std::system_error const& why) {
        throw problem(failed, "no thread can be made",
                      std::string(why.code().message()) +
                          "; the limit of processes is reached (ulimit -u, or TasksMax of a unit)");
    }
}

} // namespace rollcast::cli
