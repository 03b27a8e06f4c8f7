// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "os/report_inbox.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace rollcast::os {

/// One inbox, as its hub knows it.
struct report_entry {
    using clock = std::chrono::steady_clock;

    asio::any_io_executor executor;
    std::function<void()> wake;
    report_topics topics;
    report_inbox::interval reminder;
    clock::time_point next_reminder;
    report_summary unread{};
    int awaited = 0;
    bool looks_after_all = false; ///< Whatever comes to another inbox is for this one, too.
    bool is_woken = false;        ///< A call of `wake` is under way.
    bool is_gone = false;
};

/// Reads one netlink socket for many inboxes; any thread.
///
/// Asio counts a wait as work of its context, so the hub waits only while an inbox awaits reports.
/// A subscription stops to await with each datagram and begins again at once: so whether the last
/// inbox has stopped is looked at a step later.
class report_hub : public std::enable_shared_from_this<report_hub> {
public:
    using clock = report_entry::clock;

    explicit report_hub(owned_socket reports) : reports_(std::move(reports)) {}
    report_hub(report_hub const&) = delete;
    ~report_hub();

    bool is_open() const noexcept { return reports_.is_open(); } ///< Does not change.

    std::shared_ptr<report_entry> add(asio::any_io_executor const& executor, report_topics topics,
                                      std::function<void()> wake, report_inbox::interval reminder);
    std::shared_ptr<report_entry> add_for_all(asio::any_io_executor const& executor,
                                              std::function<void()> wake);
    void remove(std::shared_ptr<report_entry> const& which);

    report_summary take(report_entry& of);
    void await(std::shared_ptr<report_entry> const& by);
    void stop_awaiting(report_entry& by);

    void shut_down(); ///< The context ends.

private:
    // These expect the mutex to be held.
    void read();
    void enter(std::shared_ptr<report_entry> const& fresh);
    bool remind(report_entry& whom, clock::time_point now);
    bool remind_all(clock::time_point now);
    void wake_those_with_news();
    void begin_to_wait(report_entry const& by);
    void wait_for_report();
    void wait_for_reminder();
    std::optional<clock::time_point> next_reminder() const;
    void drop_what_is_idle();
    void subscribe();
    void plan_stop(asio::any_io_executor const& executor);

    void reported(error_code const& ec);
    void reminded();
    void stop_if_nobody_awaits();
    void wake(std::shared_ptr<report_entry> const& whom);

    struct waiting {
        asio::posix::stream_descriptor descriptor; ///< Of `reports_`, which the hub keeps.
        asio::steady_timer timer;
        bool for_report = false;
        bool for_reminder = false;
    };

    std::mutex mutex_;
    owned_socket reports_;
    std::optional<waiting> waiting_;
    std::vector<std::shared_ptr<report_entry>> entries_;
    report_topics subscribed_;
    int awaited_ = 0; ///< How many `awaiting_reports` there are of all inboxes.
    bool is_stop_planned_ = false;
    bool is_shut_down_ = false;
};

} // namespace rollcast::os
