// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "cli/chart_lines.hpp"
#include "cli/live/chart_table.hpp"
#include "cli/live/screen.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdio>
#include <functional>
#include <memory>

namespace rollcast::cli {

/// The chart as a table on the terminal, which follows what happens, what is typed, and the size
/// of the window.
class live_chart final : public chart_report, public std::enable_shared_from_this<live_chart> {
public:
    /// Null where standard output is no terminal that can show a table. `quit` is called when the
    /// user has seen enough.
    static std::shared_ptr<live_chart> open(asio::any_io_executor executor,
                                            chart_options const& options,
                                            rollcast::chart const& about,
                                            std::function<void()> quit);

    void started() override;
    void happened(event const& what) override;
    void complained(std::string const& line) override;
    void ended(chart_state const& last) override;

private:
    using stream = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;
    struct parts;

    explicit live_chart(parts from);

    static stream open_keyboard();

    frame around() const;
    void await_keys();
    void read_keys();
    void obey(key typed);
    void await_signal();
    void obey_signal(int number);
    void fit_window();
    void suspend(int number);

    void redraw_soon();
    void redraw_at(std::chrono::steady_clock::time_point when);
    void redraw();

    chart_options const& options_;
    rollcast::chart const& about_;
    std::function<void()> quit_;
    chart_lines at_last_;
    chart_table table_;
    stream keyboard_;
    std::unique_ptr<screen> screen_;
    asio::posix::stream_descriptor keys_;
    asio::signal_set signals_;
    asio::steady_timer redraw_timer_;
    std::chrono::steady_clock::time_point drawn_at_{};
};

} // namespace rollcast::cli
