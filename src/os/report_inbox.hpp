// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "os/interfaces.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

namespace rollcast::os {

class report_hub;
struct report_entry;

/// What the system reports of interfaces, addresses and routes, for one subscription, publication
/// or the like. All inboxes of an execution context share one socket for each network namespace.
///
/// An inbox keeps its context running only while reports are awaited (`awaiting_reports`).
class report_inbox {
public:
    /// Every so often `reminder` of the summary is set, though nothing else may have come.
    using interval = std::optional<std::chrono::nanoseconds>;

    report_inbox() noexcept;
    report_inbox(report_inbox&&) noexcept;
    report_inbox& operator=(report_inbox&&) noexcept;
    ~report_inbox();

    /// Not open where the system denies reports to this program.
    /// @param wake  Called on the executor when a report came while reports were awaited, never
    /// after
    ///              the inbox is gone.
    static result<report_inbox> open(asio::any_io_executor const& executor, report_topics topics,
                                     std::function<void()> wake, interval reminder = {});

    /// An inbox on the same socket, for a receiver, which looks after all its subscriptions:
    /// whatever comes to any inbox of the socket, reminders too, comes to this one as well.
    report_inbox for_all(asio::any_io_executor const& executor, std::function<void()> wake) const;

    bool is_open() const noexcept { return entry_ != nullptr; }
    bool shares_socket_with(report_inbox const& other) const noexcept;

    /// What has come since the last `take`.
    report_summary take();

private:
    friend class awaiting_reports;
    std::shared_ptr<report_hub> hub_;
    std::shared_ptr<report_entry> entry_;
};

/// While this object lives reports are awaited, and `wake` of the inbox is called for them. The
/// inbox may be destroyed or moved meanwhile.
class awaiting_reports {
public:
    explicit awaiting_reports(report_inbox const& inbox);
    awaiting_reports(awaiting_reports const&) = delete;
    ~awaiting_reports();

private:
    std::shared_ptr<report_hub> hub_; ///< None for an inbox that is not open.
    std::shared_ptr<report_entry> by_;
};

} // namespace rollcast::os
