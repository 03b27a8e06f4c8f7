// SPDX-License-Identifier: BSL-1.0
#include "cli/chart_telling.hpp"

#include "cli/build.hpp"
#include "cli/chart_lines.hpp"
#include "cli/live/live_report.hpp"
#include "cli/problem.hpp"
#include "cli/threads.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace rollcast::cli {

/// How the telling has ended, for whoever waits; belongs to the thread of the chart. Two have to
/// end: what is told at last, and the reader of the events, who is called from that thread.
struct chart_telling::outcome {
    explicit outcome(asio::any_io_executor executor) : changed(std::move(executor)) {}

    asio::steady_timer changed; ///< Cancelled when it has.
    int going_on = 2;
    std::exception_ptr trouble;
};

/// What is told, and whether that is over; belongs to the thread of the telling.
struct chart_telling::session {
    notifications events;
    std::shared_ptr<chart_report> report;
    bool over = false;
};

chart_telling::chart_telling(asio::any_io_executor executor, chart_options const& options,
                             rollcast::chart const& about, std::function<void()> quit)
    : executor_(std::move(executor)),
      quit_(std::move(quit)),
      outcome_(std::make_shared<outcome>(executor_)),
      report_(make_report(options, about))
{
}

chart_telling::~chart_telling()
{
    context_.stop();
    if (thread_.joinable())
        thread_.join();
}

/// A table where there is a terminal for it, lines elsewhere.
std::shared_ptr<chart_report> chart_telling::make_report(chart_options const& options,
                                                         rollcast::chart const& about)
{
    if constexpr (has_live_table) {
        auto quit = [executor = executor_, quit = quit_] { asio::post(executor, quit); };
        if (auto table = open_live_report(context_.get_executor(), options, about, std::move(quit)))
            return table;
    }
    return std::make_shared<chart_lines>(options, about);
}

void chart_telling::begin(notifications events)
{
    report_->started();
    session_ = std::make_shared<session>(session{std::move(events), report_});
    asio::co_spawn(context_, tell(session_), [this](std::exception_ptr const& trouble) {
        conclude(trouble);
        if (!trouble)
            return; // the chart has ended; what it has come to is told by `finish`
        session_->over = true;
        asio::post(executor_, quit_);
    });
    thread_ = start_thread([this] { context_.run(); });
}

asio::awaitable<void> chart_telling::tell(std::shared_ptr<session> what)
{
    try {
        while (!what->over) {
            auto const event = co_await what->events.recv();
            if (!what->over)
                what->report->happened(event);
        }
    } catch (boost::system::system_error const&) {
        // The chart has ended.
    }
}

void chart_telling::finish(std::optional<chart_state> last)
{
    asio::post(context_, [this, last = std::move(last)] {
        std::exception_ptr trouble;
        try {
            if (!session_->over)
                finish(*session_, last);
        } catch (problem const&) {
            trouble = std::current_exception();
        }
        conclude(trouble);
    });
}

void chart_telling::finish(session& what, std::optional<chart_state> const& last)
{
    what.over = true;
    while (auto const event = what.events.try_recv())
        what.report->happened(*event);
    if (last)
        what.report->ended(*last);
}

void chart_telling::conclude(std::exception_ptr trouble)
{
    asio::post(executor_, [outcome = outcome_, trouble = std::move(trouble)] {
        --outcome->going_on;
        outcome->trouble = outcome->trouble ? outcome->trouble : trouble;
        outcome->changed.cancel();
    });
}

void chart_telling::complain(std::string line)
{
    asio::post(context_, [report = report_, line = std::move(line)] { report->complained(line); });
}

asio::awaitable<void> chart_telling::end()
{
    while (outcome_->going_on > 0) {
        outcome_->changed.expires_at(asio::steady_timer::time_point::max());
        co_await outcome_->changed.async_wait(asio::as_tuple(asio::use_awaitable));
    }
    if (outcome_->trouble)
        std::rethrow_exception(outcome_->trouble);
}

} // namespace rollcast::cli
