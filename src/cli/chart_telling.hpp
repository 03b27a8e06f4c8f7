// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "cli/chart_report.hpp"
#include "cli/options.hpp"

#include <rollcast/chart/chart.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>

namespace rollcast::cli {

namespace asio = boost::asio;

/// Tells of a chart on a thread of its own. A terminal or a pipe may take nothing for as long as it
/// likes; a chart that waited for it would fall silent, and others would call it gone.
class chart_telling {
public:
    /// `quit` is called on the given executor, when the user or a reader that has gone away ends
    /// it.
    chart_telling(asio::any_io_executor executor, chart_options const& options,
                  rollcast::chart const& about, std::function<void()> quit);
    ~chart_telling();
    chart_telling(chart_telling const&) = delete;
    chart_telling& operator=(chart_telling const&) = delete;

    /// Tells that the chart is open, and then whatever the events are.
    void begin(notifications events);

    void complain(std::string line);

    /// Tells what has happened until now and no more, and what the chart has come to, if anything.
    void finish(std::optional<chart_state> last);

    /// Waits until all that is told, after `finish`, when the chart was left or has failed. Throws
    /// a problem where nobody reads any more.
    asio::awaitable<void> end();

private:
    struct outcome;
    struct session;

    static asio::awaitable<void> tell(std::shared_ptr<session> what);
    static void finish(session& what, std::optional<chart_state> const& last);
    void conclude(std::exception_ptr trouble);

    std::shared_ptr<chart_report> make_report(chart_options const& options,
                                              rollcast::chart const& about);

    asio::any_io_executor executor_;
    std::function<void()> quit_;
    asio::io_context context_{1};
    asio::executor_work_guard<asio::io_context::executor_type> work_ = make_work_guard(context_);
    std::shared_ptr<outcome> outcome_;
    std::shared_ptr<chart_report> report_;
    std::shared_ptr<session> session_;
    std::thread thread_;
};

} // namespace rollcast::cli
