// SPDX-License-Identifier: BSL-1.0
#include "announce/meaning.hpp"
#include "announce/wire_samples.hpp"
#include "support/printing.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <functional>
#include <iterator>

using namespace rollcast;
using announce::decode;
using announce::encode;
using announce::encoded_size;
using announce::pack;
using announce::unpack;
using announce::view_record;
using test::bytes;
using test::meaning;
using test::sample;
using test::sampled;
namespace wire = test::wire;

namespace {

/// Takes the most room: eight addresses of IPv6.
record large_record(std::size_t ports, std::size_t data)
{
    auto value = test::sample_record();
    value.service_ports.assign(ports, 65535);
    value.addresses.assign(announce::max_addresses, asio::ip::make_address("2001:db8::1"));
    value.data.assign(data, std::byte{0xff});
    return value;
}

/// The answer to a pull with everything such an answer has, around one record.
class full_answer {
public:
    explicit full_answer(std::size_t ports, std::size_t data)
        : packed_(pack(large_record(ports, data)).value()),
          members_(test::list_of<member_view>({{{}, true, view_record(packed_).value()}}))
    {
        value.members = wire_list<member_view>(members_);
        value.differing = sampled().differing;
    }
    full_answer(full_answer const&) = delete;
    full_answer& operator=(full_answer const&) = delete;

    announcement value{.type = message_type::records,
                       .counter = 1,
                       .summary = summary(),
                       .cookie = 1,
                       .echo = 2,
                       .part = part()};

private:
    bytes packed_;
    bytes members_;
};

meaning reread(announcement const& value)
{
    auto const datagram = encode(value, group_key()).value();
    return meaning(decode(datagram, group_key()).value());
}

record repacked(record const& value)
{
    auto const packed = pack(value).value();
    return unpack(view_record(packed).value());
}

bool lies_within(std::span<std::byte const> inner, std::span<std::byte const> outer)
{
    std::less_equal<> const before;
    return before(outer.data(), inner.data()) &&
           before(inner.data() + inner.size(), outer.data() + outer.size());
}

} // namespace

BOOST_AUTO_TEST_SUITE(announce_codec)

BOOST_AUTO_TEST_CASE(every_type_reads_back_as_it_was_written)
{
    for (auto const type : test::all_types) {
        auto const written = sample(type);
        auto const datagram = encode(written, group_key("red"));
        BOOST_TEST_REQUIRE(datagram.has_value());
        auto const read = decode(*datagram, group_key("red"));
        BOOST_TEST_REQUIRE(read.has_value());
        BOOST_TEST((meaning(*read) == meaning(written)));
    }
}

BOOST_AUTO_TEST_CASE(samples_have_every_field)
{
    auto const records = reread(sample(message_type::records));
    BOOST_TEST_REQUIRE(records.about.has_value());
    BOOST_TEST((records.about->whole == test::sample_record()));
    BOOST_TEST(records.about->sequence == 3U);
    BOOST_TEST(records.about->beat_interval.count() == 2500);
    BOOST_TEST((records.who == identity{9, test::sample_life(), 256}));
    BOOST_TEST((records.sum == summary{5, {0x1112131415161718, 0x2122232425262728}, 3}));
    BOOST_TEST((records.which == part{258, true}));
    BOOST_TEST(records.counter == 7U);
    BOOST_TEST(records.attempt == 2);
    BOOST_TEST(records.cookie.value() == 0xc0U);
    BOOST_TEST(records.echo.value() == 0xe0U);
    BOOST_TEST(records.padding == 2U);
    BOOST_TEST((records.differing == sampled().differing));
    BOOST_TEST((reread(sample(message_type::pull)).buckets == sampled().buckets));
}

BOOST_AUTO_TEST_CASE(lists_read_back_in_their_order)
{
    identity const ten{10, test::sample_life(), 257};
    identity const eleven{11, {}, 0};
    auto const read = reread(sample(message_type::records));
    BOOST_TEST((read.subjects == std::vector{ten, eleven}));
    BOOST_TEST_REQUIRE(read.members.size() == 2U);
    BOOST_TEST((read.members[0].who == ten));
    BOOST_TEST(read.members[0].proven);
    BOOST_TEST((read.members[0].about.whole == test::sample_record()));
    BOOST_TEST((read.members[1].who == eleven));
    BOOST_TEST(!read.members[1].proven);
    BOOST_TEST((read.members[1].about.whole == test::smallest_record()));
    BOOST_TEST_REQUIRE(read.ended.size() == 2U);
    BOOST_TEST((read.ended[0].who == ten));
    BOOST_TEST(read.ended[0].left);
    BOOST_TEST(read.ended[0].age.count() == 3000);
    BOOST_TEST((read.ended[1].who == eleven));
    BOOST_TEST(!read.ended[1].left);
    BOOST_TEST(read.ended[1].age.count() == 0);
}

BOOST_AUTO_TEST_CASE(lists_can_be_walked_twice_and_may_be_empty)
{
    static_assert(std::forward_iterator<wire_list<member_view>::iterator>);
    wire_list<identity> const two(sampled().subjects);
    auto at = two.begin();
    BOOST_TEST((*at).id == 10U);
    BOOST_TEST((*at++).id == 10U);
    BOOST_TEST((*at).id == 11U);
    BOOST_TEST((++at == two.end()));
    BOOST_TEST(std::ranges::distance(two) == 2);
    BOOST_TEST(!two.empty());
    wire_list<member_view> const none;
    BOOST_TEST(none.empty());
    BOOST_TEST((none.begin() == none.end()));
}

BOOST_AUTO_TEST_CASE(the_smallest_and_the_largest_values_read_back)
{
    announcement low;
    low.record = view_record(sampled().smallest).value();
    low.summary = summary();
    low.cookie = 0;
    low.echo = 0;
    low.part = part();
    auto about = large_record(64, announce::max_data_size(64));
    about.sequence = ~std::uint32_t{0};
    about.beat_interval = std::chrono::minutes(15);
    about.discovery_port = about.unicast_port_v4 = about.unicast_port_v6 = 65535;
    auto const packed = pack(about).value();
    announcement high;
    high.counter = high.who.id = high.who.incarnation = ~std::uint64_t{0};
    high.who.life.bytes.fill(255);
    high.attempt = 3;
    high.record = view_record(packed).value();
    high.summary = summary{~std::uint32_t{0}, {~std::uint64_t{0}, ~std::uint64_t{0}}, 8};
    high.cookie = high.echo = ~std::uint64_t{0};
    high.part = part{65535, true};
    for (auto const& value : {low, high})
        BOOST_TEST((reread(value) == meaning(value)));
    BOOST_TEST((repacked(about) == about));
}

BOOST_AUTO_TEST_CASE(a_hello_is_these_bytes)
{
    auto value = sample(message_type::hello);
    value.subjects = {};
    value.members = {};
    value.ended = {};
    value.differing = {};
    auto const expected =
        test::datagram("01", {wire::identity, wire::attempt, wire::summary, wire::cookie,
                              wire::echo, wire::part, wire::record, wire::padding});
    auto const written = encode(value, group_key()).value();
    BOOST_TEST(test::hex(written) == test::hex(expected));
    // The tag, computed by another implementation.
    BOOST_TEST(test::hex(std::span(written).last(wire::digest_size)) ==
               "406b63aa6353ec8d0995cdac9a0e1a2f");
}

BOOST_AUTO_TEST_CASE(records_are_these_bytes)
{
    auto const expected =
        test::datagram("0a", {wire::identity, wire::attempt, wire::summary, wire::cookie,
                              wire::echo, wire::part, wire::record, wire::subjects, wire::members,
                              wire::ended, wire::differing, wire::padding});
    auto const written = encode(sample(message_type::records), group_key()).value();
    BOOST_TEST(test::hex(written) == test::hex(expected));
    // The tag, computed by another implementation.
    BOOST_TEST(test::hex(std::span(written).last(wire::digest_size)) ==
               "f5bc80ae20868597eeb63272fe205521");
}

BOOST_AUTO_TEST_CASE(a_pull_is_these_bytes)
{
    auto const expected =
        test::datagram("09", {wire::identity, wire::attempt, wire::summary, wire::cookie,
                              wire::echo, wire::buckets, wire::differing, wire::padding});
    BOOST_TEST(test::hex(encode(sample(message_type::pull), group_key()).value()) ==
               test::hex(expected));
}

BOOST_AUTO_TEST_CASE(every_type_has_its_number)
{
    char const* const numbers[] = {"01", "02", "03", "04", "05", "06",
                                   "07", "08", "09", "0a", "0b", "0c"};
    auto number = std::begin(numbers);
    for (auto const type : test::all_types) {
        auto const written = encode(sample(type), group_key()).value();
        BOOST_TEST(test::hex(std::span(written).subspan(3, 1)) == *number++);
    }
}

BOOST_AUTO_TEST_CASE(a_goodbye_is_these_bytes)
{
    announcement value;
    value.type = message_type::bye;
    value.counter = 7;
    value.who = {9, test::sample_life(), 256};
    BOOST_TEST(test::hex(encode(value, group_key()).value()) ==
               test::hex(test::datagram("02", {wire::identity})));
}

BOOST_AUTO_TEST_CASE(a_query_is_these_bytes)
{
    announcement value;
    value.type = message_type::query;
    value.counter = 7;
    value.who = {9, test::sample_life(), 256};
    value.observer = true;
    value.attempt = 2;
    BOOST_TEST(test::hex(encode(value, group_key()).value()) ==
               test::hex(test::datagram("0c", {wire::identity, wire::observer, wire::attempt})));
}

BOOST_AUTO_TEST_CASE(an_ack_that_tells_how_many_count_on_the_speaker_is_these_bytes)
{
    announcement value;
    value.type = message_type::ack;
    value.counter = 7;
    value.who = {9, test::sample_life(), 256};
    value.counting = 300;
    auto const written = encode(value, group_key()).value();
    BOOST_TEST(test::hex(written) ==
               test::hex(test::datagram("08", {wire::identity, wire::counting})));
    BOOST_TEST(decode(written, group_key()).value().counting == 300);
}

BOOST_AUTO_TEST_CASE(a_record_is_these_bytes)
{
    BOOST_TEST(test::hex(sampled().record) == test::hex(test::unhex(wire::full)));
}

BOOST_AUTO_TEST_CASE(a_record_has_no_fields_for_what_it_has_none_of)
{
    BOOST_TEST(test::hex(sampled().smallest) == test::hex(test::unhex(wire::smallest)));
}

BOOST_AUTO_TEST_CASE(the_size_of_a_datagram_is_known_before_it_is_written)
{
    for (auto const type : test::all_types)
        BOOST_TEST(encoded_size(sample(type)) == encode(sample(type), group_key()).value().size());
}

BOOST_AUTO_TEST_CASE(what_is_read_lies_within_the_datagram)
{
    auto const datagram = encode(sample(message_type::records), group_key()).value();
    auto const read = decode(datagram, group_key()).value();
    for (auto const part : {read.record->bytes, read.subjects.bytes(), read.members.bytes(),
                            read.ended.bytes(), read.differing})
        BOOST_TEST(lies_within(part, datagram));
    for (auto const& each : read.members)
        BOOST_TEST(lies_within(each.record.bytes, datagram));
}

BOOST_AUTO_TEST_CASE(a_record_is_handed_on_with_the_fields_of_a_later_version)
{
    auto const packed =
        test::unhex(test::joined({wire::head, "12 0002 abcd", wire::data, "ff 0000"}));
    auto const list = test::list_of<member_view>({{{}, false, view_record(packed).value()}});
    announcement value{.type = message_type::records, .part = part()};
    value.members = wire_list<member_view>(list);
    auto const read = reread(value);
    BOOST_TEST((read.members.at(0).about.packed == packed));
    BOOST_TEST((read.members.at(0).about.whole.data == test::bytes_of("hi")));
}

BOOST_AUTO_TEST_CASE(a_scope_id_does_not_travel)
{
    auto value = test::sample_record();
    value.addresses = {asio::ip::make_address("fe80::1%9")};
    BOOST_TEST(repacked(value).addresses.at(0) == asio::ip::make_address("fe80::1"));
}

BOOST_AUTO_TEST_CASE(addresses_past_the_eighth_are_left_out_and_those_of_ipv4_go_first)
{
    auto value = large_record(0, 0);
    for (int i = 0; i < 3; ++i)
        value.addresses.push_back(asio::ip::make_address("10.0.0.1"));
    auto const read = repacked(value);
    BOOST_TEST(read.addresses.size() == announce::max_addresses);
    BOOST_TEST(std::ranges::all_of(read.addresses.begin(), read.addresses.begin() + 3,
                                   [](auto const& each) { return each.is_v4(); }));
    BOOST_TEST(read.addresses.at(3).is_v6());
}

BOOST_AUTO_TEST_CASE(the_age_of_an_ended_member_stops_at_49_days)
{
    auto const list = test::list_of<ended_member>({{{}, true, std::chrono::hours(24 * 50)}});
    auto const read = *wire_list<ended_member>(list).begin();
    BOOST_TEST(read.age.count() == 0xffffffff);
}

BOOST_AUTO_TEST_CASE(for_every_number_of_ports_the_most_data_fits_and_a_byte_more_does_not)
{
    for (std::size_t ports = 0; ports <= announce::max_service_ports; ++ports) {
        auto const limit = announce::max_data_size(ports);
        full_answer const full(ports, limit);
        auto const datagram = encode(full.value, group_key());
        BOOST_TEST_REQUIRE(datagram.has_value());
        BOOST_TEST(datagram->size() <= announce::max_datagram);
        BOOST_TEST((reread(full.value) == meaning(full.value)));
        BOOST_TEST(pack(large_record(ports, limit + 1)).error() == error::data_too_large);
    }
}

BOOST_AUTO_TEST_CASE(the_largest_answer_has_1200_bytes_and_can_have_no_more)
{
    full_answer most(3, announce::max_data_size(3));
    auto const room = announce::max_datagram - encoded_size(most.value);
    BOOST_TEST_REQUIRE(room == 3U); // the header of IPv4 addresses beside those of IPv6
    most.value.padding = 1;
    BOOST_TEST(encoded_size(most.value) == 1201U);
    BOOST_TEST(encode(most.value, group_key()).error() == error::data_too_large);
}

BOOST_AUTO_TEST_CASE(a_datagram_of_1200_bytes_is_written_and_one_more_is_too_large)
{
    auto value = sample(message_type::ping);
    value.padding += announce::max_datagram - encoded_size(value);
    BOOST_TEST(encode(value, group_key()).value().size() == 1200U);
    BOOST_TEST((reread(value) == meaning(value)));
    ++value.padding;
    BOOST_TEST(encode(value, group_key()).error() == error::data_too_large);
}

BOOST_AUTO_TEST_CASE(a_65th_service_port_is_too_many)
{
    BOOST_TEST(pack(large_record(65, 0)).error() == error::too_many_ports);
}

BOOST_AUTO_TEST_CASE(another_applications_datagrams_are_foreign)
{
    auto const theirs = encode(sample(message_type::hello), group_key("red")).value();
    BOOST_TEST(decode(theirs, group_key("blue")).error() == error::foreign);
}

BOOST_AUTO_TEST_SUITE_END()
