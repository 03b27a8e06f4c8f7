// SPDX-License-Identifier: BSL-1.0
#include "announce/meaning.hpp"
#include "announce/wire_samples.hpp"
#include "protocol/random_source.hpp"
#include "support/printing.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace rollcast;
using announce::decode;
using announce::encode;
using announce::view_record;
using test::bytes;
using test::datagram;
using test::field;
using test::fields;
using test::joined;
using test::meaning;
using test::repeated;
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

/// What a datagram of this type has behind its header, and where each field of it begins and ends.
struct taken_apart {
    bytes header;
    std::vector<bytes> all{};
    std::vector<std::size_t> ends{};

    explicit taken_apart(message_type type)
    {
        auto const whole = encode(sample(type), group_key()).value();
        auto at = whole.begin() + wire::header_size;
        header.assign(whole.begin(), at);
        while (at != whole.end() - wire::digest_size) {
            auto const size = std::to_integer<int>(at[1]) * 256 + std::to_integer<int>(at[2]);
            all.emplace_back(at, at + 3 + size);
            at += 3 + size;
            ends.push_back(static_cast<std::size_t>(at - whole.begin()));
        }
    }
};

bytes assembled(bytes const& header, std::vector<bytes> const& all)
{
    auto content = header;
    for (auto const& each : all)
        content.insert(content.end(), each.begin(), each.end());
    return test::sealed(std::move(content));
}

/// The kinds of field that a datagram of this type must have.
std::vector<int> needs(message_type type)
{
    switch (type) {
    case message_type::hello:
        return {1, 2};
    case message_type::suspect:
    case message_type::gone:
    case message_type::conflict:
        return {1, 11};
    case message_type::digest:
    case message_type::beat:
        return {1, 8};
    case message_type::records:
        return {1, 16};
    case message_type::query:
        return {1, 18};
    default:
        return {1};
    }
}

bool suffice(std::vector<bytes> const& all, message_type type)
{
    return std::ranges::all_of(needs(type), [&](int kind) {
        return std::ranges::any_of(
            all, [&](bytes const& each) { return std::to_integer<int>(each[0]) == kind; });
    });
}

/// What is said of a datagram with these fields beside those that every one needs.
error_code verdict_on(std::string_view field)
{
    return verdict(datagram("07", {wire::identity, field}));
}

/// What is said of a record, the same wherever it stands.
error_code verdict_on_record(fields pieces)
{
    auto const record = joined(pieces);
    auto const own = verdict_on(field("02", {record}));
    auto const size = test::unhex(record).size();
    std::byte const length[] = {static_cast<std::byte>(size >> 8), static_cast<std::byte>(size)};
    auto const listed = verdict_on(field("0c", {test::hex(length), wire::ten, "00", record}));
    auto const packed = test::unhex(record);
    auto const alone = view_record(packed);
    BOOST_TEST(own == listed);
    BOOST_TEST(own == (alone ? error_code{} : alone.error()));
    return own;
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

BOOST_AUTO_TEST_CASE(a_truncation_under_a_right_tag_is_malformed_wherever_it_cuts_a_field)
{
    for (auto const type : test::all_types) {
        taken_apart const parts(type);
        auto const whole = assembled(parts.header, parts.all);
        for (auto length = wire::header_size; length < parts.ends.back(); ++length) {
            auto const cut = whole.begin() + static_cast<std::ptrdiff_t>(length);
            auto const between = std::ranges::find(parts.ends, length);
            auto const left = between - parts.ends.begin() + 1;
            bool const good = between != parts.ends.end() &&
                              suffice({parts.all.begin(), parts.all.begin() + left}, type);
            BOOST_TEST(verdict(test::sealed({whole.begin(), cut})) ==
                       (good ? error_code{} : error::malformed));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_datagram_over_1200_bytes_is_malformed)
{
    auto const longest = datagram("02", {wire::identity, field("7f", {repeated("00", 0x462)})});
    auto const too_long = datagram("02", {wire::identity, field("7f", {repeated("00", 0x463)})});
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
    for (auto const* type : {"00", "0d", "80", "ff"})
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
    for (auto const type : test::all_types) {
        taken_apart const parts(type);
        for (std::size_t at = 0; at <= parts.all.size(); ++at) {
            // Short enough for a pull, which is nearly full.
            for (auto const* later : {"14 0000", "ff 0001 02", "00 0002 0000"}) {
                auto with = parts.all;
                with.insert(with.begin() + static_cast<std::ptrdiff_t>(at), test::unhex(later));
                auto const written = assembled(parts.header, with);
                auto const read = decode(written, group_key());
                BOOST_TEST_REQUIRE(read.has_value());
                BOOST_TEST((meaning(*read) == meaning(sample(type))));
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(fields_of_a_later_version_may_come_twice)
{
    for (auto const* later : {"00 0000", "14 0001 00", "20 0000", "80 0000", "ff 0002 0000"})
        BOOST_TEST(!verdict(datagram("07", {later, wire::identity, later, later})).failed());
}

BOOST_AUTO_TEST_CASE(fields_of_a_later_version_are_skipped_in_a_record)
{
    auto const packed = test::unhex(
        joined({wire::head, "12 0000", wire::ports, "ff 0003 010203", wire::ipv4, "00 0001 00",
                wire::ipv6, "01 0000", wire::data, "13 0002 ffff", "13 0000", "ff 0000"}));
    auto const view = view_record(packed);
    BOOST_TEST_REQUIRE(view.has_value());
    BOOST_TEST((announce::unpack(*view) == test::sample_record()));
}

BOOST_AUTO_TEST_CASE(fields_of_a_record_mean_nothing_outside)
{
    for (auto const* alien : {"03 0001 00", "04 0000", "05 0004 e0000001", "06 0002 6869"}) {
        auto const alone = datagram("07", {wire::identity});
        auto const with = datagram("07", {alien, wire::identity});
        auto const read = decode(with, group_key());
        BOOST_TEST_REQUIRE(read.has_value());
        BOOST_TEST((meaning(*read) == meaning(decode(alone, group_key()).value())));
    }
}

BOOST_AUTO_TEST_CASE(fields_may_come_in_any_order)
{
    for (auto const type : test::all_types) {
        taken_apart parts(type);
        for (std::size_t turn = 0; turn < parts.all.size(); ++turn) {
            std::ranges::rotate(parts.all, parts.all.begin() + 1);
            auto const backwards = std::vector(parts.all.rbegin(), parts.all.rend());
            for (auto const& order : {parts.all, backwards}) {
                auto const written = assembled(parts.header, order);
                auto const read = decode(written, group_key());
                BOOST_TEST_REQUIRE(read.has_value());
                BOOST_TEST((meaning(*read) == meaning(sample(type))));
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(the_fields_of_a_record_may_come_in_any_order)
{
    auto const packed =
        test::unhex(joined({wire::head, wire::data, wire::ipv4, wire::ports, wire::ipv6}));
    auto const view = view_record(packed);
    BOOST_TEST_REQUIRE(view.has_value());
    BOOST_TEST((announce::unpack(*view) == test::sample_record()));
}

BOOST_AUTO_TEST_CASE(a_field_that_comes_twice_is_malformed)
{
    for (std::string_view const twice :
         {wire::identity, wire::attempt, wire::summary, wire::cookie, wire::echo, wire::part,
          std::string_view(wire::record), std::string_view(wire::subjects),
          std::string_view(wire::members), std::string_view(wire::ended),
          std::string_view(wire::differing), wire::padding, wire::observer, wire::counting,
          std::string_view("0b 0000"), std::string_view("06 0000")}) {
        BOOST_TEST(!verdict(datagram("07", {wire::identity, twice == wire::identity ? "" : twice}))
                        .failed());
        BOOST_TEST(verdict(datagram("07", {twice, wire::identity, twice})) == error::malformed);
    }
    // Two of them do not fit; the second is found wrong before its size.
    BOOST_TEST(verdict(datagram("07", {wire::identity, wire::buckets, "0e 0000"})) ==
               error::malformed);
}

BOOST_AUTO_TEST_CASE(a_field_that_comes_twice_in_a_record_is_malformed)
{
    for (auto const twice : {wire::ports, wire::ipv4, wire::ipv6, wire::data}) {
        BOOST_TEST(!verdict_on_record({wire::head, twice}).failed());
        BOOST_TEST(verdict_on_record({wire::full, twice}) == error::malformed);
        BOOST_TEST(verdict_on_record({wire::head, twice, "20 0000", twice}) == error::malformed);
    }
    BOOST_TEST(!verdict_on_record({wire::full, "20 0000", "20 0000", "3f 0000"}).failed());
}

BOOST_AUTO_TEST_CASE(a_datagram_without_what_its_type_needs_is_malformed)
{
    for (auto const type : test::all_types) {
        taken_apart const parts(type);
        for (std::size_t without = 0; without < parts.all.size(); ++without) {
            auto left = parts.all;
            left.erase(left.begin() + static_cast<std::ptrdiff_t>(without));
            BOOST_TEST(verdict(assembled(parts.header, left)) ==
                       (suffice(left, type) ? error_code{} : error::malformed));
        }
    }
}

BOOST_AUTO_TEST_CASE(what_a_type_needs_is_enough_for_it)
{
    for (auto const type : test::all_types) {
        taken_apart const parts(type);
        auto left = parts.all;
        std::erase_if(left, [&](bytes const& each) {
            auto const kinds = needs(type);
            return std::ranges::count(kinds, std::to_integer<int>(each[0])) == 0;
        });
        BOOST_TEST(!verdict(assembled(parts.header, left)).failed());
    }
}

BOOST_AUTO_TEST_CASE(those_who_must_name_somebody_cannot_name_nobody)
{
    for (auto const* type : {"03", "04", "0b"})
        BOOST_TEST(verdict(datagram(type, {wire::identity, "0b 0000"})) == error::malformed);
}

BOOST_AUTO_TEST_CASE(a_field_of_the_wrong_size_is_malformed)
{
    for (std::size_t const size : {0U, 15U, 17U, 32U})
        BOOST_TEST(verdict(datagram("07", {field("01", {repeated("00", size)})})) ==
                   error::malformed);
    std::pair<char const*, std::size_t> const right[] = {
        {"07", 1}, {"08", 21}, {"09", 8}, {"0a", 8}, {"10", 3}, {"0f", 32}, {"0e", 1024}};
    for (auto const& [kind, size] : right) {
        BOOST_TEST(!verdict_on(field(kind, {repeated("01", size)})).failed());
        for (std::size_t const wrong : {std::size_t{0}, size - 1, size + 1, 2 * size})
            if (wrong < 1100)
                BOOST_TEST((wrong == size ||
                            verdict_on(field(kind, {repeated("01", wrong)})) == error::malformed));
    }
    BOOST_TEST(!verdict_on("11 0000").failed());
    BOOST_TEST(!verdict_on("12 0000").failed());
    BOOST_TEST(verdict_on("12 0001 01") == error::malformed);
}

BOOST_AUTO_TEST_CASE(a_field_of_the_wrong_size_in_a_record_is_malformed)
{
    for (auto const* bad : {"03 0001 1f", "03 0003 1f6a 1f", "04 0000", "04 0003 0a0000",
                            "04 0005 0a00000100", "05 0000", "05 0004 0a000001"})
        BOOST_TEST(verdict_on_record({wire::head, bad}) == error::malformed);
    for (auto const* good : {"03 0000", "06 0000"})
        BOOST_TEST(!verdict_on_record({wire::head, good}).failed());
}

BOOST_AUTO_TEST_CASE(a_record_shorter_than_its_head_is_malformed)
{
    auto const smallest = test::hex(test::unhex(wire::smallest));
    for (std::size_t size = 0; size < 14; ++size)
        BOOST_TEST(verdict_on_record({smallest.substr(0, 2 * size)}) == error::malformed);
    BOOST_TEST(!verdict_on_record({smallest}).failed());
}

BOOST_AUTO_TEST_CASE(a_record_that_is_cut_within_a_field_is_malformed)
{
    auto const full = test::hex(test::unhex(wire::full));
    std::size_t const between[] = {14, 21, 28, 47};
    for (std::size_t size = 14; size < 52; ++size)
        BOOST_TEST(verdict_on_record({full.substr(0, 2 * size)}) ==
                   (std::ranges::count(between, size) == 1 ? error_code{} : error::malformed));
}

BOOST_AUTO_TEST_CASE(a_value_out_of_its_range_is_malformed)
{
    for (auto const* bad : {"07 0001 04", "07 0001 ff"})
        BOOST_TEST(verdict_on(bad) == error::malformed);
    for (auto const* bad : {"00", "03", "ff"})
        BOOST_TEST(verdict_on(field("0d", {wire::ten, "01 00000000", wire::ten, bad,
                                           "00000000"})) == error::malformed);
}

BOOST_AUTO_TEST_CASE(a_value_out_of_its_range_in_a_record_is_malformed)
{
    for (auto const* bad : {"00000003 000000f9 1f90 2328 2329",  // a beat of 249 ms
                            "00000003 000dbba1 1f90 2328 2329",  // of 900,001 ms
                            "00000003 00000000 1f90 2328 2329",  // none at all
                            "00000003 ffffffff 1f90 2328 2329",  // and of 49 days
                            "00000003 000009c4 0000 2328 2329"}) // port 0
        BOOST_TEST(verdict_on_record({bad}) == error::malformed);
    for (auto const* good :
         {"00000003 000000fa 1f90 2328 2329", "00000003 000dbba0 0001 0000 0000"})
        BOOST_TEST(!verdict_on_record({good}).failed());
    for (auto const* bad :
         {"03 0002 0000", "03 0004 1f6a 0000", "03 0004 0000 1f6a", "04 0004 e0000001",
          "04 0004 00000000", "04 0008 0a000001 efffffff",
          "05 0010 ff020000000000000000000000000001", "05 0010 00000000000000000000000000000000"})
        BOOST_TEST(verdict_on_record({wire::head, bad}) == error::malformed);
}

BOOST_AUTO_TEST_CASE(a_health_out_of_its_range_is_the_nearest_there_is)
{
    std::pair<char const*, int> const healths[] = {
        {"00", 1}, {"01", 1}, {"08", 8}, {"09", 8}, {"ff", 8}};
    for (auto const& [octet, health] : healths) {
        auto const written =
            datagram("07", {wire::identity, field("08", {repeated("00", 20), octet})});
        BOOST_TEST(decode(written, group_key()).value().summary.value().health == health);
    }
}

BOOST_AUTO_TEST_CASE(flags_of_a_later_version_are_skipped)
{
    for (auto const& [flags, proven] :
         {std::pair("00", false), std::pair("fe", false), std::pair("ff", true)}) {
        auto const written =
            datagram("0a", {wire::identity, wire::part,
                            field("0c", {"000e", wire::eleven, flags, wire::smallest})});
        auto const read = decode(written, group_key()).value();
        BOOST_TEST((*read.members.begin()).proven == proven);
    }
    auto const last = datagram("0a", {wire::identity, "10 0003 0000 02"});
    BOOST_TEST(decode(last, group_key()).value().part.value().last);
}

BOOST_AUTO_TEST_CASE(more_ports_or_addresses_than_a_record_holds_are_malformed)
{
    auto const ports = [](std::size_t count) { return field("03", {repeated("1f6a", count)}); };
    auto const v4 = [](std::size_t count) { return field("04", {repeated("0a000001", count)}); };
    auto const v6 = [](std::size_t count) {
        return field("05", {repeated("fe800000000000000000000000000001", count)});
    };
    BOOST_TEST(!verdict_on_record({wire::head, ports(64)}).failed());
    BOOST_TEST(verdict_on_record({wire::head, ports(65)}) == error::malformed);
    for (std::size_t count = 1; count < 8; ++count) {
        BOOST_TEST(!verdict_on_record({wire::head, v4(count), v6(8 - count)}).failed());
        BOOST_TEST(verdict_on_record({wire::head, v4(count + 1), v6(8 - count)}) ==
                   error::malformed);
        BOOST_TEST(verdict_on_record({wire::head, v6(8 - count), v4(count + 1)}) ==
                   error::malformed);
    }
    BOOST_TEST(!verdict_on_record({wire::head, v4(8)}).failed());
    BOOST_TEST(!verdict_on_record({wire::head, v6(8)}).failed());
    BOOST_TEST(verdict_on_record({wire::head, v4(9)}) == error::malformed);
    BOOST_TEST(verdict_on_record({wire::head, v6(9)}) == error::malformed);
    // As many as a datagram holds: none of them is unpacked.
    BOOST_TEST(verdict_on(field("02", {wire::head, v4(260)})) == error::malformed);
}

BOOST_AUTO_TEST_CASE(a_length_beyond_the_end_is_malformed)
{
    for (auto const* bad : {"06 0003 6869", "06 ffff 6869", "06 00", "06", "12 0001", "ff ffff"}) {
        BOOST_TEST(verdict_on(bad) == error::malformed);
        BOOST_TEST(verdict_on_record({wire::head, bad}) == error::malformed);
    }
}

BOOST_AUTO_TEST_CASE(a_list_of_identities_that_is_cut_is_malformed)
{
    auto const both = test::hex(test::unhex(joined({wire::ten, wire::eleven})));
    for (std::size_t size = 0; size <= 64; ++size)
        BOOST_TEST(verdict_on(field("0b", {both.substr(0, 2 * size)})) ==
                   (size % 32 == 0 ? error_code{} : error::malformed));
}

BOOST_AUTO_TEST_CASE(a_list_of_ended_members_that_is_cut_is_malformed)
{
    auto const both = test::hex(test::unhex(wire::ended)).substr(6);
    for (std::size_t size = 0; size <= 74; ++size)
        BOOST_TEST(verdict_on(field("0d", {both.substr(0, 2 * size)})) ==
                   (size % 37 == 0 ? error_code{} : error::malformed));
}

BOOST_AUTO_TEST_CASE(a_list_of_members_that_is_cut_is_malformed)
{
    auto const both = test::hex(test::unhex(wire::members)).substr(6);
    for (std::size_t size = 0; size <= 136; ++size)
        BOOST_TEST(verdict_on(field("0c", {both.substr(0, 2 * size)})) ==
                   (size == 0 || size == 87 || size == 136 ? error_code{} : error::malformed));
}

BOOST_AUTO_TEST_CASE(a_member_whose_record_has_another_length_is_malformed)
{
    // A whole record goes before or behind, so that what is wrong is not only the end.
    auto const good = joined({"0034", wire::ten, "01", wire::full});
    for (auto const* length :
         {"0000", "0001", "000d", "000f", "0010", "0031", "0034", "00ff", "ffff"}) {
        auto const bad = joined({length, wire::eleven, "00", wire::smallest});
        for (auto const& list : {bad, good + bad, bad + good, good + bad + good})
            BOOST_TEST(verdict_on(field("0c", {list})) == error::malformed);
    }
}

BOOST_AUTO_TEST_CASE(a_bad_record_anywhere_in_a_list_is_malformed)
{
    auto const good = joined({"000e", wire::eleven, "00", wire::smallest});
    auto const bad = joined({"000e", wire::eleven, "00", "00000000 000000fa 0000 0000 0000"});
    BOOST_TEST(!verdict_on(field("0c", {good, good, good})).failed());
    for (auto const& list : {bad + good + good, good + bad + good, good + good + bad})
        BOOST_TEST(verdict_on(field("0c", {list})) == error::malformed);
}

BOOST_AUTO_TEST_CASE(as_many_members_as_fit_are_walked)
{
    auto const one = joined({"000e", wire::eleven, "00", wire::smallest});
    auto const written =
        datagram("0a", {wire::identity, wire::part, field("0c", {repeated(one, 22)})});
    auto const read = decode(written, group_key()).value();
    BOOST_TEST(std::ranges::distance(read.members) == 22);
    for (auto const& each : read.members)
        BOOST_TEST(each.who.id == 11U);
}

BOOST_AUTO_TEST_CASE(padding_may_have_any_bytes_and_is_only_counted)
{
    auto const written = datagram("07", {wire::identity, field("11", {repeated("5a", 900)})});
    BOOST_TEST(decode(written, group_key()).value().padding == 900U);
}

BOOST_AUTO_TEST_CASE(whatever_arrives_is_an_announcement_or_an_error)
{
    detail::random_source random(1);
    std::vector<bytes> seeds;
    for (auto const type : test::all_types)
        seeds.push_back(encode(sample(type), group_key()).value());
    std::size_t understood = 0;
    for (std::size_t round = 0; round < 50'000; ++round) {
        auto mutated = seeds[round % seeds.size()];
        for (auto changes = random.next() % 4 + 1; changes > 0; --changes)
            mutated[random.next() % mutated.size()] = static_cast<std::byte>(random.next());
        // Most keep a right header, to get past it.
        std::copy_n(seeds[0].begin(), round % 8 == 0 ? 0 : 3, mutated.begin());
        auto const written = test::resealed(mutated);
        auto const read = decode(written, group_key());
        if (!read)
            continue;
        ++understood;
        // Whatever is understood can be said again, and means the same.
        auto const again = encode(*read, group_key());
        BOOST_TEST_REQUIRE(again.has_value());
        BOOST_TEST_REQUIRE((meaning(decode(*again, group_key()).value()) == meaning(*read)));
    }
    BOOST_TEST(understood > 1000U);
    BOOST_TEST(understood < 49'000U);
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
