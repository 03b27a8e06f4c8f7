// SPDX-License-Identifier: BSL-1.0
#include "cli/doctor/findings.hpp"

#include "cli/output.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace rollcast::cli {
namespace {

char const* word_for(health status) noexcept
{
    switch (status) {
    case health::ok:
        return "ok";
    case health::unknown:
        return "unknown";
    case health::warn:
        return "warn";
    case health::fail:
        break;
    }
    return "fail";
}

constexpr std::size_t status_width = 7;
constexpr std::size_t check_width = 9; // "self-test"

} // namespace

void findings::make_room_for(std::string const& interface)
{
    longest_interface_ = std::max(longest_interface_, interface.size());
}

void findings::add(finding const& what)
{
    worst_ = std::max(worst_, what.status);
    if (json_)
        return print_line(json_line("check")
                              .add("check", boost::json::value(what.check))
                              .add("interface", boost::json::value(what.interface))
                              .add("status", word_for(what.status))
                              .add("detail", boost::json::value(what.detail))
                              .add("remedy", boost::json::value(what.remedy))
                              .str());
    auto const where = what.interface.empty() ? what.check : what.check + " " + what.interface;
    auto const where_width = check_width + 1 + longest_interface_;
    print_line(fmt::format("{:<{}} {:<{}} {}", word_for(what.status), status_width, where,
                           where_width, what.detail));
    if (!what.remedy.empty() && remedies_.insert(what.remedy).second)
        print_line(fmt::format("{:<{}} try: {}", "", status_width + 1 + where_width, what.remedy));
}

void findings::verdict(health status, std::string const& in_words) const
{
    if (json_)
        return print_line(json_line("verdict")
                              .add("status", word_for(status))
                              .add("detail", boost::json::value(in_words))
                              .str());
    print_line(fmt::format("{:<7} {}", word_for(status), in_words));
}

} // namespace rollcast::cli
