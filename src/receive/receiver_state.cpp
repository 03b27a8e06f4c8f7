// SPDX-License-Identifier: BSL-1.0
#include "receive/receiver_state.hpp"

#include "error/explanation.hpp"
#include "receive/interface_choice.hpp"

#include <algorithm>
#include <deque>
#include <functional>
#include <utility>

namespace rollcast {

using receive::outcome;

error_code receiver::state::ready_to_receive(std::uint64_t) const noexcept
{
    return closed ? error_code(asio::error::operation_aborted) : error_code{};
}

void receiver::state::step_ended()
{
    if (!receiving)
        watch.release();
}

asio::awaitable<void> receiver::state::wait_for_reports()
{
    if (!news_)
        news_.emplace(get_executor());
    std::deque<os::awaiting_reports> awaiting;
    for (auto const& each : reports_)
        awaiting.emplace_back(each);
    co_await news_->wait();
}

/// The reports of the first subscription are those of all, unless a program joins from several
/// network namespaces.
void receiver::state::hear_reports_with(subscription::state const& one)
{
    auto const is_heard = [&](auto const& each) { return each.shares_socket_with(one.reports()); };
    if (one.reports().is_open() && std::ranges::none_of(reports_, is_heard))
        reports_.push_back(one.reports().for_all(get_executor(), [this] { interrupt(); }));
    if (watch.is_kept()) {
        watch.release();
        watch.keep(reports_);
    }
}

/// Has pending receives and waits for events look what has happened.
void receiver::state::interrupt()
{
    watch.interrupt();
    readiness.cancel();
    if (news_)
        news_->notify();
}

/// For programs that only poll: a look at the reports costs more than a poll.
void receiver::state::refresh_now_and_then()
{
    if (looks_.is_due())
        refresh();
}

/// Each subscription looks after its own interfaces, and tells `collect_event` what it finds; but
/// first the receiver looks, once for all, whether any report has come.
void receiver::state::refresh()
{
    watch.looked_up();
    bool has_news = false;
    for (auto& each : reports_) {
        auto const reports = each.take();
        has_news = has_news || reports.any || reports.reminder;
    }
    if (!has_news)
        return;
    for (auto& [id, each] : slots)
        each.state->refresh();
}

void receiver::state::collect_event(subscription_id id)
{
    auto* const each = find(id);
    while (each) {
        auto event = each->state->events.pop();
        if (!event)
            break;
        event->subscription = id; // it may be older than that
        events.push(std::move(*event));
    }
    if (news_)
        news_->notify();
}

void receiver::state::register_one(subscription_id id, slot& each)
{
    each.state->add_to(readiness, id);
    hear_reports_with(*each.state);
}

void receiver::state::unregister(subscription::state const& from) noexcept
{
    from.remove_from(readiness);
}

/// Subscriptions may be joined, left and mended without a call of the receiver, and tell so.
void receiver::state::attach(subscription_id id, slot& each)
{
    each.state->id = id;
    each.state->told.sockets_changed = [this, id] {
        if (auto* const changed = find(id))
            register_one(id, *changed);
        metrics.record([&](metrics::receiver_record& now) { now = gauges(now); });
    };
    each.state->told.sockets_withdrawn = [this, id] {
        if (auto* const changed = find(id))
            unregister(*changed->state);
    };
    each.state->told.event_came = [this, id] { collect_event(id); };
    register_one(id, each);
    if (each.state->has_rest())
        rests_.push_back(id);
    each.state->refresh(); // acts on reports that came before it was added
    collect_event(id);     // and what nobody has read yet
}

/// One round gives each subscription that has something one turn, in the order of ids.
void receiver::state::begin_round()
{
    ++rounds_;
    round_.swap(rests_);
    rests_.clear();
    if (round_.empty() || ++rounds_since_look_ == longest_look_away) {
        rounds_since_look_ = 0;
        readiness.collect(round_);
    }
    std::ranges::sort(round_, std::greater<>());
    auto const repeated = std::ranges::unique(round_);
    round_.erase(repeated.begin(), repeated.end());
}

receive::outcome receiver::state::take_from(subscription::state& from, auto& into, error_code& ec)
{
    if (!metrics.is_on())
        return from.take(into, ec);
    auto const before = from.counters;
    auto const got = from.take(into, ec);
    metrics.record([&](metrics::receiver_record& now) {
        metrics::add_growth(now.passed, before, from.counters);
    });
    return got;
}

receive::outcome receiver::state::take(packet& into, error_code& ec)
{
    return take_in_turn(into, ec);
}

receive::outcome receiver::state::take(batch& into, error_code& ec)
{
    auto const got = take_in_turn(into, ec);
    if (got == outcome::delivered)
        count_batch(into.size());
    return got;
}

void receiver::state::count_batch(std::size_t packets)
{
    metrics.record([&](metrics::receiver_record& now) {
        ++now.batch_calls;
        now.batch_packets += packets;
    });
}

metrics::receiver_record receiver::state::gauges(metrics::receiver_record now) const
{
    now.active_subscriptions = slots.size();
    now.joined_subscriptions = static_cast<std::uint64_t>(
        std::ranges::count_if(slots, [](auto const& each) { return each.second.state->joined; }));
    return now;
}

void receiver::state::change_membership(subscription_id id, error_code& ec,
                                        void (subscription::*change)(error_code&))
{
    auto* const each = find(id);
    ec = error::unknown_id;
    if (!each)
        return;
    auto const before = each->sub.counters();
    (each->sub.*change)(ec);
    metrics.record([&](metrics::receiver_record& now) {
        metrics::add_growth(now.passed, before, each->sub.counters());
    });
}

/// In the words of the subscription that failed last, or with the groups of all.
std::string receiver::state::explain(error_code const& ec) const
{
    if (failed != 0 && slots.contains(failed) && ec.category() != category())
        return explain(ec, failed);
    std::vector<std::string> groups;
    for (auto const& each : slots)
        groups.push_back(to_string(each.second.state->config.group));
    std::ranges::sort(groups);
    return detail::explanation(groups.empty() ? "receiver without subscriptions"
                                              : "receiver of " + detail::joined(groups),
                               ec);
}

std::string receiver::state::explain(error_code const& ec, subscription_id id) const
{
    auto const found = slots.find(id);
    if (found != slots.end())
        return rollcast::explain(found->second.state->config, ec);
    std::vector<std::string> ids;
    for (auto const& each : slots)
        ids.push_back(std::to_string(each.first));
    std::ranges::sort(ids);
    return detail::explanation("subscription " + std::to_string(id), ec,
                               ids.empty() ? "there are none"
                                           : "there are: " + detail::joined(ids));
}

receive::outcome receiver::state::take_in_turn(auto& into, error_code& ec)
{
    if (round_.empty())
        begin_round();
    bool unfinished = false;
    while (!round_.empty()) {
        auto const id = round_.back();
        round_.pop_back();
        auto* const each = find(id);
        if (!each || !each->state->joined)
            continue;
        auto& from = *each->state;
        if (std::exchange(each->last_round, rounds_) + 1 < rounds_)
            from.expect_one();
        auto const got = take_from(from, into, ec);
        if (from.has_rest())
            rests_.push_back(id);
        if (got == outcome::failed)
            failed = id;
        if (got == outcome::delivered || got == outcome::failed)
            return got;
        unfinished = unfinished || got == outcome::turn_over;
    }
    if (!unfinished)
        refresh_now_and_then();
    ec = unfinished ? error_code{} : error_code(asio::error::would_block);
    return unfinished ? outcome::turn_over : outcome::queue_empty;
}

/// A subscription that is refused stays the caller's.
subscription_id receiver::state::add(subscription&& sub, error_code& ec)
{
    std::vector<unsigned> indices;
    auto const where = receive::interfaces_to_join(sub.config());
    if (where)
        for (auto const& each : *where)
            indices.push_back(each.index);
    std::ranges::sort(indices);
    bool const is_there = is_duplicate(sub.config(), indices);
    ec = is_there ? error_code(error::duplicate_entry) : error_code{};
    if (ec)
        return 0;
    auto const id = ++last_id;
    auto const state = sub.state_.shared();
    slot fresh{std::move(sub), state, std::move(indices)};
    attach(id, slots.emplace(id, std::move(fresh)).first->second);
    metrics.record([&](metrics::receiver_record& now) {
        now = gauges(now);
        ++now.subscriptions_added;
    });
    return id;
}

bool receiver::state::is_duplicate(subscription_config const& config,
                                   std::vector<unsigned> const& where) const
{
    auto const sorted = [](std::vector<asio::ip::address> sources) {
        std::ranges::sort(sources);
        return sources;
    };
    return std::ranges::any_of(slots, [&](auto const& each) {
        auto const& other = each.second.state->config;
        return other.group == config.group && each.second.where == where &&
               sorted(other.sources) == sorted(config.sources);
    });
}

receiver::state::slot* receiver::state::find(subscription_id id)
{
    auto const found = slots.find(id);
    return found == slots.end() ? nullptr : &found->second;
}

std::optional<subscription> receiver::state::take_out(subscription_id id)
{
    auto* const each = find(id);
    if (!each)
        return std::nullopt;
    std::optional<subscription> taken(std::move(each->sub));
    auto const kept = std::move(each->state);
    slots.erase(id);
    auto& from = *kept;
    from.told = {};
    from.id = 0;
    unregister(from);
    metrics.record([&](metrics::receiver_record& now) {
        now = gauges(now);
        ++now.subscriptions_removed;
    });
    return taken;
}

void receiver::state::close()
{
    closed = true;
    readiness.close();
    watch.release();
    reports_.clear();
    interrupt();
    for (auto& each : slots)
        each.second.state->told = {}; // the receiver is not told of anything any more
    slots.clear();
}

} // namespace rollcast
