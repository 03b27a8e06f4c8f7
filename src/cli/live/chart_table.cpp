// SPDX-License-Identifier: BSL-1.0
#include "cli/live/chart_table.hpp"

#include "cli/chart_text.hpp"
#include "cli/live/cells.hpp"
#include "cli/output.hpp"
#include "cli/time_of_day.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace rollcast::cli {
namespace {

using std::chrono::steady_clock;
using std::chrono::system_clock;

/// Long enough to be seen by somebody who looks now and then.
constexpr auto departed_are_shown_for = std::chrono::minutes(1);
constexpr std::size_t most_departed = 1000;
constexpr std::size_t most_events = 100;

/// In six cells at most, for a hundred days.
std::string in_short(steady_clock::duration passed)
{
    auto const seconds =
        std::max<std::int64_t>(std::chrono::duration_cast<std::chrono::seconds>(passed).count(), 0);
    if (seconds < 60)
        return fmt::format("{}s", seconds);
    if (seconds < 60 * 60)
        return fmt::format("{}m{:02}s", seconds / 60, seconds % 60);
    if (seconds < 24 * 60 * 60)
        return fmt::format("{}h{:02}m", seconds / (60 * 60), seconds / 60 % 60);
    return fmt::format("{}d{:02}h", seconds / (24 * 60 * 60), seconds / (60 * 60) % 24);
}

style style_of(instance_state state)
{
    switch (state) {
    case instance_state::alive:
        return style::good;
    case instance_state::suspect:
        return style::doubtful;
    case instance_state::gone:
        return style::bad;
    case instance_state::left:
        break;
    }
    return style::faint;
}

table_row row_of(instance const& who, steady_clock::time_point since, moment now)
{
    auto const passed = std::chrono::duration_cast<system_clock::duration>(now.steady - since);
    return {std::to_string(who.id),        to_string(who.state),
            style_of(who.state),           named_endpoints(who),
            printable_data(who.data),      in_short(now.steady - who.last_heard),
            time_of_day(now.wall - passed)};
}

std::size_t count(std::vector<instance const*> const& all, instance_state state)
{
    return static_cast<std::size_t>(std::ranges::count(all, state, &instance::state));
}

/// So many, and whether that is without us.
std::string in_words(std::size_t others, bool observing)
{
    if (observing)
        return others == 0 ? "nobody is here"
                           : fmt::format("{} instance{}", others, others == 1 ? "" : "s");
    return others == 0 ? "only this instance"
                       : fmt::format("{} instances, this one included", others + 1);
}

std::string in_numbers(std::vector<instance const*> const& all, bool observing)
{
    auto const suspect = count(all, instance_state::suspect);
    auto text = in_words(count(all, instance_state::alive) + suspect, observing);
    for (auto const state : {instance_state::suspect, instance_state::gone, instance_state::left})
        if (auto const number = count(all, state))
            text += fmt::format(", {} {}", number, to_string(state));
    return text;
}

/// How the lines are divided between the parts of the screen.
struct division {
    explicit division(std::size_t rows)
    {
        constexpr std::size_t frame = 4; // title, numbers, heading and keys
        auto const left = rows > frame ? rows - frame : 0;
        if (left >= 7)
            events = std::min<std::size_t>(left / 3, 10);
        instances = left - (events ? events + 1 : 0);
    }

    std::size_t instances = 0;
    std::size_t events = 0; ///< Beside their heading.
};

} // namespace

void chart_table::happened(event const& what, moment now)
{
    if (what.kind == event_kind::suspect)
        suspected_since_[what.who.id] = now.steady;
    else
        suspected_since_.erase(what.who.id);
    if (what.kind == event_kind::gone || what.kind == event_kind::left) {
        forget_departed(now.steady);
        if (departed_.size() < most_departed)
            departed_.insert_or_assign(what.who.id, departure{what.who, now.steady});
    }
    told(to_text(what), now);
}

void chart_table::told(std::string const& line, moment now)
{
    events_.push_back(time_of_day(now.wall) + "  " + line);
    if (events_.size() > most_events)
        events_.pop_front();
}

steady_clock::time_point chart_table::state_began(instance const& who) const
{
    auto const departed = departed_.find(who.id);
    auto const suspected = suspected_since_.find(who.id);
    if (departed != departed_.end() && &departed->second.who == &who)
        return departed->second.at;
    bool const is_suspect = who.state == instance_state::suspect;
    return is_suspect && suspected != suspected_since_.end() ? suspected->second : who.first_heard;
}

void chart_table::forget_departed(steady_clock::time_point now)
{
    std::erase_if(departed_,
                  [&](auto const& each) { return now - each.second.at > departed_are_shown_for; });
}

/// By id, which does not change while one looks.
std::vector<instance const*> chart_table::all(std::vector<instance> const& charted) const
{
    std::map<std::uint64_t, instance const*> by_id;
    for (auto const& [id, each] : departed_)
        by_id[id] = &each.who;
    for (auto const& who : charted)
        by_id[who.id] = &who;
    std::vector<instance const*> sorted;
    for (auto const& [id, who] : by_id)
        sorted.push_back(who);
    return sorted;
}

std::vector<styled_line> chart_table::draw(frame const& around,
                                           std::vector<instance> const& charted, extent screen,
                                           moment now)
{
    forget_departed(now.steady);
    auto const shown = all(charted);
    division const parts(screen.rows);
    std::vector<styled_line> lines;
    lines.push_back({{fitted(around.title, screen.columns), style::strong}});
    lines.push_back({{fitted(in_numbers(shown, around.observing), screen.columns)}});
    draw_instances(shown, parts.instances, screen.columns, now, lines);
    if (parts.events != 0)
        draw_events(parts.events, screen.columns, lines);
    lines.push_back({{fitted(around.keys, screen.columns), style::faint}});
    if (lines.size() > screen.rows)
        lines.resize(screen.rows);
    return lines;
}

void chart_table::draw_instances(std::vector<instance const*> const& all, std::size_t rows,
                                 std::size_t width, moment now, std::vector<styled_line>& into)
{
    page_ = std::max<std::size_t>(rows, 2) - 1;
    auto const last_top = all.size() > rows ? all.size() - page_ : 0;
    top_ = std::clamp<std::ptrdiff_t>(top_, 0, static_cast<std::ptrdiff_t>(last_top));
    auto const first = static_cast<std::size_t>(top_);
    auto const end = all.size() > rows ? std::min(first + page_, all.size()) : all.size();

    std::vector<table_row> visible;
    for (auto at = first; at < end; ++at)
        visible.push_back(row_of(*all[at], state_began(*all[at]), now));
    columns const columns(visible, width);
    into.push_back(columns.heading());
    auto const filled = into.size() + rows;
    for (auto const& row : visible)
        into.push_back(columns.line_of(row));
    if (all.size() > rows)
        into.push_back({{fitted(fmt::format("{} to {} of {}", first + 1, end, all.size()), width),
                         style::faint}});
    into.resize(filled);
}

void chart_table::draw_events(std::size_t rows, std::size_t width,
                              std::vector<styled_line>& into) const
{
    into.push_back({{fitted("EVENTS", width), style::heading}});
    auto const shown = std::min(rows, events_.size());
    for (auto at = events_.size() - shown; at < events_.size(); ++at)
        into.push_back({{fitted(events_[at], width)}});
    into.resize(into.size() + rows - shown);
}

} // namespace rollcast::cli
