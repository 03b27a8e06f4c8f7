// SPDX-License-Identifier: BSL-1.0
#include "protocol/engine.hpp"

#include "announce/codec.hpp"

#include <algorithm>
#include <utility>

namespace rollcast::detail {

namespace {

/// These are never multicast.
bool is_for_one(message_type type) noexcept
{
    using enum message_type;
    return type == beat || type == ack || type == pull || type == records || type == conflict;
}

} // namespace

engine::engine(engine_config config) : self_(std::move(config)) {}

void engine::begin(self_state::mode what, void (segment::*how)(time_point), time_point now)
{
    self_.now_doing = what;
    begun_ = now;
    for (auto const& each : segments_)
        (each.get()->*how)(now);
}

void engine::start(time_point now)
{
    self_.observes = false;
    begin(self_state::mode::announcing, &segment::start, now);
    advance(now);
}

void engine::start_settled(time_point now)
{
    self_.observes = false;
    begin(self_state::mode::announcing, &segment::start_settled, now);
    settle(now);
}

void engine::listen_only(time_point now)
{
    begin(self_state::mode::silent, &segment::listen, now);
    settle(now);
}

void engine::leave(time_point now)
{
    withdrawal_ = withdrawal::none; // this time it is for good
    if (self_.now_doing == self_state::mode::observing)
        listen_only(now); // an observer is no member, so there is no goodbye
    if (self_.now_doing != self_state::mode::announcing)
        return;
    self_.now_doing = self_state::mode::leaving;
    for (auto const& each : segments_)
        if (!each->detached())
            each->leave(now);
    advance(now);
}

void engine::discover(time_point now)
{
    if (!self_.may_ask())
        return;
    for (auto const& each : segments_)
        if (!each->detached())
            each->ask_again(now);
    advance(now);
}

void engine::wake_up(duration slept, time_point now)
{
    for (auto const& each : segments_) {
        each->call_the_roll(slept, now); // when a detached link is back
        if (each->detached())
            continue;
        if (self_.may_ask())
            each->introduce(now);
        else
            each->forgive(now);
    }
    expected_ = time_point::max(); // lateness does not count
    advance(now);
}

void engine::start_withdrawn(time_point now)
{
    withdrawal_ = withdrawal::done;
    listen_only(now);
}

void engine::announce(bool on, time_point now)
{
    if (!on && self_.may_speak()) {
        leave(now);
        withdrawal_ = withdrawal::under_way;
    } else if (on && self_.now_doing == self_state::mode::observing) {
        become_member(now);
    } else if (on && withdrawal_ != withdrawal::none) {
        withdrawal_ = withdrawal::none;
        // Those who have heard the goodbye believe only a higher incarnation.
        ++self_.config.own.incarnation;
        for (auto const& each : segments_)
            each->rename();
        start(now);
    }
}

/// Once the goodbyes are said, this instance only listens, or observes if it was made to.
void engine::withdraw_if_said(time_point now)
{
    if (withdrawal_ != withdrawal::under_way || is_leaving())
        return;
    if (self_.config.observer)
        observe(now);
    else
        start_withdrawn(now);
}

bool engine::is_leaving() const noexcept
{
    return self_.now_doing == self_state::mode::leaving &&
           std::ranges::any_of(
               segments_, [](auto const& each) { return each->is_leaving() && !each->detached(); });
}

std::vector<outgoing> engine::last_words()
{
    bool const unheard = self_.now_doing != self_state::mode::announcing && !is_leaving();
    if (unheard)
        return {};
    for (auto const& each : segments_)
        each->last_word();
    return take_outgoing();
}

segment* engine::find_segment(unsigned link_index) const noexcept
{
    for (auto const& each : segments_)
        if (each->where().index == link_index)
            return each.get();
    return nullptr;
}

error_code engine::update(std::span<std::byte const> data, time_point now)
{
    auto const& config = self_.config;
    if (data.size() > announce::max_data_size(config.service_ports.size(), config.port_names))
        return error::data_too_large;
    if (std::ranges::equal(data, self_.config.data))
        return {};
    enter(now);
    self_.config.data.assign(data.begin(), data.end());
    ++self_.sequence;
    renew(now);
    settle(now);
    return {};
}

void engine::renew(time_point now)
{
    for (auto const& each : segments_)
        if (!each->detached())
            each->renew(now);
}

void engine::receive(std::span<std::byte const> datagram, arrival const& from, time_point now)
{
    auto const heard = announce::decode(datagram, self_.config.key);
    if (heard)
        return hear(*heard, datagram.size(), from, now);
    ++self_.counters.received;
    count(heard.error());
}

void engine::count(error_code const& why) noexcept
{
    if (why == error::foreign)
        ++self_.counters.foreign;
    else if (why == error::unsupported_version)
        ++self_.counters.unsupported;
    else if (why == error::corrupted)
        ++self_.counters.corrupted;
    else
        ++self_.counters.malformed;
}

void engine::hear(announcement const& heard, std::size_t bytes, arrival const& from, time_point now)
{
    bool const ourselves = heard.who.life == self_.config.own.life;
    self_.counters.received += !ourselves;
    auto* const where = find_segment(from.link);
    if (!where || where->detached())
        return;
    if (ourselves && heard.observer)
        return;
    if (from.multicast && is_for_one(heard.type)) {
        ++self_.counters.malformed; // all who hear it would answer, perhaps to a forged source
        return;
    }
    enter(now);
    if (ourselves)
        return hear_ourselves(heard, *where, now);
    bool const proven = where->is_echo(heard, from, now);
    if (!where->is_heard(heard, bytes, from, proven, now))
        return settle(now);
    if (heard.observer)
        return hear_observer(heard, from, proven, *where, now);
    if (self_.is_ours(heard.who.id))
        hear_rival(heard, from, proven, *where, now);
    else
        heed(where->hear(heard, from, proven, now), *where, from, now);
    publish_changes(*where, now); // before another link changes, too
    hear_of_losses(heard, *where, now);
    settle(now);
}

bool engine::has_room(std::uint64_t id, bool proven) const
{
    std::size_t unproven = 0;
    std::size_t charted = others_;
    for (auto const& each : segments_) {
        if (each->known().members().find(id))
            return true;
        unproven += each->known().members().unproven();
        charted += each->known().joining() + each->known().members().hidden();
    }
    auto const most = self_.most_unproven();
    return charted < self_.config.max_instances &&
           (proven || unproven < most || (segments_.size() > 1 && unproven_ids() < most));
}

/// A late call of `advance` shows that this instance, and not everybody else, is slow.
void engine::note_lateness(time_point now)
{
    auto const h = self_.beat_interval();
    if (now <= expected_)
        return;
    auto const late = now - expected_;
    expected_ = time_point::max();
    if (late > h / 4 && self_.may_ask())
        self_.local_health.worsen(now, self_.config.detection_time);
    for (auto const& each : segments_)
        each->call_the_roll(late, now);
    for (auto const& each : segments_)
        if (late > 40 * h && self_.may_ask()) // 10 D
            each->introduce(now);
        else
            each->forgive(late, now);
}

/// Every call finds out first how late it is: `settle` at its end says when the next one is due.
void engine::enter(time_point now)
{
    told_before_ = events_.size();
    note_lateness(now);
}

void engine::advance(time_point now)
{
    enter(now);
    self_.local_health.advance(now, self_.config.detection_time);
    close_segments(now);
    for (auto const& each : segments_) {
        if (each->detached())
            continue;
        each->advance(now);
        publish_changes(*each, now); // before another link changes, too
    }
    object_if_due(now);
    if (ask_again_ && *ask_again_ <= now) {
        ask_again_.reset();
        if (self_.may_speak())
            renew(now);
    }
    withdraw_if_said(now);
    settle(now);
}

/// Passes on what has changed, and notes when to be called again.
void engine::settle(time_point now)
{
    for (auto const& each : segments_) {
        publish_changes(*each, now);
        if (each->take_multicast_lost()) {
            instance own;
            own.id = self_.config.own.id;
            own.life = self_.config.own.life;
            own.incarnation = self_.config.own.incarnation;
            tell(event_kind::multicast_lost, std::move(own));
        }
    }
    // A claim may be lost, or its loss forgotten, without a change of what any link holds. There
    // are seldom such claims.
    std::vector<std::uint64_t> contested;
    for (auto const& [id, life] : contested_)
        contested.push_back(id);
    for (auto const id : contested)
        if (settle_claim(id))
            tell(event_kind::restarted, gather(id, nullptr, nullptr));
    forget_settled_claims();
    share_the_watch(now);
    expected_ = std::max(now, next_deadline().value_or(time_point::max()));
}

std::optional<time_point> engine::next_deadline() const
{
    if (self_.now_doing == self_state::mode::idle)
        return std::nullopt;
    auto next = ask_again_;
    if ((accused_ || doubted_) && self_.may_speak())
        next = earlier(next, objections_.next());
    for (auto const& each : segments_)
        next = earlier(next, each->detached() ? close_time(*each) : each->next_deadline());
    return next;
}

void engine::preload(identity const& who, record_view const& told, time_point now)
{
    for (auto const& each : segments_)
        each->preload(who, told, now);
    for (auto const& each : segments_)
        for (auto const& what : each->known().take_changes())
            others_ += static_cast<std::size_t>(what.member == membership::begun);
}

record_view engine::own_view(unsigned link_index) const
{
    return find_segment(link_index)->own_voice().own().record();
}

std::vector<outgoing> engine::take_outgoing()
{
    return std::exchange(self_.sent, {});
}

std::vector<event> engine::take_events()
{
    told_before_ = 0;
    return std::exchange(events_, {});
}

} // namespace rollcast::detail
