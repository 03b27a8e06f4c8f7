// SPDX-License-Identifier: BSL-1.0
#include <rollcast/announce/codec.hpp>

#include "announce/octets.hpp"

#include <algorithm>
#include <bitset>
#include <cstring>

namespace rollcast::announce {
namespace {

constexpr std::uint16_t magic = 0x5243; // "RC"
constexpr std::uint8_t version = 1;
constexpr std::size_t header_size = 40;
constexpr std::size_t digest_size = sizeof(group_key::digest_type);

/// The kinds of field; unknown ones are skipped.
enum class field : std::uint8_t {
    identity = 1,
    state = 2,
    service_ports = 3,
    ipv4_addresses = 4,
    ipv6_addresses = 5,
    data = 6,
    attempt = 7,
};
constexpr std::size_t field_header = 3; // kind, length
constexpr std::size_t identity_size = 16;
constexpr std::size_t state_size = 10;

constexpr std::uint32_t min_beat_ms = 250;    // a detection time of 1 s
constexpr std::uint32_t max_beat_ms = 900000; // and of 3600 s

bool is_known(message_type type) noexcept
{
    switch (type) {
    case message_type::hello:
    case message_type::bye:
    case message_type::ping:
    case message_type::ack:
    case message_type::records:
        return true;
    }
    return false;
}

void put_field_header(octet_writer& out, field kind, std::size_t size)
{
    out.put(static_cast<std::uint8_t>(kind));
    out.put(static_cast<std::uint16_t>(size));
}

template <class Address>
std::vector<Address> only(std::vector<asio::ip::address> const& addresses, std::size_t at_most)
{
    std::vector<Address> chosen;
    for (auto const& each : addresses) {
        if (each.is_v4() != std::is_same_v<Address, asio::ip::address_v4>)
            continue;
        if constexpr (std::is_same_v<Address, asio::ip::address_v4>)
            chosen.push_back(each.to_v4());
        else
            chosen.push_back(each.to_v6());
    }
    chosen.resize(std::min(chosen.size(), at_most));
    return chosen;
}

template <class Address>
void put_addresses(octet_writer& out, field kind, std::vector<Address> const& addresses)
{
    if (addresses.empty())
        return;
    put_field_header(out, kind, addresses.size() * sizeof(typename Address::bytes_type));
    for (auto const& each : addresses) {
        auto const bytes = each.to_bytes();
        out.put(std::as_bytes(std::span(bytes)));
    }
}

void put_record(octet_writer& out, record const& value)
{
    put_field_header(out, field::state, state_size);
    out.put(value.sequence);
    out.put(static_cast<std::uint32_t>(value.beat_interval.count()));
    out.put(value.discovery_port);

    put_field_header(out, field::service_ports, 2 * value.service_ports.size());
    for (auto const port : value.service_ports)
        out.put(port);

    auto const v4 = only<asio::ip::address_v4>(value.addresses, max_addresses);
    auto const v6 = only<asio::ip::address_v6>(value.addresses, max_addresses - v4.size());
    put_addresses(out, field::ipv4_addresses, v4);
    put_addresses(out, field::ipv6_addresses, v6);

    put_field_header(out, field::data, value.data.size());
    out.put(value.data);
}

void put_header(octet_writer& out, announcement const& value, group_key const& key)
{
    out.put(magic);
    out.put(version);
    out.put(static_cast<std::uint8_t>(value.type));
    out.put(std::uint32_t{0}); // key id: not sealed
    out.put(key.tag());
    out.put(std::as_bytes(std::span(value.who.life.bytes)));
    out.put(value.counter);
}

/// Collects the fields of one datagram; every `take_` says whether the field was well formed.
class field_collector {
public:
    explicit field_collector(announcement& into) : into_(into) {}

    bool take(field kind, std::span<std::byte const> body)
    {
        if (kind < field::identity || kind > field::attempt)
            return true; // of a later version
        auto const index = static_cast<std::size_t>(kind);
        if (seen_.test(index))
            return false;
        seen_.set(index);
        switch (kind) {
        case field::identity:
            return take_identity(body);
        case field::state:
            return take_state(body);
        case field::service_ports:
            return take_ports(body);
        case field::ipv4_addresses:
            return take_addresses<asio::ip::address_v4>(body);
        case field::ipv6_addresses:
            return take_addresses<asio::ip::address_v6>(body);
        case field::data:
            record_.data.assign(body.begin(), body.end());
            return true;
        case field::attempt:
            return take_attempt(body);
        }
        return true;
    }

    bool finish()
    {
        bool const has_record = has(field::state) && has(field::service_ports) && has(field::data);
        if (!has(field::identity) || (into_.type != message_type::bye && !has_record))
            return false;
        if (into_.type != message_type::bye)
            into_.record = std::move(record_);
        return true;
    }

private:
    bool has(field kind) const noexcept { return seen_.test(static_cast<std::size_t>(kind)); }

    bool take_identity(std::span<std::byte const> body) noexcept
    {
        octet_reader in(body);
        into_.who.id = in.get<std::uint64_t>();
        into_.who.incarnation = in.get<std::uint64_t>();
        return body.size() == identity_size;
    }

    bool take_state(std::span<std::byte const> body) noexcept
    {
        octet_reader in(body);
        record_.sequence = in.get<std::uint32_t>();
        auto const beat = in.get<std::uint32_t>();
        record_.beat_interval = std::chrono::milliseconds(beat);
        record_.discovery_port = in.get<std::uint16_t>();
        return body.size() == state_size && beat >= min_beat_ms && beat <= max_beat_ms &&
               record_.discovery_port != 0;
    }

    bool take_ports(std::span<std::byte const> body)
    {
        if (body.size() % 2 != 0 || body.size() / 2 > max_service_ports)
            return false;
        for (octet_reader in(body); !in.empty();)
            record_.service_ports.push_back(in.get<std::uint16_t>());
        return std::ranges::find(record_.service_ports, 0) == record_.service_ports.end();
    }

    template <class Address>
    bool take_addresses(std::span<std::byte const> body)
    {
        typename Address::bytes_type bytes;
        if (body.empty() || body.size() % bytes.size() != 0)
            return false;
        for (; !body.empty(); body = body.subspan(bytes.size())) {
            std::memcpy(bytes.data(), body.data(), bytes.size());
            Address const address(bytes);
            if (address.is_multicast() || address.is_unspecified())
                return false;
            record_.addresses.push_back(address);
        }
        return record_.addresses.size() <= max_addresses;
    }

    bool take_attempt(std::span<std::byte const> body) noexcept
    {
        into_.attempt = octet_reader(body).get<std::uint8_t>();
        return body.size() == 1 && into_.attempt <= 3;
    }

    announcement& into_;
    record record_;
    std::bitset<8> seen_;
};

/// What can be said before the bytes are trusted; leaves the reader behind the header.
error_code read_header(octet_reader& in, announcement& into, group_key const& key)
{
    if (in.get<std::uint16_t>() != magic)
        return error::foreign;
    if (in.get<std::uint8_t>() != version)
        return in.ok() ? error::unsupported_version : error::malformed;
    into.type = static_cast<message_type>(in.get<std::uint8_t>());
    auto const key_id = in.get<std::uint32_t>();
    auto const tag = in.get(key.tag().size());
    auto const life = in.get(into.who.life.bytes.size());
    into.counter = in.get<std::uint64_t>();
    if (!in.ok() || in.size() < digest_size)
        return error::malformed;
    if (key_id != 0 || !std::ranges::equal(tag, key.tag()))
        return error::foreign;
    std::memcpy(into.who.life.bytes.data(), life.data(), life.size());
    return {};
}

error_code read_fields(octet_reader& in, announcement& into)
{
    field_collector fields(into);
    while (!in.empty()) {
        auto const kind = static_cast<field>(in.get<std::uint8_t>());
        auto const size = in.get<std::uint16_t>();
        auto const body = in.get(size);
        if (!in.ok() || !fields.take(kind, body))
            return error::malformed;
    }
    return fields.finish() ? error_code{} : error_code(error::malformed);
}

} // namespace

std::size_t max_data_size(std::size_t service_ports) noexcept
{
    auto const fixed = header_size + digest_size + 7 * field_header + identity_size + state_size +
                       sizeof(std::uint8_t) + max_addresses * 16;
    auto const ports = 2 * std::min(service_ports, max_service_ports);
    return max_datagram - fixed - ports;
}

result<std::vector<std::byte>> encode(announcement const& value, group_key const& key)
{
    if (value.record && value.record->service_ports.size() > max_service_ports)
        return error::too_many_ports;
    if (value.record &&
        value.record->data.size() > max_data_size(value.record->service_ports.size()))
        return error::data_too_large;

    octet_writer out(max_datagram);
    put_header(out, value, key);
    put_field_header(out, field::identity, identity_size);
    out.put(value.who.id);
    out.put(value.who.incarnation);
    if (value.attempt != 0) {
        put_field_header(out, field::attempt, sizeof value.attempt);
        out.put(value.attempt);
    }
    if (value.record)
        put_record(out, *value.record);
    out.put(key.digest(out.bytes()));
    return out.take();
}

result<announcement> decode(std::span<std::byte const> datagram, group_key const& key)
{
    announcement value;
    octet_reader header(datagram);
    if (auto const ec = read_header(header, value, key))
        return ec;
    if (datagram.size() > max_datagram)
        return error::malformed;
    auto const signed_part = datagram.first(datagram.size() - digest_size);
    if (!std::ranges::equal(key.digest(signed_part), datagram.last(digest_size)))
        return error::corrupted;
    if (!is_known(value.type))
        return error::unsupported_version;
    octet_reader fields(signed_part.subspan(header_size));
    if (auto const ec = read_fields(fields, value))
        return ec;
    return value;
}

} // namespace rollcast::announce
