// SPDX-License-Identifier: BSL-1.0
#include "send/publication_state.hpp"

#include "detail/operation.hpp"
#include "send/run_length.hpp"
#include "send/send_errors.hpp"

#include <boost/asio/error.hpp>

#include <numeric>

// Many datagrams at a time, in runs where the kernel cuts them.

namespace rollcast {

batch_report publication::state::new_report() const
{
    batch_report report;
    report.publication = id;
    report.destination = group;
    report.source = source;
    return report;
}

/// Each datagram has its own time, or none has.
error_code publication::state::check_times(payload_batch const& batch) const
{
    if (!batch.times)
        return {};
    if (config.launch_times == net::launch_clock::none)
        return error::launch_times_not_asked_for;
    bool const fits = batch.times->size() == batch.all.size();
    return fits ? error_code() : error_code(asio::error::invalid_argument);
}

void publication::state::try_send_rest(payload_batch const& batch, batch_report& report)
{
    singly_until_ = 0;
    source_chosen_at_.reset();
    int repeated = 0;
    follow_now_and_then();
    report.source = source;
    while (report.next < batch.all.size()) {
        if (fill(batch, report) == 0)
            continue;
        std::size_t taken = 0;
        auto const ec = burst_->send(handle(), taken);
        if (is_of_the_past(ec, repeated)) {
            ++repeated;
            continue;
        }
        if (options_.send_times != net::time_source::none)
            (void)hear_aftermath(); // the kernel keeps some hundreds
        if (ec == asio::error::would_block) {
            report.ended = ec;
            break;
        }
        if (ec)
            refuse_first(batch.all, ec, report);
        else if (can_leave())
            account(batch.all, taken, report);
        else
            fail_next(payloads_in(taken), asio::error::network_down, report);
        repeated = 0;
    }
    publish_counters();
}

/// Whether a datagram of this size may go in a run with others of its size, for the kernel to cut.
/// A datagram of which the kernel is to tell when it left goes alone.
bool publication::state::may_run(std::size_t at, std::size_t size) const noexcept
{
    return cutting_queues_.empty() && at >= singly_until_ && size <= segment_limit_ &&
           options_.send_times == net::time_source::none;
}

/// Fills the burst with the next messages, as many as one system call takes. A payload that is too
/// large for any call is failed, or ends the burst.
std::size_t publication::state::fill(payload_batch const& batch, batch_report& report)
{
    if (!burst_)
        burst_.emplace();
    burst_->clear();
    runs_.clear();
    for (auto at = report.next; at < batch.all.size(); at += runs_.back()) {
        auto const rest = batch.all.subspan(at);
        auto const size = rest.front().size();
        if (size > max_payload && runs_.empty())
            fail_next(1, error::payload_too_large, report);
        if (size > max_payload)
            break;
        bool const in_run = !batch.times && may_run(at, size);
        auto const length = in_run ? send::run_length(rest, max_payload) : 1;
        if (!burst_->add(rest.first(length), destination(), batch.time_of(at)))
            break;
        runs_.push_back(length);
    }
    return burst_->messages();
}

std::size_t publication::state::payloads_in(std::size_t messages) const
{
    auto const end = runs_.begin() + static_cast<std::ptrdiff_t>(messages);
    return std::accumulate(runs_.begin(), end, std::size_t{0});
}

void publication::state::account(payloads batch, std::size_t messages, batch_report& report)
{
    for (std::size_t i = 0; i < messages; ++i) {
        // Of a run only the last may differ in size.
        auto const bytes =
            batch[report.next].size() * (runs_[i] - 1) + batch[report.next + runs_[i] - 1].size();
        report.packets += runs_[i];
        report.bytes += bytes;
        report.next += runs_[i];
        counters.packets += runs_[i];
        counters.bytes += bytes;
    }
}

/// The kernel did not take the first message: the datagrams of a run may go singly, a single one
/// from another source.
void publication::state::refuse_first(payloads batch, error_code const& ec, batch_report& report)
{
    auto const length = runs_.front();
    auto why = ec;
    if (length > 1 && send::is_about_runs(ec)) {
        bool const too_long =
            ec == asio::error::invalid_argument || ec == asio::error::message_size;
        segment_limit_ = too_long ? batch[report.next].size() - 1 : 0;
        singly_until_ = report.next + length;
        return;
    }
    if (send::asks_for_another_source(ec) && report.next != source_chosen_at_) {
        source_chosen_at_ = report.next;
        auto const refused = choose_source_again();
        report.source = source;
        if (!refused)
            return;
        why = send::is_unconnected(ec) ? refused : ec;
    }
    fail_next(length, refusal_named(why), report);
}

void publication::state::fail_next(std::size_t count, error_code const& ec, batch_report& report)
{
    for (std::size_t i = 0; i < count; ++i) {
        report.failures.push_back({report.next++, ec});
        count_failure(ec);
    }
}

batch_report publication::state::try_send_batch(payload_batch const& batch)
{
    ++counters.calls;
    auto ec = open();
    if (!ec)
        ec = check_times(batch);
    auto report = new_report();
    if (ec)
        report.ended = ec;
    else
        try_send_rest(batch, report);
    return report;
}

asio::awaitable<batch_report> publication::state::send_batch(std::shared_ptr<state> self,
                                                             payload_batch batch)
{
    auto const thread = co_await asio::this_coro::cancellation_state;
    bool resumed = self->has_to_wait(thread);
    pending_send const pending(self->pending_sends_);
    if (resumed)
        co_await asio::post(self->socket.get_executor(), asio::use_awaitable);
    ++self->counters.calls;
    self->throw_if(self->open(), "send_batch");
    self->throw_if(self->check_times(batch), "send_batch");
    auto report = self->new_report();
    for (;; resumed = true) {
        auto const cancellation = co_await asio::this_coro::cancellation_state;
        if (resumed)
            detail::mark_resumed(cancellation);
        report.ended = {};
        if (cancellation.cancelled() != asio::cancellation_type::none || self->closed)
            report.ended = asio::error::operation_aborted;
        else
            self->try_send_rest(batch, report);
        if (report.ended != asio::error::would_block)
            co_return report;
        co_await wait_for(self, asio::ip::udp::socket::wait_write, "send_batch");
    }
}

} // namespace rollcast
