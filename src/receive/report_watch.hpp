// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "os/report_inbox.hpp"

#include <boost/asio/post.hpp>

#include <deque>
#include <memory>
#include <span>
#include <utility>

namespace rollcast::receive {

/// Awaits reports for receives that wait, from the first wait until no receive is under way any
/// more: a loop of receives would otherwise begin and stop awaiting with each datagram.
class report_watch {
public:
    void keep(std::span<os::report_inbox> inboxes)
    {
        if (is_kept_)
            return;
        is_kept_ = true;
        for (auto& each : inboxes)
            awaited_.emplace_back(each);
    }

    void release()
    {
        is_kept_ = false;
        awaited_.clear();
    }

    bool is_kept() const noexcept { return is_kept_; }

    /// A report came, maybe while no receive waited: the next one looks up before it waits.
    void interrupt() noexcept { is_interrupted_ = true; }
    void looked_up() noexcept { is_interrupted_ = false; }
    bool is_interrupted() const noexcept { return is_interrupted_; }

    /// Releases in the next step, if no receive is under way by then; `owner` has this as its
    /// `watch`.
    template <class Owner>
    [[gnu::hot]] void release_later(std::shared_ptr<Owner> const& owner)
    {
        if (!is_kept_ || std::exchange(is_release_planned_, true))
            return;
        asio::post(owner->get_executor(), [owner] {
            owner->watch.is_release_planned_ = false;
            owner->step_ended();
        });
    }

private:
    std::deque<os::awaiting_reports> awaited_;
    bool is_kept_ = false;
    bool is_interrupted_ = false;
    bool is_release_planned_ = false;
};

} // namespace rollcast::receive
