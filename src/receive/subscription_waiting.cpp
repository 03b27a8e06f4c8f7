// SPDX-License-Identifier: BSL-1.0
#include "receive/subscription_state.hpp"

#include "detail/raised_flag.hpp"

#include <vector>

// What a subscription looks after and is woken by: interfaces, memberships and its sockets.

namespace rollcast {

void subscription::state::refresh()
{
    watch.looked_up();
    if (!joined)
        return;
    auto const reports = reports_.take();
    if (reports.reminder) {
        counters.renewals += sockets.renew_silent(
            config, [this](auto change, auto const& where) { tell(change, where); });
        publish_counters();
    }
    if (!reports.any)
        return;
    if (ready_)
        ready_->watch({}); // what it watches may be closed now
    {
        detail::raised_flag const repairing(is_repairing_);
        counters.renewals +=
            sockets.repair(config, reports.removed,
                           [this](auto change, auto const& where) { tell(change, where); });
    }
    watch_sockets();
    publish_counters();
}

/// For programs that only poll: a look at the reports costs more than a poll.
void subscription::state::refresh_now_and_then()
{
    if (looks_.is_due())
        refresh();
}

void subscription::state::step_ended()
{
    if (!receiving)
        watch.release();
}

os::report_inbox::interval subscription::state::renewal_interval() const
{
    bool const never = config.renewal_interval.count() <= 0;
    return never ? os::report_inbox::interval() : config.renewal_interval;
}

/// Has pending receives and waits for events look what has happened.
void subscription::state::interrupt()
{
    watch.interrupt();
    if (ready_)
        ready_->cancel();
    if (news_)
        news_->notify();
}

void subscription::state::tell(membership_change change, net::interface_info const& where)
{
    events.push({change, where.name, where.index, id});
    if (change != membership_change::lost)
        sockets_changed();
    if (news_)
        news_->notify();
    if (told.event_came)
        told.event_came();
}

/// Receives that wait at this moment learn of new sockets.
void subscription::state::sockets_changed()
{
    watch_sockets();
    if (told.sockets_changed)
        told.sockets_changed();
}

void subscription::state::watch_sockets()
{
    if (!ready_ || is_repairing_)
        return;
    std::vector<os::native_socket> handles;
    if (joined)
        for (auto const& each : sockets.sockets())
            handles.push_back(each.handle.get());
    ready_->watch(handles);
}

void subscription::state::withdraw_sockets()
{
    if (ready_)
        ready_->watch({});
    if (told.sockets_withdrawn)
        told.sockets_withdrawn();
}

void subscription::state::add_to(os::readiness_set& set, std::uint64_t key) const
{
    if (!joined)
        return;
    for (auto const& each : sockets.sockets())
        (void)set.add(each.handle.get(), key);
}

void subscription::state::remove_from(os::readiness_set& set) const noexcept
{
    for (auto const& each : sockets.sockets())
        set.remove(each.handle.get());
}

asio::awaitable<void> subscription::state::wait(error_code& ec)
{
    is_polled_in_vain = false;
    if (!ready_)
        ready_.emplace(executor);
    if (!ready_->is_watching())
        watch_sockets();
    return ready_->wait(ec);
}

asio::awaitable<void> subscription::state::wait_for_reports()
{
    if (!news_)
        news_.emplace(executor);
    os::awaiting_reports const awaiting(reports_);
    co_await news_->wait();
}

} // namespace rollcast
