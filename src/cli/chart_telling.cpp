// SPDX-License-Identifier: BSL-1.0
#include "cli/chart_telling.hpp"

#include "cli/chart_lines.hpp"
#include "cli/live/live_chart.hpp"
#include "os/quiet_thread.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <utility>

namespace rollcast::cli {
namespace {

asio::awaitable<void> tell(notifications events, std::shared_ptr<chart_report> report)
{
    error_code ec;
    try {
        for (;;) {
            auto const what = co_await events.recv();
            report->happened(what);
        }
    } catch (boost::system::system_error const& failure) {
        ec = failure.code();
    }
    if (ec == error::stopped)
        report->ended();
}

} // namespace

/// How the telling has ended, for whoever waits; belongs to the thread of the chart.
struct chart_telling::outcome {
    explicit outcome(asio::any_io_executor executor) : known(std::move(executor)) {}

    asio::steady_timer known; ///< Cancelled when it is.
    bool is_known = false;
    std::exception_ptr trouble;
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
    auto quit = [executor = executor_, quit = quit_] { asio::post(executor, quit); };
    if (auto table = live_chart::open(context_.get_executor(), options, about, std::move(quit)))
        return table;
    return std::make_shared<chart_lines>(options, about);
}

void chart_telling::begin(notifications events)
{
    report_->started();
    auto over = [executor = executor_, outcome = outcome_,
                 quit = quit_](std::exception_ptr const& trouble) {
        asio::post(executor, [=] {
            outcome->is_known = true;
            outcome->trouble = trouble;
            outcome->known.cancel();
            quit();
        });
    };
    asio::co_spawn(context_, tell(std::move(events), report_), std::move(over));
    thread_ = os::start_quiet_thread([this] { context_.run(); });
}

void chart_telling::complain(std::string line)
{
    asio::post(context_, [report = report_, line = std::move(line)] { report->complained(line); });
}

asio::awaitable<void> chart_telling::end()
{
    while (!outcome_->is_known) {
        outcome_->known.expires_at(asio::steady_timer::time_point::max());
        co_await outcome_->known.async_wait(asio::as_tuple(asio::use_awaitable));
    }
    if (outcome_->trouble)
        std::rethrow_exception(outcome_->trouble);
}

} // namespace rollcast::cli
