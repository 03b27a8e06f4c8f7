// SPDX-License-Identifier: BSL-1.0
#include "announce/codec.hpp"
#include "announce/fields.hpp"
#include "announce/port_names.hpp"

#include <algorithm>
#include <cstring>
#include <iterator>

// A record: a head of fixed size, then fields.

namespace rollcast::announce {
namespace {

constexpr std::uint32_t min_beat_ms = 250;    // a detection time of 1 s
constexpr std::uint32_t max_beat_ms = 900000; // and of 3600 s

// A record travels furthest within the answer to a pull, between everything else that has.
static_assert(max_record == max_datagram - header_size - digest_size - field_header -
                                16 -                                                   // identity
                                field_header - summary_size - 2 * (field_header + 8) - // cookies
                                field_header - part_size - field_header - bucket_count / 8 -
                                field_header - member_head);

using asio::ip::address_v4;
using asio::ip::address_v6;

template <class Address>
Address read_address(std::span<std::byte const> bytes)
{
    typename Address::bytes_type octets;
    std::memcpy(octets.data(), bytes.data(), octets.size());
    return Address(octets);
}

template <class Address>
bool are_addresses(std::span<std::byte const> body, std::size_t& count) noexcept
{
    constexpr auto size = sizeof(typename Address::bytes_type);
    if (body.empty() || body.size() % size != 0)
        return false;
    for (; !body.empty(); body = body.subspan(size), ++count) {
        auto const address = read_address<Address>(body);
        if (address.is_multicast() || address.is_unspecified())
            return false;
    }
    return count <= max_addresses;
}

bool are_ports(std::span<std::byte const> body) noexcept
{
    if (body.size() % 2 != 0 || body.size() / 2 > max_service_ports)
        return false;
    for (octet_reader in(body); !in.empty();)
        if (in.get<std::uint16_t>() == 0)
            return false;
    return true;
}

template <class Address>
void put_addresses(octet_writer& out, field kind, std::vector<asio::ip::address> const& addresses)
{
    constexpr bool v4 = std::is_same_v<Address, address_v4>;
    auto const fits = [](auto const& each) { return each.is_v4() == v4; };
    auto const count = static_cast<std::size_t>(std::ranges::count_if(addresses, fits));
    if (count == 0)
        return;
    put_field_header(out, kind, count * sizeof(typename Address::bytes_type));
    for (auto const& each : addresses) {
        if (!fits(each))
            continue;
        typename Address::bytes_type octets;
        if constexpr (v4)
            octets = each.to_v4().to_bytes();
        else
            octets = each.to_v6().to_bytes();
        out.put(std::as_bytes(std::span(octets)));
    }
}

/// The addresses that go into a record: IPv4 first, and no more than a record may have.
std::vector<asio::ip::address> told(std::vector<asio::ip::address> const& addresses)
{
    std::vector<asio::ip::address> sorted;
    for (bool const v4 : {true, false})
        std::ranges::copy_if(addresses, std::back_inserter(sorted),
                             [=](auto const& each) { return each.is_v4() == v4; });
    sorted.resize(std::min(sorted.size(), max_addresses));
    return sorted;
}

template <class Address>
void get_addresses(std::span<std::byte const> body, std::vector<asio::ip::address>& into)
{
    constexpr auto size = sizeof(typename Address::bytes_type);
    for (; !body.empty(); body = body.subspan(size))
        into.emplace_back(read_address<Address>(body));
}

/// Calls `take` with every field; whether they were well-formed and all taken.
template <class Take>
bool each_inner_field(octet_reader& in, Take&& take)
{
    while (!in.empty()) {
        auto const kind = static_cast<field>(in.get<std::uint8_t>());
        auto const size = in.get<std::uint16_t>();
        auto const body = in.get(size);
        if (!in.ok() || !take(kind, body))
            return false;
    }
    return in.ok();
}

/// Bytes that are left for data; negative where the rest is too long by so many.
std::ptrdiff_t room_for_data(std::size_t service_ports,
                             std::span<std::string const> port_names) noexcept
{
    constexpr auto addresses = 2 * field_header + max_addresses * 16;
    constexpr auto fixed = record_head + addresses + 2 * field_header;
    auto const names = port_names.empty() ? 0 : field_header + size_of_port_names(port_names);
    auto const told = fixed + 2 * std::min(service_ports, max_service_ports) + names;
    return static_cast<std::ptrdiff_t>(max_record) - static_cast<std::ptrdiff_t>(told);
}

error_code check_ports(record const& value)
{
    auto const& names = value.port_names;
    if (value.service_ports.size() > max_service_ports || names.size() > value.service_ports.size())
        return error::too_many_ports;
    for (auto each = names.begin(); each != names.end(); ++each) {
        if (!is_port_name(*each))
            return error::invalid_port_name;
        if (std::find(names.begin(), each, *each) != each)
            return error::duplicate_port_name;
    }
    return room_for_data(value.service_ports.size(), names) < 0 ? error_code(error::too_many_ports)
                                                                : error_code{};
}

} // namespace

std::size_t max_data_size(std::size_t service_ports,
                          std::span<std::string const> port_names) noexcept
{
    auto const room = room_for_data(service_ports, port_names);
    return static_cast<std::size_t>(std::max(room, std::ptrdiff_t{0}));
}

result<std::vector<std::byte>> pack(record const& value)
{
    if (auto const ec = check_ports(value))
        return ec;
    if (value.data.size() > max_data_size(value.service_ports.size(), value.port_names))
        return error::data_too_large;
    std::vector<std::byte> packed;
    octet_writer out(packed);
    out.put(value.sequence);
    out.put(static_cast<std::uint32_t>(value.beat_interval.count()));
    out.put(value.discovery_port);
    out.put(value.unicast_port_v4);
    out.put(value.unicast_port_v6);
    if (!value.service_ports.empty()) {
        put_field_header(out, field::service_ports, 2 * value.service_ports.size());
        for (auto const port : value.service_ports)
            out.put(port);
    }
    if (!value.port_names.empty()) {
        put_field_header(out, field::port_names, size_of_port_names(value.port_names));
        put_port_names(out, value.port_names);
    }
    auto const addresses = told(value.addresses);
    put_addresses<address_v4>(out, field::ipv4_addresses, addresses);
    put_addresses<address_v6>(out, field::ipv6_addresses, addresses);
    if (!value.data.empty()) {
        put_field_header(out, field::data, value.data.size());
        out.put(value.data);
    }
    return packed;
}

result<record_view> view_record(std::span<std::byte const> packed) noexcept
{
    octet_reader in(packed);
    record_view view;
    view.sequence = in.get<std::uint32_t>();
    auto const beat = in.get<std::uint32_t>();
    view.beat_interval = std::chrono::milliseconds(beat);
    auto const discovery_port = in.get<std::uint16_t>();
    in.get(4); // the unicast ports may be anything
    view.bytes = packed;
    unsigned seen = 0;
    std::size_t addresses = 0;
    std::size_t ports = 0;
    std::size_t names = 0;
    bool const sound = each_inner_field(in, [&](field kind, std::span<std::byte const> body) {
        auto const bit = 1U << std::min(static_cast<unsigned>(kind), 31U);
        bool const again = (seen & bit) != 0;
        seen |= bit;
        switch (kind) {
        case field::service_ports:
            ports = body.size() / 2;
            return !again && are_ports(body);
        case field::port_names:
            return !again && are_port_names(body, names);
        case field::ipv4_addresses:
            return !again && are_addresses<address_v4>(body, addresses);
        case field::ipv6_addresses:
            return !again && are_addresses<address_v6>(body, addresses);
        case field::data:
            return !again;
        default:
            return true;
        }
    });
    if (packed.size() > max_record || !sound || names > ports || beat < min_beat_ms ||
        beat > max_beat_ms || discovery_port == 0)
        return error::malformed;
    return view;
}

record unpack(record_view const& value)
{
    octet_reader in(value.bytes);
    record result;
    result.sequence = in.get<std::uint32_t>();
    result.beat_interval = std::chrono::milliseconds(in.get<std::uint32_t>());
    result.discovery_port = in.get<std::uint16_t>();
    result.unicast_port_v4 = in.get<std::uint16_t>();
    result.unicast_port_v6 = in.get<std::uint16_t>();
    each_inner_field(in, [&](field kind, std::span<std::byte const> body) {
        if (kind == field::service_ports)
            for (octet_reader ports(body); !ports.empty();)
                result.service_ports.push_back(ports.get<std::uint16_t>());
        else if (kind == field::port_names)
            result.port_names = get_port_names(body);
        else if (kind == field::ipv4_addresses)
            get_addresses<address_v4>(body, result.addresses);
        else if (kind == field::ipv6_addresses)
            get_addresses<address_v6>(body, result.addresses);
        else if (kind == field::data)
            result.data.assign(body.begin(), body.end());
        return true;
    });
    return result;
}

} // namespace rollcast::announce
