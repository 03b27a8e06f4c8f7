// SPDX-License-Identifier: BSL-1.0
#include "chart/engine.hpp"

#include <rollcast/announce/codec.hpp>

#include <algorithm>
#include <utility>

namespace rollcast::detail {

engine::engine(engine_config config)
    : config_(std::move(config)),
      random_(config_.seed),
      table_(config_.max_instances),
      schedule_(config_.detection_time, random_)
{
}

void engine::start(time_point now)
{
    mode_ = mode::announcing;
    started_ = now;
    schedule_.introduce(now);
    transmit_due(now);
}

void engine::listen_only(time_point)
{
    mode_ = mode::silent;
}

void engine::leave(time_point now)
{
    if (mode_ != mode::announcing)
        return;
    schedule_.leave(now);
    transmit_due(now);
}

void engine::set_links(std::vector<link> links, time_point now)
{
    if (links == links_)
        return;
    links_ = std::move(links);
    table_.set_links(links_);
    ++sequence_;
    if (mode_ == mode::announcing && !schedule_.is_leaving()) {
        schedule_.introduce(now);
        transmit_due(now);
    }
}

error_code engine::update(std::span<std::byte const> data, time_point now)
{
    if (data.size() > announce::max_data_size(config_.service_ports.size()))
        return error::data_too_large;
    if (std::ranges::equal(data, config_.data))
        return {};
    config_.data.assign(data.begin(), data.end());
    ++sequence_;
    if (mode_ == mode::announcing && !schedule_.is_leaving()) {
        schedule_.announce_change(now);
        transmit_due(now);
    }
    return {};
}

void engine::receive(std::span<std::byte const> datagram, arrival const& from, time_point now)
{
    auto const heard = announce::decode(datagram, config_.key);
    if (heard && heard->who.life == config_.own.life)
        return; // our own, looped back
    ++counters_.received;
    if (!heard)
        return count(heard.error());
    if (heard->who.id == config_.own.id)
        hear_own_id(*heard, from, now);
    else
        hear(*heard, from, now);
}

void engine::hear(announcement const& heard, arrival const& from, time_point now)
{
    auto const verdict = heard.type == message_type::bye ? table_.hear_bye(heard.who, now)
                                                         : table_.hear(heard, from, now);
    count(verdict);
    bool const introduced = heard.type == message_type::hello && heard.attempt != 0;
    bool const asked = heard.type == message_type::ping || introduced;
    if (asked && mode_ == mode::announcing && !schedule_.is_leaving())
        answer(heard, from);
}

/// Another life claims our id; both sides are told, at most once per detection time.
void engine::hear_own_id(announcement const& heard, arrival const& from, time_point now)
{
    ++counters_.stale;
    bool const told = conflict_told_ && now - *conflict_told_ < config_.detection_time;
    // Right after a restart the own last words of before may still be under way.
    bool const echo =
        heard.who.incarnation < config_.own.incarnation && now - started_ <= table::restart_grace;
    if (mode_ != mode::announcing || told || echo || !heard.record)
        return;
    conflict_told_ = now;
    table_.tell(event_kind::id_conflict, table_.describe(heard, from));
}

/// A hello comes by every IP version of the link; one answer to each is enough.
void engine::answer(announcement const& heard, arrival const& from)
{
    if (heard.type == message_type::ping)
        return unicast(message_type::ack, from);
    auto* asker = table_.find(heard.who.id);
    auto* here = asker && asker->who.life == heard.who.life ? asker->on(from.link) : nullptr;
    if (!here || here->answered_attempt == heard.attempt)
        return;
    here->answered_attempt = heard.attempt;
    unicast(message_type::records, from);
}

void engine::count(error_code const& why)
{
    if (why == error::foreign)
        ++counters_.foreign;
    else if (why == error::unsupported_version)
        ++counters_.unsupported;
    else if (why == error::corrupted)
        ++counters_.corrupted;
    else
        ++counters_.malformed;
}

void engine::count(table::verdict verdict)
{
    counters_.applied += verdict == table::verdict::applied;
    counters_.stale += verdict == table::verdict::stale;
    counters_.refused += verdict == table::verdict::refused;
}

void engine::advance(time_point now)
{
    transmit_due(now);
    for (auto const silent : table_.advance(now))
        ask(silent);
}

void engine::transmit_due(time_point now)
{
    if (mode_ != mode::announcing)
        return;
    while (auto const due = schedule_.take_due(now))
        multicast(*due);
}

void engine::ask(std::uint64_t silent)
{
    auto const* who = table_.find(silent);
    if (mode_ != mode::announcing || !who)
        return;
    for (auto const& each : who->presences)
        unicast(message_type::ping, {each.link, each.unicast});
}

void engine::unicast(message_type type, arrival const& to)
{
    auto const on = std::ranges::find(links_, to.link, &link::index);
    if (on != links_.end())
        outgoing_.push_back({to.link, to.source, encode(type, 0, *on)});
}

void engine::multicast(schedule::transmission const& what)
{
    auto const type = what.what == schedule::kind::hello ? message_type::hello : message_type::bye;
    for (auto const& on : links_)
        outgoing_.push_back({on.index, std::nullopt, encode(type, what.attempt, on)});
}

std::vector<std::byte> engine::encode(message_type type, std::uint8_t attempt, link const& on)
{
    announcement value;
    value.type = type;
    value.counter = ++counter_;
    value.who = config_.own;
    value.attempt = attempt;
    if (type != message_type::bye)
        value.record = own_record(on);
    // Ports and data were checked when they were set, so this always fits.
    return announce::encode(value, config_.key).value();
}

/// Only addresses valid on that very link: what is told here may mean another host elsewhere.
record engine::own_record(link const& on) const
{
    record own;
    own.sequence = sequence_;
    own.beat_interval = config_.detection_time / 4;
    own.discovery_port = config_.discovery_port;
    own.service_ports = config_.service_ports;
    for (auto const& each : on.addresses)
        own.addresses.push_back(each.address);
    own.data = config_.data;
    return own;
}

std::vector<outgoing> engine::last_words()
{
    bool const unheard = mode_ != mode::announcing || schedule_.has_left();
    if (unheard)
        return {};
    multicast({schedule::kind::bye, 0});
    return take_outgoing();
}

std::optional<time_point> engine::next_deadline() const
{
    auto const table_due = table_.next_deadline();
    auto const own_due = mode_ == mode::announcing ? schedule_.next_deadline() : std::nullopt;
    if (table_due && own_due)
        return std::min(*table_due, *own_due);
    return table_due ? table_due : own_due;
}

std::vector<outgoing> engine::take_outgoing()
{
    return std::exchange(outgoing_, {});
}

std::vector<event> engine::take_events()
{
    return table_.take_events();
}

} // namespace rollcast::detail
