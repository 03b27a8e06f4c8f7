// SPDX-License-Identifier: BSL-1.0
#include "cli/live/live_chart.hpp"

#include "cli/chart_text.hpp"
#include "os/terminal.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <csignal>
#include <utility>

namespace rollcast::cli {
namespace {

using std::chrono::steady_clock;

constexpr auto ages_change_every = std::chrono::seconds(1);
constexpr auto between_drawings = std::chrono::milliseconds(100); // what an eye can follow

moment now()
{
    return {steady_clock::now(), std::chrono::system_clock::now()};
}

std::string title_of(chart_options const& options, rollcast::chart const& chart)
{
    return fmt::format(
        "rollcast chart   {} {} on {}, {} {}", options.sniff ? "listener" : "instance",
        chart.our_id(), fmt::join(chart.interfaces(), ", "),
        options.sniff ? "listening to" : "meeting in", fmt::join(groups(chart), " and "));
}

bool is_wanted(chart_options const& options)
{
    // What is typed is either data or keys.
    bool const types_data = options.data_from_input && os::is_terminal(stdin);
    return !options.common.json && !options.plain && !types_data && os::is_terminal(stdout);
}

} // namespace

std::shared_ptr<live_chart> live_chart::open(asio::any_io_executor executor,
                                             chart_options const& options,
                                             rollcast::chart const& about, stop& end)
{
    auto on = is_wanted(options) ? screen::open() : nullptr;
    if (!on)
        return nullptr;
    return std::shared_ptr<live_chart>(
        new live_chart(std::move(executor), options, about, end, std::move(on)));
}

live_chart::live_chart(asio::any_io_executor executor, chart_options const& options,
                       rollcast::chart const& about, stop& end, std::unique_ptr<screen> on)
    : about_(about),
      end_(end),
      at_last_(options, about),
      table_(title_of(options, about)),
      screen_(std::move(on)),
      keys_(os::is_terminal(stdin) ? os::watch_input(executor, stdin)
                                   : asio::posix::stream_descriptor(executor)),
      signals_(executor, SIGWINCH, SIGTSTP, SIGCONT),
      redraw_timer_(executor)
{
}

void live_chart::started()
{
    fit_window(); // it may have changed before we listened
    await_signal();
    await_keys();
    redraw();
}

void live_chart::happened(event const& what)
{
    table_.happened(what, now());
    redraw_soon();
}

void live_chart::complained(std::string const& line)
{
    table_.told(line, now());
    redraw_soon();
}

void live_chart::ended()
{
    redraw_timer_.cancel();
    error_code ignored;
    signals_.cancel(ignored);
    keys_.close(ignored);
    screen_.reset();
    at_last_.ended();
}

void live_chart::await_keys()
{
    if (!keys_.is_open())
        return;
    keys_.async_wait(asio::posix::descriptor_base::wait_read,
                     [weak = weak_from_this()](error_code const& ec) {
                         auto const self = weak.lock();
                         if (self && self->screen_ && !ec)
                             self->read_keys();
                     });
}

void live_chart::read_keys()
{
    auto typed = screen_->typed();
    if (typed == key::none) // there is something to read, and it is the end
        return end_.now(stop::reason::signal);
    for (; typed != key::none; typed = screen_->typed())
        obey(typed);
    redraw_soon();
    await_keys();
}

void live_chart::obey(key typed)
{
    auto const page = static_cast<std::ptrdiff_t>(table_.page());
    switch (typed) {
    case key::quit:
        return end_.now(stop::reason::key);
    case key::up:
        return table_.scroll(-1);
    case key::down:
        return table_.scroll(1);
    case key::page_up:
        return table_.scroll(-page);
    case key::page_down:
        return table_.scroll(page);
    case key::start:
        return table_.scroll_to_start();
    case key::end:
        return table_.scroll_to_end();
    case key::redraw:
        return screen_->reclaim();
    case key::none:
    case key::other:
        return;
    }
}

void live_chart::await_signal()
{
    signals_.async_wait([weak = weak_from_this()](error_code const& ec, int number) {
        auto const self = weak.lock();
        if (!self || !self->screen_ || ec)
            return;
        self->obey_signal(number);
        self->await_signal();
    });
}

void live_chart::obey_signal(int number)
{
    if (number == SIGTSTP)
        suspend();
    else if (number == SIGCONT) // the shell has had the terminal meanwhile
        screen_->reclaim();
    fit_window();
    redraw();
}

void live_chart::fit_window()
{
    if (auto const size = os::size_of(stdout))
        screen_->resize(
            {static_cast<std::size_t>(size->rows), static_cast<std::size_t>(size->columns)});
}

/// Stops where the shell can make us go on. The system knows whether there is such a shell, hence
/// its own way.
void live_chart::suspend()
{
    screen_->lend();
    error_code ignored;
    signals_.remove(SIGTSTP, ignored);
    std::raise(SIGTSTP);
    signals_.add(SIGTSTP, ignored);
    screen_->reclaim();
}

/// Many events make one drawing.
void live_chart::redraw_soon()
{
    redraw_at(std::max(drawn_at_ + between_drawings, steady_clock::now()));
}

void live_chart::redraw_at(steady_clock::time_point when)
{
    if (!screen_)
        return;
    redraw_timer_.expires_at(when);
    redraw_timer_.async_wait([weak = weak_from_this()](error_code const& ec) {
        auto const self = weak.lock();
        if (self && self->screen_ && !ec)
            self->redraw();
    });
}

/// Where the terminal takes nothing the drawing is left out: waiting for it would silence the
/// chart, and others would call this instance gone.
void live_chart::redraw()
{
    drawn_at_ = steady_clock::now();
    if (os::takes_output(stdout))
        screen_->paint(table_.draw(about_.snapshot(), screen_->size(), now()));
    redraw_at(drawn_at_ + ages_change_every);
}

} // namespace rollcast::cli
