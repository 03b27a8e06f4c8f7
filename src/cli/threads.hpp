// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <functional>
#include <thread>

namespace rollcast::cli {

/// `os::start_quiet_thread`; throws a problem where the system lets us make none.
std::thread start_thread(std::function<void()> work);

} // namespace rollcast::cli
