// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>

namespace rollcast::os {

/// How many more files and sockets this process may open, by its own limit (RLIMIT_NOFILE). Where
/// the system does not tell, there counts as being no limit.
std::size_t free_descriptors();

} // namespace rollcast::os
