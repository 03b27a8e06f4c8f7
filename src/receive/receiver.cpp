// SPDX-License-Identifier: BSL-1.0
#include <rollcast/receive/receiver.hpp>

#include "detail/spawn.hpp"
#include "os/readiness_set.hpp"
#include "receive/membership.hpp"
#include "receive/subscription_state.hpp"
#include "receive/take_when_ready.hpp"

#include <algorithm>
#include <unordered_map>

namespace rollcast {

using receive::outcome;

struct receiver::state {
    /// A subscription, and what about it was registered for readiness.
    struct slot {
        subscription sub;
        std::vector<unsigned> where; ///< Resolved interfaces, where they could be told.
        std::optional<subscription::native_handle_type> registered{};
    };

    explicit state(executor_type executor) : readiness(std::move(executor)) {}

    executor_type get_executor() { return readiness.get_executor(); }
    error_code ready_to_receive(std::uint64_t) const noexcept;
    asio::awaitable<void> wait();

    outcome take(packet& into, error_code& ec) { return take_in_turn(into, ec); }
    outcome take(batch& into, error_code& ec) { return take_in_turn(into, ec); }

    subscription_id add(subscription sub, error_code& ec);
    bool is_duplicate(slot const& fresh) const;
    slot* find(subscription_id id);
    void remove(subscription_id id);
    void register_all();
    void register_one(subscription_id id, slot& each);
    void close();

    os::readiness_set readiness;
    std::unordered_map<subscription_id, slot> slots;
    subscription_id last_id = 0;
    subscription_id failed = 0;
    detail::turn turn;
    bool receiving = false;
    bool closed = false;

private:
    outcome take_in_turn(auto& into, error_code& ec);
    void begin_round();

    std::vector<subscription_id> round_; ///< Whose turn it still is, in reverse order.
    std::vector<subscription_id> rests_; ///< Who has packets that have left the kernel.
};

error_code receiver::state::ready_to_receive(std::uint64_t) const noexcept
{
    return closed ? error_code(asio::error::operation_aborted) : error_code{};
}

asio::awaitable<void> receiver::state::wait()
{
    return readiness.wait();
}

/// Subscriptions may have been joined, or have got another socket, behind our back.
void receiver::state::register_all()
{
    for (auto& [id, each] : slots)
        register_one(id, each);
}

void receiver::state::register_one(subscription_id id, slot& each)
{
    auto const handle =
        each.sub.is_joined() ? std::optional(each.sub.native_handle()) : std::nullopt;
    if (handle == each.registered)
        return;
    if (each.registered)
        readiness.remove(*each.registered);
    each.registered.reset();
    if (handle && !readiness.add(*handle, id))
        each.registered = handle;
}

/// One round gives everybody who has something one turn, in the order of ids.
void receiver::state::begin_round()
{
    round_ = std::exchange(rests_, {});
    readiness.collect(round_);
    if (round_.empty()) {
        register_all(); // worth the look while nobody has anything
        readiness.collect(round_);
    }
    std::ranges::sort(round_, std::greater<>());
    auto const repeated = std::ranges::unique(round_);
    round_.erase(repeated.begin(), repeated.end());
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
        if (!each || !each->sub.is_joined())
            continue;
        auto const got = each->sub.state_->take(into, ec);
        if (each->sub.state_->has_rest())
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
    fresh.sub.state_->id = ++last_id;
    slots.emplace(last_id, std::move(fresh));
    return last_id;
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

void receiver::state::remove(subscription_id id)
{
    auto* const each = find(id);
    if (each && each->registered)
        readiness.remove(*each->registered);
    slots.erase(id);
}

void receiver::state::close()
{
    closed = true;
    readiness.close();
    slots.clear();
}

receiver::receiver(executor_type executor) : state_(std::make_shared<state>(std::move(executor))) {}

receiver::receiver(receiver&&) noexcept = default;

receiver& receiver::operator=(receiver&& other) noexcept
{
    std::swap(state_, other.state_);
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

void receiver::join(subscription_id id, error_code& ec)
{
    auto* const each = state_->find(id);
    ec = error::unknown_subscription;
    if (!each)
        return;
    each->sub.join(ec);
    state_->register_one(id, *each);
}

void receiver::leave(subscription_id id, error_code& ec)
{
    auto* const each = state_->find(id);
    ec = error::unknown_subscription;
    if (!each)
        return;
    each->sub.leave(ec);
    state_->register_one(id, *each);
}

bool receiver::remove(subscription_id id)
{
    return take(id).has_value();
}

std::optional<subscription> receiver::take(subscription_id id)
{
    auto* const each = state_->find(id);
    if (!each)
        return std::nullopt;
    std::optional<subscription> taken(std::move(each->sub));
    state_->remove(id);
    taken->state_->id = 0;
    return taken;
}

subscription* receiver::find(subscription_id id) noexcept
{
    auto* const each = state_->find(id);
    return each ? &each->sub : nullptr;
}

std::size_t receiver::size() const noexcept
{
    return state_->slots.size();
}

asio::awaitable<packet> receiver::recv()
{
    return receive::take_when_ready(state_, 0, receive::one_packet());
}

void receiver::start_recv(asio::any_completion_handler<receive_signature> handler)
{
    detail::spawn(get_executor(), recv(), std::move(handler));
}

asio::awaitable<std::size_t> receiver::recv_batch(batch& into)
{
    return receive::take_when_ready(state_, 0, receive::whole_batch{&into});
}

void receiver::start_recv_batch(asio::any_completion_handler<batch_signature> handler, batch* into)
{
    detail::spawn(get_executor(), recv_batch(*into), std::move(handler));
}

std::optional<packet> receiver::try_recv_any(error_code& ec)
{
    packet result;
    if (state_->take(result, ec) == outcome::delivered)
        return result;
    return std::nullopt;
}

receiver::drained receiver::drain(std::function<void(packet const&)> const& each, error_code& ec,
                                  std::size_t cap)
{
    drained result;
    cap = std::min(cap, drain_cap);
    while (result.packets < cap) {
        auto const packet = try_recv_any(ec);
        if (packet) {
            ++result.packets;
            each(*packet);
        } else if (ec) {
            ec = ec == asio::error::would_block ? error_code{} : ec;
            return result;
        }
    }
    result.more = true;
    ec = {};
    return result;
}

subscription_id receiver::failed() const noexcept
{
    return state_->failed;
}

} // namespace rollcast
