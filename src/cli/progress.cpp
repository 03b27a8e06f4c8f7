// SPDX-License-Identifier: BSL-1.0
#include "cli/progress.hpp"

#include "cli/problem.hpp"
#include "os/console/terminal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

namespace rollcast::cli {
namespace {

/// So that what is quickly done says nothing of it.
constexpr auto interval = std::chrono::seconds(1);

/// Other lines on the same terminal tell enough, and would be mixed up with this one.
bool is_wanted(send_options const& options)
{
    if (options.payload == "-" && os::is_terminal(stdin))
        return false; // what is typed stands there
    bool const alone = options.stats.count() == 0 && (options.quiet || !os::is_terminal(stdout));
    return alone && os::is_terminal(stderr);
}

std::string to_text(std::uint64_t done, std::optional<std::uint64_t> whole, double seconds)
{
    auto const rate = static_cast<double>(done) / seconds;
    auto text = fmt::format("{}", done);
    if (whole)
        text += fmt::format(" of {}, {:.0f} %", *whole,
                            static_cast<double>(done) * 100 / static_cast<double>(*whole));
    text += fmt::format(", {:.{}f}/s", rate, rate < 10 ? 1 : 0);
    if (whole && done > 0)
        text += fmt::format(", {:.0f} s left", static_cast<double>(*whole - done) / rate);
    return text;
}

} // namespace

progress::progress(asio::any_io_executor const& executor, send_options const& options)
    : whole_(options.count),
      ticker_(executor, is_wanted(options) ? interval : interval.zero(), [this] { show(); })
{
}

progress::~progress()
{
    erase();
}

void progress::complain(std::string const& line)
{
    erase();
    cli::complain(line);
}

void progress::show()
{
    auto const passed = std::chrono::steady_clock::now() - began_;
    auto text = to_text(done_, whole_, std::chrono::duration<double>(passed).count());
    // A line that is longer than the window could not be taken back.
    if (auto const size = os::size_of(stderr))
        text.resize(std::min(text.size(), static_cast<std::size_t>(size->columns - 1)));
    auto const line = fmt::format("\r{:<{}}", text, std::max(shown_, text.size()));
    std::fputs(line.c_str(), stderr);
    shown_ = text.size();
}

void progress::erase()
{
    if (shown_ != 0)
        std::fputs(fmt::format("\r{:{}}\r", "", shown_).c_str(), stderr);
    shown_ = 0;
}

} // namespace rollcast::cli
