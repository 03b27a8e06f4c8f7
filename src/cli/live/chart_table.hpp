// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "cli/live/columns.hpp"
#include "cli/live/styled_line.hpp"

#include <rollcast/chart/event.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

namespace rollcast::cli {

/// One point in time on both clocks: those of durations and of people.
struct moment {
    std::chrono::steady_clock::time_point steady;
    std::chrono::system_clock::time_point wall;
};

/// The first line and the last.
struct frame {
    std::string title{};
    std::string keys{};
    bool observing = false; ///< This instance counts nowhere.
};

/// What the live table shows: the instances that are charted, those that have just departed, and
/// what has happened last. Knows neither the chart nor the terminal.
class chart_table {
public:
    void happened(event const& what, moment now);
    void told(std::string const& line, moment now);

    /// Moves the table by so many rows, as far as there are any.
    void scroll(std::ptrdiff_t rows) { top_ += rows; }
    void scroll_to_start() { top_ = 0; }
    void scroll_to_end() { top_ = PTRDIFF_MAX / 2; }
    std::size_t page() const noexcept { return page_; }

    /// The whole screen; no line is wider than it, and there are not more of them.
    std::vector<styled_line> draw(frame const& around, std::vector<instance> const& charted,
                                  extent screen, moment now);

private:
    struct departure {
        instance who;
        std::chrono::steady_clock::time_point at;
    };

    std::chrono::steady_clock::time_point state_began(instance const& who) const;
    void forget_departed(std::chrono::steady_clock::time_point now);
    std::vector<instance const*> all(std::vector<instance> const& charted) const;
    void draw_instances(std::vector<instance const*> const& all, std::size_t rows,
                        std::size_t width, moment now, std::vector<styled_line>& into);
    void draw_events(std::size_t rows, std::size_t width, std::vector<styled_line>& into) const;

    std::map<std::uint64_t, departure> departed_;
    std::map<std::uint64_t, std::chrono::steady_clock::time_point> suspected_since_;
    std::deque<std::string> events_;
    std::ptrdiff_t top_ = 0; ///< The first instance that is shown.
    std::size_t page_ = 1;
};

} // namespace rollcast::cli
