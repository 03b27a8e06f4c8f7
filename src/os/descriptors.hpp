// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>

namespace rollcast::os {

/// How many more files and sockets this process may open, by its own limit; what cannot be told
/// counts as open to any number.
std::size_t free_descriptors();

} // namespace rollcast::os
