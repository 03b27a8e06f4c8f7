// SPDX-License-Identifier: BSL-1.0
#include "announce/codec.hpp"
#include "announce/group_key.hpp"
#include "announce/meaning.hpp"
#include "fuzz/codec_input.hpp"
#include "fuzz/require.hpp"

#include <algorithm>
#include <iterator>
#include <vector>

using namespace rollcast;
using test::meaning;
using test::require;

namespace {

using bytes = std::vector<std::byte>;

group_key const& key()
{
    static group_key const nameless;
    return nameless;
}

void check_refusal(error_code verdict)
{
    require(verdict == error::foreign || verdict == error::unsupported_version ||
                verdict == error::corrupted || verdict == error::malformed,
            "refused for a reason that decode does not have");
}

bool may_be_told(asio::ip::address const& address)
{
    return !address.is_multicast() && !address.is_unspecified();
}

std::vector<asio::ip::address> ipv4_first(std::vector<asio::ip::address> const& addresses)
{
    std::vector<asio::ip::address> sorted;
    for (bool const v4 : {true, false})
        std::ranges::copy_if(addresses, std::back_inserter(sorted),
                             [=](auto const& each) { return each.is_v4() == v4; });
    return sorted;
}

void check_limits(record const& value)
{
    auto const ms = value.beat_interval.count();
    require(ms >= 250 && ms <= 900'000, "a beat interval out of range");
    require(value.discovery_port != 0, "a record without a discovery port");
    require(value.service_ports.size() <= announce::max_service_ports, "too many ports");
    require(std::ranges::count(value.service_ports, 0) == 0, "a service port 0");
    require(value.port_names.size() <= value.service_ports.size(), "more names than ports");
    require(std::ranges::all_of(value.port_names, announce::is_port_name), "no name of a port");
    auto names = value.port_names;
    std::ranges::sort(names);
    require(std::ranges::adjacent_find(names) == names.end(), "two ports of one name");
    require(value.addresses.size() <= announce::max_addresses, "too many addresses");
    require(std::ranges::all_of(value.addresses, may_be_told), "an address of nobody");
}

/// A view says what the record says, and the record can be packed again if its data and names are
/// not larger than its own instance could have made them.
void check_record(record_view const& view)
{
    auto whole = announce::unpack(view);
    check_limits(whole);
    require(view.sequence == whole.sequence && view.beat_interval == whole.beat_interval,
            "a view of another record");
    auto const packed = announce::pack(whole);
    auto const room = announce::max_data_size(whole.service_ports.size(), whole.port_names);
    if (whole.data.size() > room || (room == 0 && !packed)) {
        require(!packed && (packed.error() == error::data_too_large ||
                            (room == 0 && packed.error() == error::too_many_ports)),
                "too large a record was made");
        return;
    }
    require(packed.has_value(), "a record cannot be packed again");
    whole.addresses = ipv4_first(whole.addresses);
    auto const again = announce::view_record(*packed);
    require(again && announce::unpack(*again) == whole, "a record packed again is another one");
}

bool has_what_it_needs(announcement const& value)
{
    switch (value.type) {
    case message_type::hello:
        return value.record.has_value();
    case message_type::suspect:
    case message_type::gone:
    case message_type::conflict:
        return value.subjects.begin() != value.subjects.end();
    case message_type::digest:
    case message_type::beat:
        return value.summary.has_value();
    case message_type::pull:
        return value.buckets.empty() || value.buckets.size() == 4 * announce::bucket_count;
    case message_type::records:
        return value.part.has_value();
    case message_type::query:
        return value.observer;
    default:
        return true;
    }
}

void check_values(announcement const& value)
{
    auto const type = static_cast<int>(value.type);
    require(type >= 1 && type <= 12, "an unknown type");
    require(has_what_it_needs(value), "incomplete");
    require(value.attempt <= 3, "an attempt out of range");
    if (value.summary)
        require(value.summary->health >= 1 && value.summary->health <= 8, "a health out of range");
    require(value.buckets.empty() || value.buckets.size() == 4 * announce::bucket_count,
            "not one hash for each bucket");
    require(value.differing.empty() || 8 * value.differing.size() == announce::bucket_count,
            "not one bit for each bucket");
    if (value.record)
        check_record(*value.record);
    for (auto const& each : value.members)
        check_record(each.record);
}

template <class T>
bytes rebuilt(wire_list<T> const& list)
{
    bytes all;
    for (auto const& each : list)
        announce::append(all, each);
    return all;
}

/// What came in lists can be handed on in lists.
void check_lists(announcement const& value)
{
    require(std::ranges::equal(rebuilt(value.subjects), value.subjects.bytes()),
            "other subjects when listed again");
    require(std::ranges::equal(rebuilt(value.ended), value.ended.bytes()),
            "other ended members when listed again");
    auto const members = rebuilt(value.members);
    auto copy = value;
    copy.members = wire_list<member_view>(members);
    require(meaning(copy) == meaning(value), "other members when listed again");
}

/// No longer than what came, which may have had fields that nobody knows.
void check_repetition(announcement const& value, std::size_t size)
{
    auto const again = announce::encode(value, key());
    require(again.has_value(), "what was understood cannot be said again");
    require(again->size() == announce::encoded_size(value), "of another size than foretold");
    require(again->size() <= size, "longer when said again");
    auto const read = announce::decode(*again, key());
    require(read && meaning(*read) == meaning(value), "of another meaning when said again");
    require(announce::encode(*read, key()).value() == *again, "never twice the same datagram");
}

void check_datagram(std::span<std::byte const> datagram)
{
    auto const read = announce::decode(datagram, key());
    if (!read)
        return check_refusal(read.error());
    require(datagram.size() <= announce::max_datagram, "too long a datagram");
    check_values(*read);
    check_lists(*read);
    check_repetition(*read, datagram.size());
}

} // namespace

std::vector<std::byte> test::datagram_of(std::span<std::uint8_t const> input)
{
    auto const content = std::as_bytes(input);
    auto const tag = key().digest(content);
    // Of exactly this size, so that reading on is noticed.
    bytes whole(content.size() + tag.size());
    std::ranges::copy(tag, std::ranges::copy(content, whole.begin()).out);
    return whole;
}

void test::fuzz_codec(std::span<std::uint8_t const> input)
{
    check_datagram(datagram_of(input));
    // And as it is, where only what stands before the tag is looked at.
    auto const untagged = std::as_bytes(input);
    check_datagram(bytes(untagged.begin(), untagged.end()));
}
