// SPDX-License-Identifier: BSL-1.0
#include "support/sim_attacker.hpp"
#include "announce/codec.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <iterator>

using namespace std::chrono_literals;

namespace rollcast::test {

void sim_attacker::overhear(bytes const& datagram)
{
    if (captured_.size() < 500)
        captured_.push_back(datagram);
    else
        captured_[pick(captured_.size())] = datagram;
}

sim_attacker::bytes sim_attacker::next()
{
    switch (pick(8)) {
    case 0:
        return noise();
    case 1:
        return truncated();
    case 2:
        return flipped();
    case 3:
        return captured_[pick(captured_.size())];
    case 4:
        return records();
    case 5:
        return digest();
    default:
        return hello();
    }
}

sim_attacker::bytes sim_attacker::next_for_all()
{
    switch (pick(5)) {
    case 0:
        return accusation();
    case 1:
        return rumour();
    case 2:
        return impersonation();
    default:
        return claim();
    }
}

detail::endpoint sim_attacker::source()
{
    auto const address = asio::ip::address_v4(0x0a000100 | static_cast<unsigned>(pick(256)));
    return {address, static_cast<net::port_type>(1024 + pick(60000))};
}

record sim_attacker::record_at(detail::endpoint const& told)
{
    record value;
    value.beat_interval = 2500ms;
    value.discovery_port = 8080;
    value.addresses = {told.address()};
    (told.address().is_v4() ? value.unicast_port_v4 : value.unicast_port_v6) = told.port();
    return value;
}

sim_attacker::bytes sim_attacker::say_hello(identity const& who, record const& told)
{
    auto const packed = announce::pack(told).value();
    announcement value;
    value.who = who;
    value.attempt = 1;
    value.record = announce::view_record(packed).value();
    return seal(value);
}

sim_attacker::bytes sim_attacker::say(message_type type, identity const& who,
                                      detail::endpoint const& told, announcement says)
{
    auto const packed = announce::pack(record_at(told)).value();
    std::array<std::byte, announce::bucket_count * 4> const buckets{};
    bytes subjects;
    announce::append(subjects, who);
    says.type = type;
    says.who = who;
    if (type == message_type::hello)
        says.record = announce::view_record(packed).value();
    if (says.attempt == 0 && (type == message_type::hello || type == message_type::query))
        says.attempt = 1;
    bool const verdict = type == message_type::suspect || type == message_type::gone;
    if ((verdict || type == message_type::conflict) && says.subjects.empty())
        says.subjects = wire_list<identity>(subjects);
    if (type == message_type::records)
        says.part = part{0, true};
    if (type == message_type::pull)
        says.buckets = buckets;
    says.observer = says.observer || type == message_type::query;
    says.cookie = random_.next();
    says.summary = summary{1000, {random_.next(), random_.next()}, 1};
    return seal(says);
}

sim_attacker::bytes sim_attacker::noise()
{
    bytes result(pick(1400));
    for (auto& each : result)
        each = static_cast<std::byte>(random_.next());
    if (result.size() > 4 && pick(2) == 0)
        std::copy_n(captured_.front().begin(), 4, result.begin());
    return result;
}

sim_attacker::bytes sim_attacker::truncated()
{
    auto result = captured_[pick(captured_.size())];
    result.resize(pick(result.size()));
    return result;
}

sim_attacker::bytes sim_attacker::flipped()
{
    auto result = captured_[pick(captured_.size())];
    result[pick(result.size())] ^= static_cast<std::byte>(1 << pick(8));
    return result;
}

identity sim_attacker::forged(std::uint64_t id, std::uint64_t incarnation)
{
    identity who{id, {}, incarnation};
    for (auto& each : who.life.bytes)
        each = static_cast<std::uint8_t>(random_.next());
    return who;
}

/// Somebody it has heard.
identity sim_attacker::known()
{
    auto const& datagram = captured_[pick(captured_.size())];
    return announce::decode(datagram, group_key()).value().who;
}
/// Another life of somebody it has heard, earlier or later.
identity sim_attacker::other_life()
{
    auto const who = known();
    std::uint64_t const incarnations[] = {1, who.incarnation - 1, who.incarnation,
                                          who.incarnation + 1, ~std::uint64_t{0}};
    return forged(who.id, incarnations[pick(std::size(incarnations))]);
}

sim_attacker::bytes sim_attacker::claim()
{
    auto const packed = record_bytes();
    announcement value;
    value.who = other_life();
    value.attempt = static_cast<std::uint8_t>(pick(4));
    value.record = announce::view_record(packed).value();
    if (pick(4) == 0) {
        value.record.reset();
        value.type = pick(2) == 0 ? message_type::bye : message_type::beat;
        value.summary = summary{};
    }
    return seal(value);
}

sim_attacker::bytes sim_attacker::rumour()
{
    auto const packed = record_bytes();
    bytes members;
    bytes ended;
    for (int i = 0; i < 4; ++i) {
        announce::append(members,
                         member_view{other_life(), true, announce::view_record(packed).value()});
        announce::append(ended, ended_member{other_life(), pick(2) == 0, 1s});
    }
    announcement value;
    value.type = message_type::digest;
    value.who = pick(2) == 0 ? forged() : other_life();
    value.summary = summary{4, {1, random_.next()}, 1};
    value.members = wire_list<member_view>(members);
    value.ended = wire_list<ended_member>(ended);
    return seal(value);
}

sim_attacker::bytes sim_attacker::accusation()
{
    bytes subjects;
    announce::append(subjects, pick(2) == 0 ? known() : other_life());
    announcement value;
    value.type = message_type::suspect;
    value.who = forged();
    value.subjects = wire_list<identity>(subjects);
    return seal(value);
}
/// In the name of somebody it has heard, who will have changed since.
sim_attacker::bytes sim_attacker::impersonation()
{
    auto const packed = record_bytes();
    announcement value;
    value.who = known();
    value.who.incarnation += 1 + pick(3);
    value.record = announce::view_record(packed).value();
    return seal(value);
}

sim_attacker::bytes sim_attacker::record_bytes()
{
    record value;
    value.beat_interval = 250ms + pick(10000) * 1ms;
    value.discovery_port = 8080;
    value.unicast_port_v4 = 1234;
    value.addresses = {asio::ip::address_v4(0x0a000100 | static_cast<unsigned>(pick(256)))};
    return announce::pack(value).value();
}

sim_attacker::bytes sim_attacker::seal(announcement value)
{
    value.counter = random_.next();
    return announce::encode(value, group_key()).value();
}

sim_attacker::bytes sim_attacker::hello()
{
    auto const packed = record_bytes();
    announcement value;
    value.who = forged();
    value.attempt = static_cast<std::uint8_t>(pick(4));
    value.record = announce::view_record(packed).value();
    return seal(value);
}

sim_attacker::bytes sim_attacker::digest()
{
    auto const packed = record_bytes();
    bytes members;
    for (int i = 0; i < 8; ++i)
        announce::append(members,
                         member_view{forged(), true, announce::view_record(packed).value()});
    announcement value;
    value.type = message_type::digest;
    value.who = forged();
    value.summary = summary{static_cast<std::uint32_t>(random_.next()), {1, random_.next()}, 1};
    value.members = wire_list<member_view>(members);
    return seal(value);
}

sim_attacker::bytes sim_attacker::records()
{
    auto const packed = record_bytes();
    bytes members;
    announce::append(members, member_view{forged(), true, announce::view_record(packed).value()});
    announcement value;
    value.type = message_type::records;
    value.who = forged();
    value.part = part{0, true};
    value.echo = random_.next();
    value.members = wire_list<member_view>(members);
    return seal(value);
}

} // namespace rollcast::test
