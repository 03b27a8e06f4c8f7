// SPDX-License-Identifier: BSL-1.0
#include "cli/live/columns.hpp"

#include "cli/live/cells.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string_view>

namespace rollcast::cli {
namespace {

constexpr std::size_t gap = 2;
constexpr std::size_t state_width = 7;     // "suspect"
constexpr std::size_t age_width = 6;       // "23h59m"
constexpr std::size_t since_width = 8;     // "23:59:59"
constexpr std::size_t least_endpoints = 9; // their heading
constexpr std::size_t least_data = 4;
constexpr std::size_t usual_endpoint = 24; // "192.168.100.100:8042 +12"
constexpr std::size_t least_of_address = 3;

constexpr std::string_view comma = ", ";

/// How many cells they all take, or more than the limit. There may be hundreds of them.
std::size_t width_of(std::vector<std::string> const& all, std::size_t limit)
{
    std::size_t width = 0;
    for (auto const& each : all) {
        width += cells(each) + (width == 0 ? 0 : comma.size());
        if (width > limit)
            break;
    }
    return width;
}

std::string rest_of(std::size_t number)
{
    return number == 0 ? std::string() : fmt::format(" +{}", number);
}

/// Cut within the address, since a port that is cut looks like another one.
std::string with_port_kept(std::string const& endpoint, std::size_t width)
{
    auto const colon = endpoint.rfind(':');
    auto const port = endpoint.ends_with(']') || colon == std::string::npos
                          ? std::string()
                          : endpoint.substr(colon);
    if (cells(endpoint) <= width || port.size() + least_of_address > width)
        return fitted(endpoint, width);
    return fitted(endpoint.substr(0, colon), width - port.size()) + port;
}

/// As many as fit, and how many do not.
std::string endpoints_within(std::vector<std::string> const& all, std::size_t width)
{
    if (all.empty())
        return {};
    std::size_t used = cells(all.front());
    std::size_t shown = 1;
    for (; shown < all.size(); ++shown) {
        auto const more = used + comma.size() + cells(all[shown]);
        if (more + rest_of(all.size() - shown - 1).size() > width)
            break;
        used = more;
    }
    auto const rest = rest_of(all.size() - shown);
    if (shown > 1)
        return fmt::format(
            "{}{}", fmt::join(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(shown), comma),
            rest);
    bool const fits = used + rest.size() <= width;
    if (fits || width <= rest.size())
        return fits ? all.front() + rest : all.front();
    return with_port_kept(all.front(), width - rest.size()) + rest;
}

/// What one endpoint takes, with the number of the others.
std::size_t first_of(std::vector<std::string> const& all)
{
    return all.empty() ? 0 : cells(all.front()) + rest_of(all.size() - 1).size();
}

/// On a screen that is too narrow even for the first columns.
styled_line within(std::size_t width, styled_line line)
{
    for (auto& each : line) {
        each.text = fitted(each.text, std::min(cells(each.text), width));
        width -= cells(each.text);
    }
    return line;
}

} // namespace

columns::columns(std::vector<table_row> const& rows, std::size_t width) : width_(width)
{
    std::size_t endpoints = least_endpoints;
    std::size_t data = least_data;
    std::size_t first = least_endpoints;
    for (auto const& each : rows) {
        id_ = std::max(id_, each.id.size());
        endpoints = std::max(endpoints, width_of(each.endpoints, width));
        data = std::max(data, cells(each.data));
        first = std::max(first, first_of(each.endpoints));
    }
    // The first endpoint is what one looks for; the other columns give way to it.
    first = std::min(first, usual_endpoint);
    auto const fixed = id_ + gap + state_width;
    auto left = width > fixed ? width - fixed : 0;
    auto const take = [&](std::size_t column, std::size_t keep) {
        bool const fits = left >= gap + column + keep;
        left -= fits ? gap + column : 0;
        return fits;
    };
    has_data_ = left >= gap + first + gap + least_data;
    auto const kept = gap + first + (has_data_ ? gap + least_data : 0);
    has_age_ = take(age_width, kept);
    has_since_ = has_age_ && take(since_width, kept);
    share(left, endpoints, first, data);
}

/// Gives each what it needs; where that is too much, a third to the data, as far as the first
/// endpoint leaves it.
void columns::share(std::size_t left, std::size_t endpoints, std::size_t first, std::size_t data)
{
    auto const gaps = has_data_ ? 2 * gap : gap;
    left = left > gaps ? left - gaps : 0;
    auto const third = std::min(left / 3, left - std::min(left, first));
    data_ = has_data_ ? std::min(data, std::max(least_data, third)) : 0;
    endpoints_ = std::min(endpoints, left - std::min(left, data_));
    if (has_data_)
        data_ = left - endpoints_;
}

styled_line columns::heading() const
{
    auto text = fitted_right("ID", id_) + "  " + fitted("STATE", state_width) + "  " +
                fitted("ENDPOINTS", endpoints_);
    if (has_data_)
        text += "  " + fitted("DATA", data_);
    if (has_age_)
        text += "  " + fitted_right("AGE", age_width);
    if (has_since_)
        text += "  " + fitted("SINCE", since_width);
    return {{fitted(text, width_), style::heading}};
}

styled_line columns::line_of(table_row const& row) const
{
    auto rest = "  " + fitted(endpoints_within(row.endpoints, endpoints_), endpoints_);
    if (has_data_)
        rest += "  " + fitted(row.data, data_);
    if (has_age_)
        rest += "  " + fitted_right(row.age, age_width);
    if (has_since_)
        rest += "  " + fitted(row.since, since_width);
    if (endpoints_ == 0)
        rest.clear();
    bool const over = row.state_style == style::faint || row.state_style == style::bad;
    auto const others = over ? style::faint : style::plain;
    return within(width_, {{fitted_right(row.id, id_) + "  ", others},
                           {fitted(row.state, state_width), row.state_style},
                           {rest, others}});
}

} // namespace rollcast::cli
