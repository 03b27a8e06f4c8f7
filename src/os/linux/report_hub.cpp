// SPDX-License-Identifier: BSL-1.0
#include "os/linux/report_hub.hpp"

#include "os/linux/interface_reports.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <utility>

namespace rollcast::os {
namespace {

bool has_news(report_entry const& whom) noexcept
{
    return whom.unread.any || whom.unread.reminder || !whom.unread.queues.empty();
}

/// Keeps the newest change of each queue only, so that a list that is not read stays small.
void note(queue_change const& change, std::vector<queue_change>& into)
{
    std::erase_if(into, [&](queue_change const& each) {
        return each.interface_index == change.interface_index && each.handle == change.handle;
    });
    into.push_back(change);
}

} // namespace

report_hub::~report_hub()
{
    if (waiting_)
        waiting_->descriptor.release(); // the socket is that of `reports_`
}

std::shared_ptr<report_entry> report_hub::add(asio::any_io_executor const& executor,
                                              report_topics topics, std::function<void()> wake,
                                              report_inbox::interval reminder)
{
    auto fresh = std::make_shared<report_entry>();
    fresh->executor = executor;
    fresh->topics = topics;
    fresh->wake = std::move(wake);
    fresh->reminder = reminder;
    if (reminder)
        fresh->next_reminder = clock::now() + *reminder;
    enter(fresh);
    return fresh;
}

std::shared_ptr<report_entry> report_hub::add_for_all(asio::any_io_executor const& executor,
                                                      std::function<void()> wake)
{
    auto fresh = std::make_shared<report_entry>();
    fresh->executor = executor;
    fresh->wake = std::move(wake);
    fresh->looks_after_all = true;
    enter(fresh);
    return fresh;
}

void report_hub::enter(std::shared_ptr<report_entry> const& fresh)
{
    std::lock_guard const lock(mutex_);
    read(); // reports from before do not concern the new inbox
    entries_.push_back(fresh);
    subscribe();
}

void report_hub::remove(std::shared_ptr<report_entry> const& which)
{
    std::lock_guard const lock(mutex_);
    which->is_gone = true;
    awaited_ -= std::exchange(which->awaited, 0);
    std::erase(entries_, which);
    subscribe();
    plan_stop(which->executor);
}

/// Some hosts report much of routes and queues, and few inboxes ask for it: so the socket is told
/// what is wanted.
void report_hub::subscribe()
{
    report_topics wanted;
    for (auto const& each : entries_) {
        wanted.routes = wanted.routes || each->topics.routes;
        wanted.queues = wanted.queues || each->topics.queues;
    }
    change_topics(reports_.get(), subscribed_, wanted);
    subscribed_ = wanted;
}

report_summary report_hub::take(report_entry& of)
{
    std::lock_guard const lock(mutex_);
    read();
    auto const now = clock::now();
    if (of.looks_after_all && remind_all(now))
        wake_those_with_news();
    else if (!of.looks_after_all)
        remind(of, now);
    return std::exchange(of.unread, {});
}

void report_hub::read()
{
    auto const told = take_reports(reports_.get());
    if (!told.of_interfaces && !told.of_routes && told.queues.empty())
        return;
    for (auto const& each : entries_) {
        auto& into = each->unread;
        bool const hears_of_routes = each->topics.routes || each->looks_after_all;
        into.any = into.any || told.of_interfaces || (told.of_routes && hears_of_routes);
        for (auto const gone : told.removed)
            if (std::ranges::find(into.removed, gone) == into.removed.end())
                into.removed.push_back(gone);
        if (each->topics.queues)
            for (auto const& queue : told.queues)
                note(queue, into.queues);
    }
    wake_those_with_news();
}

bool report_hub::remind(report_entry& whom, clock::time_point now)
{
    if (!whom.reminder || now < whom.next_reminder)
        return false;
    whom.next_reminder = now + std::chrono::duration_cast<clock::duration>(*whom.reminder);
    whom.unread.reminder = true;
    return true;
}

bool report_hub::remind_all(clock::time_point now)
{
    bool any = false;
    for (auto const& each : entries_)
        any = remind(*each, now) || any;
    for (auto const& each : entries_)
        each->unread.reminder = each->unread.reminder || (any && each->looks_after_all);
    return any;
}

void report_hub::wake_those_with_news()
{
    for (auto const& each : entries_) {
        if (each->awaited != 0 && has_news(*each))
            wake(each);
    }
}

void report_hub::wake(std::shared_ptr<report_entry> const& whom)
{
    if (std::exchange(whom->is_woken, true))
        return;
    asio::post(whom->executor, [self = shared_from_this(), whom] {
        std::unique_lock lock(self->mutex_);
        whom->is_woken = false;
        bool const is_gone = whom->is_gone;
        lock.unlock();
        if (!is_gone)
            whom->wake();
    });
}

void report_hub::await(std::shared_ptr<report_entry> const& by)
{
    std::lock_guard const lock(mutex_);
    if (by->is_gone || is_shut_down_)
        return;
    begin_to_wait(*by);
    ++by->awaited;
    ++awaited_;
    if (has_news(*by))
        wake(by);
}

void report_hub::begin_to_wait(report_entry const& by)
{
    if (!waiting_)
        waiting_.emplace(asio::posix::stream_descriptor(by.executor, reports_.get()),
                         asio::steady_timer(by.executor));
    if (!waiting_->for_report)
        wait_for_report();
    if (!waiting_->for_reminder)
        wait_for_reminder();
    else if (next_reminder() < waiting_->timer.expiry())
        waiting_->timer.cancel(); // `reminded` begins a shorter wait
}

void report_hub::wait_for_report()
{
    waiting_->for_report = true;
    waiting_->descriptor.async_wait(
        asio::posix::descriptor_base::wait_read,
        [self = shared_from_this()](error_code const& ec) { self->reported(ec); });
}

void report_hub::reported(error_code const& ec)
{
    std::lock_guard const lock(mutex_);
    if (is_shut_down_)
        return;
    waiting_->for_report = false;
    read();
    bool const may_go_on = !ec || ec == asio::error::operation_aborted;
    if (awaited_ != 0 && may_go_on)
        wait_for_report();
    drop_what_is_idle();
}

std::optional<report_hub::clock::time_point> report_hub::next_reminder() const
{
    std::optional<clock::time_point> next;
    for (auto const& each : entries_)
        if (each->reminder && (!next || each->next_reminder < *next))
            next = each->next_reminder;
    return next;
}

void report_hub::wait_for_reminder()
{
    auto const next = next_reminder();
    if (!next)
        return;
    waiting_->for_reminder = true;
    waiting_->timer.expires_at(*next);
    waiting_->timer.async_wait(
        [self = shared_from_this()](error_code const&) { self->reminded(); });
}

void report_hub::reminded()
{
    std::lock_guard const lock(mutex_);
    if (is_shut_down_)
        return;
    waiting_->for_reminder = false;
    if (remind_all(clock::now()))
        wake_those_with_news();
    if (awaited_ != 0)
        wait_for_reminder();
    drop_what_is_idle();
}

/// Drops descriptor and timer when neither waits: the next inbox to await brings its own executor.
void report_hub::drop_what_is_idle()
{
    if (waiting_->for_report || waiting_->for_reminder)
        return;
    waiting_->descriptor.release();
    waiting_.reset();
}

void report_hub::stop_awaiting(report_entry& by)
{
    std::lock_guard const lock(mutex_);
    if (by.is_gone || is_shut_down_)
        return;
    --by.awaited;
    --awaited_;
    plan_stop(by.executor);
}

void report_hub::plan_stop(asio::any_io_executor const& executor)
{
    bool const is_waiting = waiting_ && (waiting_->for_report || waiting_->for_reminder);
    if (awaited_ == 0 && is_waiting && !std::exchange(is_stop_planned_, true))
        asio::post(executor, [self = shared_from_this()] { self->stop_if_nobody_awaits(); });
}

void report_hub::stop_if_nobody_awaits()
{
    std::lock_guard const lock(mutex_);
    is_stop_planned_ = false;
    if (awaited_ != 0 || !waiting_)
        return;
    error_code ignored;
    waiting_->descriptor.cancel(ignored);
    waiting_->timer.cancel();
}

void report_hub::shut_down()
{
    std::lock_guard const lock(mutex_);
    is_shut_down_ = true;
    if (waiting_)
        waiting_->descriptor.release();
    waiting_.reset();
}

} // namespace rollcast::os
