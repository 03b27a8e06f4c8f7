// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "os/locked_file.hpp"

#include <boost/json/object.hpp>

namespace rollcast::metrics {

/// What a file that is to be continued holds.
struct file_content {
    bool has_header = false;
    bool ends_line = true; ///< The last line is complete, or there is none.
};

/// Reads a file from its beginning. Errors: `metrics_file_mismatch` if it does not begin with this
/// header, has another one, or a line that is no object; or the system's. Blank lines are nothing.
result<file_content> read_content(os::locked_file const& file, boost::json::object const& header);

} // namespace rollcast::metrics
