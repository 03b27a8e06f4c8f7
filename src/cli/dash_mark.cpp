// SPDX-License-Identifier: BSL-1.0
#include "cli/dash_mark.hpp"

#include <algorithm>

namespace rollcast::cli {
namespace {

constexpr char dash_mark = '\x1e';

} // namespace

std::vector<std::string> mark_dashes(int argc, char const* const* argv)
{
    std::vector<std::string> arguments(argv + 1, argv + argc);
    auto const end = std::ranges::find(arguments, "--");
    if (end == arguments.end())
        return arguments;
    for (auto each = arguments.erase(end); each != arguments.end(); ++each)
        if (each->starts_with('-') && *each != "-")
            each->insert(each->begin(), dash_mark);
    return arguments;
}

std::string without_dash_mark(std::string text)
{
    if (text.starts_with(dash_mark))
        text.erase(text.begin());
    return text;
}

} // namespace rollcast::cli
