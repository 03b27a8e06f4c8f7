// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rollcast::cli {

/// The one that was probably meant, one or two slips away; empty if none is that near.
std::string nearest(std::string_view typed, std::vector<std::string> const& known);

} // namespace rollcast::cli
