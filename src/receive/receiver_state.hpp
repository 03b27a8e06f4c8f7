// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "detail/step.hpp"
#include "detail/turn.hpp"
#include "detail/unread_events.hpp"
#include "os/coarse_clock.hpp"
#include "os/readiness_set.hpp"
#include "receive/subscription_state.hpp"
#include "receive/take_when_ready.hpp"

#include <rollcast/receive/receiver.hpp>

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace rollcast {

/// The subscriptions of a receiver and which has its turn; owned by the receiver and by its pending
/// operations.
struct ROLLCAST_HIDDEN receiver::state {
    using outcome = receive::outcome;

    struct slot {
        subscription sub;
        std::shared_ptr<subscription::state> state; ///< Of `sub`, also when `sub` was moved from.
        std::vector<unsigned> where;  ///< Resolved interfaces, where they could be told.
        std::uint64_t last_round = 0; ///< The last round in which it had its turn.
    };

    explicit state(executor_type executor) : readiness(std::move(executor)) {}

    executor_type get_executor() { return readiness.get_executor(); }
    error_code ready_to_receive(std::uint64_t) const noexcept;
    void keep_awaiting_reports() { watch.keep(reports_); }
    void step_ended();
    asio::awaitable<void> wait(error_code& ec) { return readiness.wait(ec); }
    asio::awaitable<void> wait_for_reports();
    void refresh();
    void refresh_now_and_then();
    void look_up() { refresh(); }

    [[gnu::hot]] outcome take(packet& into, error_code& ec);
    [[gnu::hot]] outcome take(batch& into, error_code& ec);

    subscription_id add(subscription&& sub, error_code& ec);
    bool is_duplicate(subscription_config const& config, std::vector<unsigned> const& where) const;
    slot* find(subscription_id id);
    std::optional<subscription> take_out(subscription_id id);
    void close();

    void change_membership(subscription_id id, error_code& ec,
                           void (subscription::*change)(error_code&));
    std::string explain(error_code const& ec) const;
    std::string explain(error_code const& ec, subscription_id id) const;
    void count_batch(std::size_t packets);
    metrics::receiver_record gauges(metrics::receiver_record now) const;

    os::readiness_set readiness;
    std::unordered_map<subscription_id, slot> slots;
    detail::unread_events<membership_event> events;
    metrics::recorder<metrics::receiver_record> metrics;
    subscription_id last_id = 0;
    subscription_id failed = 0;
    detail::turn turn;
    detail::step step;
    receive::report_watch watch;
    bool receiving = false;
    bool watching = false;
    bool closed = false;

private:
    [[gnu::hot]] outcome take_in_turn(auto& into, error_code& ec);
    [[gnu::hot]] outcome take_from(subscription::state& from, auto& into, error_code& ec);
    [[gnu::hot]] void begin_round();
    void attach(subscription_id id, slot& each);
    void register_one(subscription_id id, slot& each);
    void unregister(subscription::state const& from) noexcept;
    void collect_event(subscription_id id);
    void hear_reports_with(subscription::state const& one);
    void interrupt();

    /// Rounds that may go by without asking the kernel, while a subscription has packets read
    /// ahead.
    static constexpr int longest_look_away = 16;

    std::vector<subscription_id> round_; ///< To have their turn yet, in reverse order.
    std::vector<subscription_id> rests_; ///< That have packets read ahead.
    int rounds_since_look_ = 0;
    std::uint64_t rounds_ = 0;
    std::optional<detail::wakeup> news_; ///< Wakes waits for events.
    os::look_pace looks_;
    std::vector<os::report_inbox> reports_; ///< One for each network namespace, as a rule 1.
};

} // namespace rollcast
