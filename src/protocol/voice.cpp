// SPDX-License-Identifier: BSL-1.0
#include "protocol/voice.hpp"

#include "protocol/told_addresses.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace rollcast::detail {
namespace {

/// An echo is valid for one to two of these: a longer time lets a host that has lost the address
/// use its cookie for longer.
constexpr auto cookie_period = std::chrono::minutes(1);

/// Discovery ports that a multicast goes to beside our own: each costs a datagram more.
constexpr std::size_t most_ports = 9;

} // namespace

voice::voice(self_state& self, link const& on, registry const& known)
    : self_(self), link_(on), known_(known), postage_(self.secret)
{
    refresh();
}

/// Only addresses valid on that very link: the same address may be another host's on another link.
void voice::refresh()
{
    record own;
    own.sequence = self_.sequence;
    own.beat_interval = self_.config.detection_time / 4;
    own.discovery_port = self_.config.discovery_port;
    own.unicast_port_v4 = link_.unicast_port_v4;
    own.unicast_port_v6 = link_.unicast_port_v6;
    own.service_ports = self_.config.service_ports;
    own.port_names = self_.config.port_names;
    own.addresses = told_addresses(link_.addresses);
    own.data = self_.config.data;
    // Ports and data were checked when they were set, so this always fits.
    auto const packed = announce::pack(own).value();
    own_ = make_member(self_.config.own, announce::view_record(packed).value(), self_.config.key,
                       self_.config.pool);
    self_.past.had(packed);
}

rollcast::summary voice::summary() const
{
    auto hash = known_.members().hash();
    if (!self_.observes)
        hash += own_->hash();
    return {static_cast<std::uint32_t>(known_.members().size() + !self_.observes),
            {hash.high(), hash.low()},
            static_cast<std::uint8_t>(self_.local_health.factor())};
}

std::uint32_t voice::bucket_hash(std::size_t bucket) const noexcept
{
    bool const ours = !self_.observes && roster::bucket_of(own_->position()) == bucket;
    auto const own = ours ? static_cast<std::uint32_t>(own_->hash().low()) : 0;
    return known_.members().bucket_hash(bucket) + own;
}

bool voice::overrules(identity const& who, record_view const& told) const
{
    auto const mine = std::pair(own_->who().incarnation, own_->sequence());
    auto const theirs = std::pair(who.incarnation, told.sequence);
    if (who.incarnation > own_->who().incarnation)
        return true;
    // Each link has a record of ours with the same numbers, and some have been told before.
    return mine <= theirs && !std::ranges::equal(own_->packed(), told.bytes) &&
           !self_.past.has_had(told.bytes);
}

announcement voice::speak(message_type type) const
{
    announcement value;
    value.type = type;
    value.who = self_.config.own;
    value.observer = self_.now_doing == self_state::mode::observing;
    return value;
}

void voice::multicast(announcement value, versions by)
{
    send(value, {.by = by, .ports = ports_of_others(false)});
}

void voice::call_everywhere(announcement value, versions by)
{
    send(value, {.by = by, .ports = ports_of_others(true)});
}

postage::recipient voice::recipient_at(endpoint const& to, member const* whom) const
{
    if (!whom)
        return {to};
    auto const* entry = known_.members().find(whom->who().id);
    bool const vouched = entry && &entry->who() == whom && entry->is_vouched();
    return {to, whom->who().life, vouched};
}

bool voice::unicast(endpoint const& to, announcement value, member const* whom)
{
    bool const paid =
        may_say(value.type) && postage_.pay(recipient_at(to, whom), announce::encoded_size(value));
    if (paid)
        send(value, {.to = to});
    return paid;
}

bool voice::affords(endpoint const& to, announcement const& value) const
{
    return postage_.affords({to}, announce::encoded_size(value));
}

void voice::hear(endpoint const& from, std::size_t bytes, bool proven)
{
    postage_.received(from, bytes);
    if (proven)
        postage_.prove(from);
}

/// Discovery ports beside our own: the main one, where newcomers come first, and those of members,
/// not too many, since records may tell any port.
std::vector<net::port_type> voice::ports_of_others(bool everywhere) const
{
    auto const& known = self_.config.known_ports;
    std::vector<net::port_type> ports;
    auto const add = [&](net::port_type port) {
        if (port != self_.config.discovery_port && std::ranges::find(ports, port) == ports.end())
            ports.push_back(port);
    };
    for (auto const port :
         std::span(known).first(everywhere ? known.size() : std::min<std::size_t>(1, known.size())))
        add(port);
    for (auto const& [port, users] : known_.members().ports())
        if (ports.size() < most_ports)
            add(port);
    return ports;
}

void voice::answer(asker const& to, announcement value, time_point now)
{
    if (affords(to.where, value) && self_.limits.may_answer(to.where.address(), to.member, now))
        unicast(to.where, value);
}

/// An observer asks, and tells others nothing.
bool voice::may_say(message_type type) const noexcept
{
    switch (self_.now_doing) {
    case self_state::mode::idle:
    case self_state::mode::silent:
        return false;
    case self_state::mode::observing:
        return type == message_type::query || type == message_type::ping ||
               type == message_type::pull;
    default:
        return true;
    }
}

void voice::send(announcement& value, outgoing datagram)
{
    if (!may_say(value.type))
        return;
    value.counter = ++self_.counter;
    auto bytes = announce::encode(value, self_.config.key);
    if (!bytes)
        return;
    datagram.link = link_.index;
    if (!datagram.to)
        self_.past.said(value.counter, link_.index);
    datagram.bytes = std::move(*bytes);
    if (datagram.to)
        datagram.from = return_ways_.find(*datagram.to);
    self_.sent.push_back(std::move(datagram));
}

std::uint64_t voice::cookie(endpoint const& to, time_point now) const
{
    return cookie_of(to, static_cast<std::uint64_t>(now.time_since_epoch() / cookie_period));
}

bool voice::is_cookie(std::uint64_t value, endpoint const& from, time_point now) const
{
    auto const period = static_cast<std::uint64_t>(now.time_since_epoch() / cookie_period);
    return value == cookie_of(from, period) || value == cookie_of(from, period - 1);
}

std::uint64_t voice::cookie_of(endpoint const& to, std::uint64_t period) const
{
    std::array<std::byte, 8 + 8 + 16 + 2> bytes{};
    auto* out = bytes.data();
    auto const put = [&](auto const& value) {
        std::memcpy(out, &value, sizeof value);
        out += sizeof value;
    };
    put(self_.secret);
    put(period);
    if (to.address().is_v4())
        put(to.address().to_v4().to_bytes());
    else
        put(to.address().to_v6().to_bytes());
    put(to.port());
    auto const digest = self_.config.key.digest(bytes);
    std::uint64_t value;
    std::memcpy(&value, digest.data(), sizeof value);
    return value;
}

} // namespace rollcast::detail
