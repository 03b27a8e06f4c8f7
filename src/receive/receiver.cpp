// SPDX-License-Identifier: BSL-1.0
#include <rollcast/receive/receiver.hpp>

#include "detail/spawn.hpp"
#include "error/explanation.hpp"
#include "os/readiness_set.hpp"
#include "receive/interface_choice.hpp"
#include "receive/membership_events.hpp"
#include "receive/next_membership_event.hpp"
#include "receive/subscription_state.hpp"
#include "receive/take_when_ready.hpp"

#include <algorithm>
#include <unordered_map>

namespace rollcast {
namespace {

/// A configuration that breaks no rule by itself can only be there already.
std::string explain_added(subscription_config const& config, error_code const& ec)
{
    bool const is_there = ec == error::duplicate_entry && !validate(config);
    return is_there ? to_string(config.group) +
                          ": a subscription of the same group, sources and interfaces is there "
                          "already; use that one, or remove it first"
                    : explain(config, ec);
}

} // namespace

using receive::outcome;

struct ROLLCAST_HIDDEN receiver::state {
    struct slot {
        subscription sub;
        std::vector<unsigned> where; ///< Resolved interfaces, where they could be told.
    };

    explicit state(executor_type executor) : readiness(std::move(executor)) {}

    executor_type get_executor() { return readiness.get_executor(); }
    error_code ready_to_receive(std::uint64_t) const noexcept;
    asio::awaitable<void> wait() { return readiness.wait(); }
    asio::awaitable<void> wait_for_reports();
    void refresh();
    void look_up() const noexcept {} ///< Each round does.

    outcome take(packet& into, error_code& ec) { return take_in_turn(into, ec); }
    outcome take(batch& into, error_code& ec);

    subscription_id add(subscription sub, error_code& ec);
    bool is_duplicate(slot const& fresh) const;
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
    receive::membership_events events;
    metrics::recorder<metrics::receiver_record> metrics;
    subscription_id last_id = 0;
    subscription_id failed = 0;
    detail::turn turn;
    detail::step step;
    bool receiving = false;
    bool watching = false;
    bool closed = false;

private:
    outcome take_in_turn(auto& into, error_code& ec);
    outcome take_from(subscription::state& from, auto& into, error_code& ec);
    void begin_round();
    void attach(subscription_id id, slot& each);
    void register_one(subscription_id id, slot& each);
    void collect_event(subscription_id id);

    void look_after_interfaces();

    /// Marks the key of a subscription's reports, as against its sockets.
    static constexpr subscription_id about_interfaces = subscription_id(1) << 63;

    /// Rounds that may go by without asking the kernel, while somebody has packets at hand.
    static constexpr int longest_look_away = 16;

    std::vector<subscription_id> round_; ///< Whose turn it still is, in reverse order.
    std::vector<subscription_id> rests_; ///< Who has packets that have left the kernel.
    int rounds_since_look_ = 0;
    std::optional<os::readiness_set> changes_; ///< Of reports about interfaces.
};

error_code receiver::state::ready_to_receive(std::uint64_t) const noexcept
{
    return closed ? error_code(asio::error::operation_aborted) : error_code{};
}

asio::awaitable<void> receiver::state::wait_for_reports()
{
    if (!changes_) {
        changes_.emplace(get_executor());
        for (auto& [id, each] : slots)
            each.sub.state_->add_reports_to(*changes_, id);
    }
    return changes_->wait();
}

/// Each looks after its own interfaces; what it finds, it tells `collect_event`.
void receiver::state::refresh()
{
    for (auto& [id, each] : slots)
        each.sub.state_->refresh();
}

void receiver::state::collect_event(subscription_id id)
{
    auto* const each = find(id);
    while (each) {
        auto event = each->sub.state_->events.pop();
        if (!event)
            break;
        events.push(std::move(*event));
    }
    if (changes_)
        changes_->cancel();
}

void receiver::state::register_one(subscription_id id, slot& each)
{
    each.sub.state_->add_sockets_to(readiness, id);
    each.sub.state_->add_reports_to(readiness, id | about_interfaces);
    if (changes_)
        each.sub.state_->add_reports_to(*changes_, id);
}

/// Subscriptions may be joined, left and mended behind our back, and tell so.
void receiver::state::attach(subscription_id id, slot& each)
{
    each.sub.state_->id = id;
    each.sub.state_->told.sockets_changed = [this, id] {
        if (auto* const changed = find(id))
            register_one(id, *changed);
        metrics.record([&](metrics::receiver_record& now) { now = gauges(now); });
    };
    each.sub.state_->told.event_came = [this, id] { collect_event(id); };
    register_one(id, each);
    if (each.sub.state_->has_rest())
        rests_.push_back(id);
}

/// One round gives everybody who has something one turn, in the order of ids.
void receiver::state::begin_round()
{
    round_.swap(rests_);
    rests_.clear();
    if (round_.empty() || ++rounds_since_look_ == longest_look_away) {
        rounds_since_look_ = 0;
        readiness.collect(round_);
        look_after_interfaces();
    }
    std::ranges::sort(round_, std::greater<>());
    auto const repeated = std::ranges::unique(round_);
    round_.erase(repeated.begin(), repeated.end());
}

/// Takes those keys out of the round that tell of reports, and has them read.
void receiver::state::look_after_interfaces()
{
    auto const told = std::ranges::partition(
        round_, [](subscription_id key) { return (key & about_interfaces) == 0; });
    for (auto const key : told)
        if (auto* const each = find(key & ~about_interfaces))
            each->sub.state_->refresh();
    round_.erase(told.begin(), told.end());
}

outcome receiver::state::take_from(subscription::state& from, auto& into, error_code& ec)
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

outcome receiver::state::take(batch& into, error_code& ec)
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
    now.joined_subscriptions = static_cast<std::uint64_t>(std::ranges::count_if(
        slots, [](auto const& each) { return each.second.sub.state_->joined; }));
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

/// What failed last, or the groups of all.
std::string receiver::state::explain(error_code const& ec) const
{
    if (failed != 0 && slots.contains(failed) && ec.category() != category())
        return explain(ec, failed);
    std::vector<std::string> groups;
    for (auto const& each : slots)
        groups.push_back(to_string(each.second.sub.config().group));
    std::ranges::sort(groups);
    return detail::explanation(groups.empty() ? "receiver without subscriptions"
                                              : "receiver of " + detail::joined(groups),
                               ec);
}

std::string receiver::state::explain(error_code const& ec, subscription_id id) const
{
    auto const found = slots.find(id);
    if (found != slots.end())
        return rollcast::explain(found->second.sub.config(), ec);
    std::vector<std::string> ids;
    for (auto const& each : slots)
        ids.push_back(std::to_string(each.first));
    std::ranges::sort(ids);
    return detail::explanation("subscription " + std::to_string(id), ec,
                               ids.empty() ? "there are none"
                                           : "there are: " + detail::joined(ids));
}

outcome receiver::state::take_in_turn(auto& into, error_code& ec)
{
    if (round_.empty())
        begin_round();
    bool unfinished = false;
    while (!round_.empty()) {
        auto const id = round_.back();
        round_.pop_back();
        auto* const each = find(id);
        if (!each || !each->sub.state_->joined)
            continue;
        auto& from = *each->sub.state_;
        auto const got = take_from(from, into, ec);
        if (from.has_rest())
            rests_.push_back(id);
        if (got == outcome::failed)
            failed = id;
        if (got == outcome::delivered || got == outcome::failed)
            return got;
        unfinished = unfinished || got == outcome::turn_over;
    }
    ec = unfinished ? error_code{} : error_code(asio::error::would_block);
    return unfinished ? outcome::turn_over : outcome::queue_empty;
}

subscription_id receiver::state::add(subscription sub, error_code& ec)
{
    slot fresh{std::move(sub), {}};
    auto const where = receive::interfaces_to_join(fresh.sub.config());
    if (where)
        for (auto const& each : *where)
            fresh.where.push_back(each.index);
    std::ranges::sort(fresh.where);
    ec = is_duplicate(fresh) ? error_code(error::duplicate_entry) : error_code{};
    if (ec)
        return 0;
    auto const id = ++last_id;
    attach(id, slots.emplace(id, std::move(fresh)).first->second);
    metrics.record([&](metrics::receiver_record& now) {
        now = gauges(now);
        ++now.subscriptions_added;
    });
    return id;
}

bool receiver::state::is_duplicate(slot const& fresh) const
{
    auto const sorted = [](std::vector<asio::ip::address> sources) {
        std::ranges::sort(sources);
        return sources;
    };
    auto const& config = fresh.sub.config();
    return std::ranges::any_of(slots, [&](auto const& each) {
        auto const& other = each.second.sub.config();
        return other.group == config.group && each.second.where == fresh.where &&
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
    slots.erase(id);
    auto& from = *taken->state_;
    from.told = {};
    from.id = 0;
    from.remove_from(readiness);
    if (changes_)
        from.remove_from(*changes_);
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
    if (changes_)
        changes_->close();
    slots.clear();
}

receiver::receiver(executor_type executor) : state_(std::make_shared<state>(std::move(executor))) {}

receiver::receiver(receiver&&) noexcept = default;

receiver& receiver::operator=(receiver&& other) noexcept
{
    if (this != &other) {
        receiver const ended(std::move(*this));
        state_ = std::move(other.state_);
    }
    return *this;
}

receiver::~receiver()
{
    if (state_)
        state_->close();
}

receiver::executor_type receiver::get_executor() const
{
    return state_->get_executor();
}

subscription_id receiver::add(subscription_config config, error_code& ec)
{
    ec = validate(config);
    return ec ? 0 : state_->add(subscription(get_executor(), std::move(config)), ec);
}

subscription_id receiver::add(subscription existing, error_code& ec)
{
    return state_->add(std::move(existing), ec);
}

subscription_id receiver::add(subscription_config config)
{
    error_code ec;
    auto const id = add(config, ec);
    detail::throw_if(ec, "add", [&](error_code const& why) { return explain_added(config, why); });
    return id;
}

subscription_id receiver::add(subscription existing)
{
    auto const config = existing.config();
    error_code ec;
    auto const id = add(std::move(existing), ec);
    detail::throw_if(ec, "add", [&](error_code const& why) { return explain_added(config, why); });
    return id;
}

void receiver::join(subscription_id id, error_code& ec)
{
    state_->change_membership(id, ec, &subscription::join);
}

void receiver::join(subscription_id id)
{
    error_code ec;
    join(id, ec);
    detail::throw_if(ec, "join", [&](error_code const& why) { return state_->explain(why, id); });
}

void receiver::leave(subscription_id id)
{
    error_code ec;
    leave(id, ec);
    detail::throw_if(ec, "leave", [&](error_code const& why) { return state_->explain(why, id); });
}

void receiver::leave(subscription_id id, error_code& ec)
{
    state_->change_membership(id, ec, &subscription::leave);
}

bool receiver::remove(subscription_id id)
{
    return take(id).has_value();
}

std::optional<subscription> receiver::take(subscription_id id)
{
    return state_->take_out(id);
}

subscription* receiver::find(subscription_id id)
{
    auto* const each = state_->find(id);
    return each ? &each->sub : nullptr;
}

std::size_t receiver::size() const
{
    return state_->slots.size();
}

asio::awaitable<packet> receiver::recv()
{
    return receive::take_when_ready(state_.shared(), 0, receive::one_packet(),
                                    detail::begun::in_coroutine);
}

void receiver::start_recv(asio::any_completion_handler<receive_signature> handler)
{
    auto body = receive::take_when_ready(state_.shared(), 0, receive::one_packet(),
                                         detail::begun::by_token);
    detail::spawn(get_executor(), std::move(body), std::move(handler));
}

asio::awaitable<std::size_t> receiver::recv_batch(batch& into)
{
    return receive::take_when_ready(state_.shared(), 0, receive::whole_batch{&into},
                                    detail::begun::in_coroutine);
}

void receiver::start_recv_batch(asio::any_completion_handler<batch_signature> handler, batch* into)
{
    auto body = receive::take_when_ready(state_.shared(), 0, receive::whole_batch{into},
                                         detail::begun::by_token);
    detail::spawn(get_executor(), std::move(body), std::move(handler));
}

std::optional<packet> receiver::try_recv_any(error_code& ec)
{
    packet result;
    if (state_->take(result, ec) == outcome::delivered)
        return result;
    return std::nullopt;
}

std::optional<packet> receiver::try_recv_any()
{
    error_code ec;
    auto packet = try_recv_any(ec);
    receive::throw_if(*state_, ec == asio::error::would_block ? error_code{} : ec, "try_recv_any");
    return packet;
}

asio::awaitable<membership_event> receiver::membership_changed()
{
    return receive::next_membership_event(state_.shared(), 0);
}

void receiver::start_membership_changed(asio::any_completion_handler<membership_signature> handler)
{
    detail::spawn(get_executor(), membership_changed(), std::move(handler));
}

std::optional<membership_event> receiver::try_membership_changed()
{
    state_->refresh();
    return state_->events.pop();
}

receiver::drained receiver::drain(std::function<void(packet const&)> const& each, error_code& ec,
                                  std::size_t cap)
{
    drained result;
    cap = std::min(cap, drain_cap);
    bool more = true;
    while (more && result.packets < cap) {
        if (auto const packet = try_recv_any(ec)) {
            ++result.packets;
            each(*packet);
        }
        more = !ec; // none without an error: foreign datagrams took the turn
    }
    if (ec == asio::error::would_block)
        ec = {};
    result.more = more;
    state_->count_batch(result.packets);
    return result;
}

metrics::receiver_reader receiver::enable_metrics()
{
    return state_->metrics.switch_on(state_->gauges({}));
}

subscription_id receiver::failed() const
{
    return state_->failed;
}

} // namespace rollcast
