// SPDX-License-Identifier: BSL-1.0
#include "fuzz/engine_player.hpp"
#include "announce/codec.hpp"

#include "fuzz/codec_input.hpp"
#include "fuzz/require.hpp"

#include <algorithm>
#include <array>

namespace rollcast::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::uint64_t own_id = 7;
constexpr std::uint64_t ids = 8;
constexpr std::uint64_t own_incarnation = 1'700'000'000'000;
constexpr std::size_t max_instances = 6;
constexpr std::size_t most_unproven = 4; // in so small a chart
constexpr net::port_type own_port = 40007;
constexpr auto detection_time = seconds(1);

/// So often at most it may want to be called at one moment.
constexpr int most_calls = 100;
constexpr std::size_t most_said = 8;

constexpr std::uint8_t observing = 255; ///< How it begins.
constexpr std::uint8_t observers = 240; ///< From this kind of datagram on an observer says it.

life_id life_of(std::uint64_t id, std::uint8_t which)
{
    life_id life;
    life.bytes[0] = static_cast<std::uint8_t>(id);
    life.bytes[1] = which;
    return life;
}

detail::engine_config config_of_ours()
{
    detail::engine_config config;
    config.own = {own_id, life_of(own_id, 0), own_incarnation};
    config.service_ports = {8042};
    config.discovery_port = 8080;
    config.detection_time = detection_time;
    config.max_instances = max_instances;
    config.seed = 1;
    return config;
}

group_key const& key()
{
    static group_key const nameless;
    return nameless;
}

} // namespace

engine_player::engine_player(std::span<std::uint8_t const> script)
    : script_(script), now_(std::chrono::hours(24)), engine_(config_of_ours())
{
    invariants_.begin(0, max_instances, detection_time);
}

std::uint8_t engine_player::next()
{
    return at_ < script_.size() ? script_[at_++] : 0;
}

std::span<std::uint8_t const> engine_player::take(std::size_t size)
{
    auto const taken = script_.subspan(at_, std::min(size, script_.size() - at_));
    at_ += taken.size();
    return taken;
}

void engine_player::play()
{
    begin();
    while (at_ < script_.size()) {
        act();
        settle();
    }
    // Whatever has happened, it can be left in peace.
    pass(seconds(30));
    settle();
}

void engine_player::begin()
{
    engine_.set_links({link_of(3, next_below(3))}, now_);
    auto const how = next();
    if (how == observing) {
        invariants_.observes(0);
        engine_.observe(now_);
        return settle();
    }
    switch (how % 4) {
    case 0:
        break; // not yet
    case 1:
        engine_.listen_only(now_);
        invariants_.listens(0);
        break;
    default:
        engine_.start(now_);
    }
    settle();
}

void engine_player::act()
{
    switch (next_below(12)) {
    case 0:
        return pass(milliseconds(10) * next());
    case 1:
        return pass(milliseconds(next()));
    case 2: // a process that was stopped
        now_ += milliseconds(100) * next();
        return engine_.advance(now_);
    case 3:
        return hear_raw();
    case 4:
        return hear_echo_of_ourselves();
    case 5: {
        auto const data = std::as_bytes(take(next()));
        return static_cast<void>(engine_.update(data, now_));
    }
    case 6: {
        auto const id = std::uint64_t{1} + next_below(ids);
        invariants_.forgotten(0, id);
        return static_cast<void>(engine_.forget(id));
    }
    case 7:
        return change_links();
    case 8:
        return wish();
    default:
        return hear_said();
    }
}

/// What an application wants; leaving seldom, since little happens afterwards.
void engine_player::wish()
{
    switch (next()) {
    case 255:
        return engine_.leave(now_);
    case 254:
        return engine_.discover(now_);
    case 253:
    case 252:
    case 251:
        invariants_.listens(0); // and believes what others say
        return engine_.announce(false, now_);
    case 250:
    case 249:
        return engine_.announce(true, now_);
    case 248:
        return engine_.reply(false);
    case 247:
        return engine_.reply(true);
    default:
        return;
    }
}

void engine_player::pass(detail::duration how_long)
{
    auto const end = now_ + how_long;
    int calls = 0;
    for (auto due = engine_.next_deadline(); due && *due <= end; due = engine_.next_deadline()) {
        calls = *due > now_ ? 0 : calls + 1;
        require(calls < most_calls, "it wants to be called all the time");
        now_ = std::max(now_, *due);
        engine_.advance(now_);
        settle();
    }
    now_ = end;
}

/// Bytes as they are, but for the integrity tag, which nobody would guess.
void engine_player::hear_raw()
{
    auto const how = next();
    auto const datagram = datagram_of(take(next() + std::size_t{how & 0x0fU} * 64));
    deliver(datagram, {3, source_of(1 + how % ids), (how & 0x10) != 0});
}

/// What an announcement may be about, each part of it with or without sense.
void engine_player::hear_said()
{
    if (engine_.segments().empty())
        return;
    announcement value;
    auto const kind = next();
    value.observer = kind >= observers;
    value.type = static_cast<message_type>(1 + kind % (value.observer ? 12 : 11));
    value.who = somebody();
    auto const has = static_cast<unsigned>(next() | next() << 8);
    auto const from =
        source_of((has & 0x4000) != 0 ? std::uint64_t{1} + next_below(ids) : value.who.id);
    auto const& voice = engine_.segments().front()->own_voice();
    auto const packed = record_of(value.who.id);
    auto const members_told = (has & 0x10) != 0 ? members() : std::vector<std::byte>();
    auto const ended_told = (has & 0x20) != 0 ? ended() : std::vector<std::byte>();
    auto const subjects_told = (has & 0x40) != 0 || value.type == message_type::suspect ||
                                       value.type == message_type::gone ||
                                       value.type == message_type::conflict
                                   ? subjects()
                                   : std::vector<std::byte>();
    std::array<std::byte, 4 * announce::bucket_count> buckets{};
    std::array<std::byte, announce::bucket_count / 8> differing{};
    differing.fill(static_cast<std::byte>(has));

    if ((has & 0x01) != 0 || value.type == message_type::hello)
        value.record = announce::view_record(packed).value();
    if ((has & 0x02) != 0)
        value.cookie = 77;
    if ((has & 0x04) != 0) {
        auto const right = voice.cookie(from, now_);
        invariants_.has_got(0, from, right);
        value.echo = (has & 0x08) != 0 ? 77 : right;
    }
    value.members = wire_list<member_view>(members_told);
    value.ended = wire_list<ended_member>(ended_told);
    value.subjects = wire_list<identity>(subjects_told);
    value.summary = voice.summary();
    if ((has & 0x80) != 0)
        value.summary->hash[1] += has;
    value.attempt = static_cast<std::uint8_t>(has >> 8 & 3);
    if (value.type == message_type::records)
        value.part = part{static_cast<std::uint16_t>(has >> 10 & 3), (has & 0x1000) != 0};
    if (value.type == message_type::pull)
        value.buckets = buckets;
    if (value.type == message_type::records)
        value.differing = differing;
    value.padding = (has & 0x2000) != 0 ? next() : 0;
    auto const datagram = announce::encode(value, key());
    if (datagram)
        deliver(*datagram, {3, from, (has & 0x8000) != 0});
}

void engine_player::hear_echo_of_ourselves()
{
    auto const how = next();
    if (said_.empty())
        return;
    auto const which = said_[how % said_.size()];
    deliver(which, {3, source_of((how & 0x80) != 0 ? own_id : 1), (how & 0x40) != 0});
}

void engine_player::change_links()
{
    auto const how = next();
    std::vector<detail::link> links;
    if ((how & 1) != 0)
        links.push_back(link_of(3, how >> 2 & 3));
    if ((how & 2) != 0)
        links.push_back(link_of(4, how >> 4 & 3));
    invariants_.moved(0, now_);
    engine_.set_links(std::move(links), now_);
}

identity engine_player::somebody()
{
    identity who;
    who.id = 1 + next_below(ids);
    auto const how = next();
    who.life = life_of(who.id, how % 3);
    constexpr std::array<std::uint64_t, 4> far{0, 1, ~std::uint64_t{0} - 1, ~std::uint64_t{0}};
    who.incarnation = (how & 0x80) != 0 ? far[how >> 2 & 3] : own_incarnation - 8 + (how >> 2 & 15);
    return who;
}

std::vector<std::byte> engine_player::record_of(std::uint64_t id)
{
    auto const how = next();
    record value;
    value.sequence = how & 3;
    value.beat_interval = milliseconds(250) * (1 + (how >> 2 & 3));
    value.discovery_port = 8080;
    value.unicast_port_v4 = (how & 0x10) != 0 ? 0 : source_of(id).port();
    value.unicast_port_v6 = (how & 0x20) != 0 ? 40000 : 0;
    if ((how & 0x40) == 0)
        value.addresses.push_back(source_of(id).address());
    if ((how & 0x20) != 0)
        value.addresses.push_back(asio::ip::make_address("fe80::1"));
    value.service_ports.resize((how & 0x80) != 0 ? 2 : 0, 9);
    if ((how & 0x81) == 0x81)
        value.port_names = {(how & 4) != 0 ? "http" : "admin"};
    value.data.resize((how & 0x80) != 0 ? std::size_t{how} * 2 : 0);
    return announce::pack(value).value();
}

std::vector<std::byte> engine_player::members()
{
    std::vector<std::byte> list;
    for (auto count = 1 + next_below(3); count > 0; --count) {
        auto const who = somebody();
        auto const packed = record_of(who.id);
        announce::append(list,
                         member_view{who, next() % 2 != 0, announce::view_record(packed).value()});
    }
    return list;
}

std::vector<std::byte> engine_player::ended()
{
    std::vector<std::byte> list;
    for (auto count = 1 + next_below(3); count > 0; --count) {
        auto const who = somebody();
        auto const how = next();
        announce::append(list, ended_member{who, how % 2 != 0, milliseconds(50) * how});
    }
    return list;
}

std::vector<std::byte> engine_player::subjects()
{
    std::vector<std::byte> list;
    for (auto count = 1 + next_below(3); count > 0; --count)
        announce::append(list, somebody());
    return list;
}

detail::endpoint engine_player::source_of(std::uint64_t id) const
{
    return {asio::ip::address_v4(0x0a000000 + static_cast<std::uint32_t>(id)),
            static_cast<net::port_type>(40000 + id)};
}

detail::link engine_player::link_of(unsigned index, std::uint8_t variant) const
{
    auto const host = index == 3 ? std::uint32_t{own_id} : std::uint32_t{own_id} + 0x100;
    detail::link result;
    result.index = index;
    result.addresses = {{asio::ip::address_v4(0x0a000000 + host + 0x10000U * (variant / 3)), 24}};
    result.unicast_port_v4 = own_port;
    if (variant % 3 != 0) {
        result.addresses.push_back({asio::ip::make_address("fe80::7"), 64});
        result.unicast_port_v6 = own_port;
    }
    if (variant % 3 == 2) {
        result.addresses.erase(result.addresses.begin());
        result.unicast_port_v4 = 0;
    }
    return result;
}

void engine_player::deliver(std::span<std::byte const> datagram, detail::arrival const& from)
{
    if (auto const meaning = announce::decode(datagram, key())) {
        seen_.heard.insert(meaning->type);
        if (meaning->who.life != engine_.own().life)
            invariants_.heard(0, from.source, *meaning, datagram.size(), false, now_);
    }
    engine_.receive(datagram, from, now_);
}

void engine_player::settle()
{
    check_outgoing();
    check_events();
    check_chart();
}

void engine_player::check_outgoing()
{
    for (auto& each : engine_.take_outgoing()) {
        auto const meaning = announce::decode(each.bytes, key());
        require(meaning.has_value(), "it says what nobody understands");
        require(meaning->who.id == own_id, "it speaks in somebody else's name");
        invariants_.sent(0, each, *meaning, now_);
        seen_.sent.insert(meaning->type);
        if (each.to)
            continue;
        if (said_.size() == most_said)
            said_.erase(said_.begin());
        said_.push_back(std::move(each.bytes));
    }
}

void engine_player::check_events()
{
    auto const told = engine_.take_events();
    if (!told.empty())
        ledger_.read(0, told, engine_);
    for (auto const& each : told) {
        seen_.told.insert(each.kind);
        require(each.size <= max_instances + 1, "an event with an odd size");
        require(each.kind != event_kind::overflow, "an overflow, which queues tell");
        require(each.local_health >= 1 && each.local_health <= 8, "an event with an odd health");
    }
}

void engine_player::check_chart() const
{
    auto const all = engine_.snapshot();
    require(engine_.size() == all.size() + !engine_.observes(),
            "its size is not that of its chart");
    require(all.size() <= max_instances, "it holds too many");
    require(std::ranges::adjacent_find(all, std::ranges::greater_equal(), &instance::id) ==
                all.end(),
            "its chart is not in the order of ids");
    bool const has_id = !engine_.observes();
    require(!has_id || std::ranges::find(all, own_id, &instance::id) == all.end(),
            "it charts itself");
    std::size_t unproven = 0;
    for (auto const& each : engine_.segments()) {
        unproven += each->known().members().unproven();
        require(each->known().dead().size() <= ids, "it remembers more than ever were");
    }
    require(unproven <= 2 * most_unproven, "too many have proven nothing");
    require(engine_.own().id == own_id && engine_.own().life == life_of(own_id, 0),
            "it has become somebody else");
    require(engine_.own().incarnation < own_incarnation + 10 * 86'400'000ULL,
            "its incarnation ran away");
}

} // namespace rollcast::test
