// SPDX-License-Identifier: BSL-1.0
#include "cli/live/live_chart.hpp"

#include "cli/chart_text.hpp"
#include "cli/ignored.hpp"
#include "os/console/quiet_thread.hpp"
#include "os/console/terminal.hpp"

#include <fmt/format.h>

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

bool is_wanted(chart_options const& options)
{
    // What is typed is either data or keys.
    bool const types_data = options.data_from_input && os::is_terminal(stdin);
    bool const is_for_people = !options.common.json && !options.plain;
    return is_for_people && !types_data && os::is_terminal(stdout) && os::is_in_foreground(stdout);
}

int keep_open(std::FILE*)
{
    return 0;
}

} // namespace

struct live_chart::parts {
    asio::any_io_executor executor;
    chart_options const& options;
    rollcast::chart const& about;
    std::function<void()> quit;
    stream keyboard;
    std::unique_ptr<screen> on;
};

/// Standard input, or the terminal itself where that is something else; null without either.
live_chart::stream live_chart::open_keyboard()
{
    if (os::is_terminal(stdin))
        return {stdin, keep_open};
    return {std::fopen("/dev/tty", "r"), std::fclose};
}

std::shared_ptr<live_chart> live_chart::open(asio::any_io_executor executor,
                                             chart_options const& options,
                                             rollcast::chart const& about,
                                             std::function<void()> quit)
{
    if (!is_wanted(options))
        return nullptr;
    auto keyboard = open_keyboard();
    auto on = screen::open(keyboard ? keyboard.get() : stdin);
    if (!on)
        return nullptr;
    return std::shared_ptr<live_chart>(
        new live_chart({std::move(executor), options, about, std::move(quit), std::move(keyboard),
                        std::move(on)}));
}

live_chart::live_chart(parts from)
    : options_(from.options),
      about_(from.about),
      quit_(std::move(from.quit)),
      at_last_(from.options, from.about),
      keyboard_(std::move(from.keyboard)),
      screen_(std::move(from.on)),
      keys_(keyboard_ ? os::watch_input(from.executor, keyboard_.get())
                      : asio::posix::stream_descriptor(from.executor)),
      signals_(from.executor, SIGWINCH, SIGCONT),
      redraw_timer_(from.executor)
{
    for (auto const number : {SIGTSTP, SIGQUIT})
        if (!is_ignored(number))
            signals_.add(number);
}

frame live_chart::around() const
{
    auto const* what = options_.config.observer ? "observer"
                       : options_.sniff         ? "listener"
                                                : "instance";
    return {fmt::format("rollcast chart   {} {} {}", what, about_.our_id(),
                        whereabouts(options_, about_)),
            keys_.is_open() ? "q quits   Up and Down scroll" : "Ctrl-C ends it",
            options_.config.observer};
}

void live_chart::started()
{
    fit_window(); // it may have changed before we listened
    await_signal();
    await_keys();
    for (auto const& each : groups_not_met(options_.config, about_))
        table_.told(each, now());
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

void live_chart::ended(chart_state const& last)
{
    redraw_timer_.cancel();
    error_code ignored;
    signals_.cancel(ignored);
    keys_.close(ignored);
    screen_.reset();
    at_last_.ended(last);
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
    if (os::has_hung_up(keyboard_.get()))
        return quit_();
    for (auto typed = screen_->typed(); typed != key::none; typed = screen_->typed())
        obey(typed);
    redraw_soon();
    await_keys();
}

void live_chart::obey(key typed)
{
    auto const page = static_cast<std::ptrdiff_t>(table_.page());
    switch (typed) {
    case key::quit:
        return quit_();
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
        return screen_->distrust();
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
    if (number == SIGTSTP || number == SIGQUIT)
        suspend(number);
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

/// Whether the shell can make us go on again, or what quitting leaves behind, the system knows: it
/// does with us what it would have done without us, but on a terminal that is in order.
void live_chart::suspend(int number)
{
    screen_->lend();
    os::take_signal_here(number);
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

void live_chart::redraw()
{
    screen_->paint(table_.draw(around(), about_.snapshot(), screen_->size(), now()));
    drawn_at_ = steady_clock::now();
    redraw_at(drawn_at_ + ages_change_every);
}

} // namespace rollcast::cli
