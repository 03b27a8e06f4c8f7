// SPDX-License-Identifier: BSL-1.0
#include "announce/wire_samples.hpp"
#include "chart/random_source.hpp"
#include "support/printing.hpp"

#include <boost/test/unit_test.hpp>

using namespace rollcast;
using announce::decode;
using announce::encode;
using test::bytes;
using test::datagram;
using test::sample;
namespace wire = test::wire;

namespace {

error_code verdict(std::span<std::byte const> datagram)
{
    auto const read = decode(datagram, group_key());
    return read ? error_code{} : read.error();
}

/// What a datagram with a wrong byte there is called.
error expected_for_flip_at(std::size_t at)
{
    if (at < 2)
        return error::foreign; // the magic
    if (at == 2)
        return error::unsupported_version;
    if (at >= 4 && at < 16)
        return error::foreign; // key id and group tag
    return error::corrupted;
}

error expected_for_length(std::size_t length)
{
    if (length < 2)
        return error::foreign;
    return length < wire::header_size + wire::digest_size ? error::malformed : error::corrupted;
}

/// A ping with one of its fields replaced; an empty one is left out.
bytes ping_with(std::string_view original, std::string_view replacement)
{
    auto const pick = [&](std::string_view field) {
        return field == original ? replacement : field;
    };
    return datagram("07", {pick(wire::identity), pick(wire::state), pick(wire::ports),
                           pick(wire::ipv4), pick(wire::ipv6), pick(wire::data)});
}

} // namespace

BOOST_AUTO_TEST_SUITE(announce_codec_hostile)

BOOST_AUTO_TEST_CASE(every_flipped_bit_is_noticed)
{
    for (auto const type : test::all_types) {
        auto const whole = encode(sample(type), group_key()).value();
        for (std::size_t bit = 0; bit < 8 * whole.size(); ++bit) {
            auto flipped = whole;
            flipped[bit / 8] ^= static_cast<std::byte>(1U << bit % 8);
            BOOST_TEST(verdict(flipped) == expected_for_flip_at(bit / 8));
        }
    }
}

BOOST_AUTO_TEST_CASE(every_truncation_is_noticed)
{
    for (auto const type : test::all_types) {
        auto const whole = encode(sample(type), group_key()).value();
        for (std::size_t length = 0; length < whole.size(); ++length)
            BOOST_TEST(verdict(std::span(whole).first(length)) == expected_for_length(length));
    }
}

BOOST_AUTO_TEST_CASE(a_truncation_under_a_right_tag_is_malformed_wherever_it_cuts_a_record)
{
    auto const whole = encode(sample(message_type::ping), group_key()).value();
    for (auto length = wire::header_size; length + wire::digest_size < whole.size(); ++length) {
        auto const cut = test::sealed({whole.begin(), whole.begin() + static_cast<long>(length)});
        BOOST_TEST(verdict(cut) == error::malformed);
    }
}

BOOST_AUTO_TEST_CASE(a_datagram_over_1200_bytes_is_malformed)
{
    auto const padded = [](std::string const& size, std::size_t bytes) {
        return datagram("02", {wire::identity, "7f" + size + std::string(2 * bytes, '0')});
    };
    auto const longest = padded("0462", 0x462);
    auto const too_long = padded("0463", 0x463);
    BOOST_TEST(longest.size() == announce::max_datagram);
    BOOST_TEST(!verdict(longest).failed());
    BOOST_TEST(verdict(too_long) == error::malformed);
}

BOOST_AUTO_TEST_CASE(bytes_of_another_protocol_are_foreign_at_any_length)
{
    for (std::size_t length : {0U, 1U, 2U, 40U, 1200U, 9000U, 65507U})
        BOOST_TEST(verdict(bytes(length, std::byte{0x55})) == error::foreign);
}

BOOST_AUTO_TEST_CASE(a_type_that_is_not_known_yet_is_of_a_later_version)
{
    for (auto const* type : {"00", "03", "0b", "ff"})
        BOOST_TEST(verdict(datagram(type, {wire::identity})) == error::unsupported_version);
}

BOOST_AUTO_TEST_CASE(sealed_datagrams_are_foreign_to_those_without_keys)
{
    auto bytes = encode(sample(message_type::hello), group_key()).value();
    bytes[7] = std::byte{1};
    BOOST_TEST(verdict(test::resealed(bytes)) == error::foreign);
}

BOOST_AUTO_TEST_CASE(fields_of_a_later_version_are_skipped)
{
    auto const read = decode(
        datagram("07", {"08 0000", wire::identity, "ff 0003 010203", wire::state, wire::ports,
                        wire::ipv4, wire::ipv6, "00 0001 00", wire::data, "ff 0000"}),
        group_key());
    BOOST_TEST_REQUIRE(read.has_value());
    BOOST_TEST((*read == sample(message_type::ping)));
}

BOOST_AUTO_TEST_CASE(fields_may_come_in_any_order)
{
    auto const read = decode(datagram("07", {wire::data, wire::ipv4, wire::ports, wire::ipv6,
                                             wire::state, wire::identity}),
                             group_key());
    BOOST_TEST_REQUIRE(read.has_value());
    BOOST_TEST((*read == sample(message_type::ping)));
}

BOOST_AUTO_TEST_CASE(a_field_that_comes_twice_is_malformed)
{
    for (auto const twice : {wire::identity, wire::attempt, wire::state, wire::ports, wire::ipv4,
                             wire::ipv6, wire::data})
        BOOST_TEST(verdict(datagram("01", {wire::identity, wire::attempt, wire::state, wire::ports,
                                           wire::ipv4, wire::ipv6, wire::data, twice})) ==
                   error::malformed);
}

BOOST_AUTO_TEST_CASE(a_field_that_is_missing_is_malformed)
{
    for (auto const required : {wire::identity, wire::state, wire::ports, wire::data})
        BOOST_TEST(verdict(ping_with(required, "")) == error::malformed);
    for (auto const optional : {wire::ipv4, wire::ipv6})
        BOOST_TEST(!verdict(ping_with(optional, "")).failed());
    BOOST_TEST(verdict(datagram("02", {})) == error::malformed);
}

BOOST_AUTO_TEST_CASE(a_field_of_the_wrong_size_is_malformed)
{
    for (auto const* bad : {"01 000f 000000000000000000000000000000",
                            "01 0011 0000000000000000000000000000000000", "01 0000"})
        BOOST_TEST(verdict(ping_with(wire::identity, bad)) == error::malformed);
    for (auto const* bad : {"02 0009 00000003 000009c4 1f", "02 000b 00000003 000009c4 1f90 00"})
        BOOST_TEST(verdict(ping_with(wire::state, bad)) == error::malformed);
    BOOST_TEST(verdict(ping_with(wire::ports, "03 0003 1f6a 1f")) == error::malformed);
    for (auto const* bad : {"04 0000", "04 0003 0a0000", "04 0005 0a00000100"})
        BOOST_TEST(verdict(ping_with(wire::ipv4, bad)) == error::malformed);
    for (auto const* bad : {"05 0000", "05 0004 0a000001"})
        BOOST_TEST(verdict(ping_with(wire::ipv6, bad)) == error::malformed);
    for (auto const* bad : {"07 0000", "07 0002 0101", "07 0001 04", "07 0001 ff"})
        BOOST_TEST(verdict(datagram("01", {wire::identity, wire::state, wire::ports, wire::data,
                                           bad})) == error::malformed);
}

BOOST_AUTO_TEST_CASE(a_value_out_of_its_range_is_malformed)
{
    for (auto const* bad : {"02 000a 00000003 000000f9 1f90",  // a beat of 249 ms
                            "02 000a 00000003 000dbba1 1f90",  // of 900,001 ms
                            "02 000a 00000003 00000000 1f90",  // none at all
                            "02 000a 00000003 000009c4 0000"}) // port 0
        BOOST_TEST(verdict(ping_with(wire::state, bad)) == error::malformed);
    for (auto const* good : {"02 000a 00000003 000000fa 1f90", "02 000a 00000003 000dbba0 0001"})
        BOOST_TEST(!verdict(ping_with(wire::state, good)).failed());
    BOOST_TEST(verdict(ping_with(wire::ports, "03 0004 1f6a 0000")) == error::malformed);
    for (auto const* bad : {"04 0004 e0000001", "04 0004 00000000"})
        BOOST_TEST(verdict(ping_with(wire::ipv4, bad)) == error::malformed);
    for (auto const* bad :
         {"05 0010 ff020000000000000000000000000001", "05 0010 00000000000000000000000000000000"})
        BOOST_TEST(verdict(ping_with(wire::ipv6, bad)) == error::malformed);
}

BOOST_AUTO_TEST_CASE(more_ports_or_addresses_than_a_record_holds_are_malformed)
{
    auto const repeated = [](std::string head, std::string_view each, int times) {
        for (int i = 0; i < times; ++i)
            head += each;
        return head;
    };
    BOOST_TEST(!verdict(ping_with(wire::ports, repeated("03 0080", "1f6a", 64))).failed());
    BOOST_TEST(verdict(ping_with(wire::ports, repeated("03 0082", "1f6a", 65))) ==
               error::malformed);
    // The sample has an IPv6 address too.
    BOOST_TEST(!verdict(ping_with(wire::ipv4, repeated("04 001c", "0a000001", 7))).failed());
    BOOST_TEST(verdict(ping_with(wire::ipv4, repeated("04 0020", "0a000001", 8))) ==
               error::malformed);
}

BOOST_AUTO_TEST_CASE(a_length_beyond_the_end_is_malformed)
{
    for (auto const* bad : {"06 0003 6869", "06 ffff 6869", "06 00", "06"})
        BOOST_TEST(verdict(ping_with(wire::data, bad)) == error::malformed);
}

BOOST_AUTO_TEST_CASE(whatever_arrives_is_an_announcement_or_an_error)
{
    detail::random_source random(1);
    bytes const seeds[] = {encode(sample(message_type::hello), group_key()).value(),
                           encode(sample(message_type::bye), group_key()).value()};
    std::size_t understood = 0;
    for (int round = 0; round < 100'000; ++round) {
        auto mutated = seeds[round % 2];
        for (auto changes = random.next() % 4 + 1; changes > 0; --changes)
            mutated[random.next() % mutated.size()] = static_cast<std::byte>(random.next());
        // Most keep a right header, to get past it.
        std::copy_n(seeds[0].begin(), round % 8 == 0 ? 0 : 3, mutated.begin());
        auto const read = decode(test::resealed(mutated), group_key());
        if (!read)
            continue;
        ++understood;
        // Whatever is understood can be said again, and means the same.
        auto const again = encode(*read, group_key());
        BOOST_TEST_REQUIRE(again.has_value());
        BOOST_TEST_REQUIRE((decode(*again, group_key()).value() == *read));
    }
    BOOST_TEST(understood > 1000U);
    BOOST_TEST(understood < 99'000U);
}

BOOST_AUTO_TEST_CASE(noise_is_never_understood)
{
    detail::random_source random(2);
    for (int round = 0; round < 20'000; ++round) {
        bytes noise(random.next() % 1300);
        for (auto& each : noise)
            each = static_cast<std::byte>(random.next());
        BOOST_TEST_REQUIRE(verdict(noise).failed());
    }
}

BOOST_AUTO_TEST_SUITE_END()
