// SPDX-License-Identifier: BSL-1.0
#include "announce/codec.hpp"
#include "announce/wire_samples.hpp"
#include "support/printing.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

// The names of service ports within a record.

using namespace rollcast;
using boost::test_tools::per_element;
using names = std::vector<std::string>;
namespace wire = test::wire;

namespace {

record with_names(names which, std::vector<net::port_type> ports = {8042, 8043})
{
    auto value = test::sample_record();
    value.service_ports = std::move(ports);
    value.port_names = std::move(which);
    return value;
}

error_code verdict_of_packing(record const& value)
{
    auto const packed = announce::pack(value);
    return packed ? error_code{} : packed.error();
}

/// What is said of a record of two service ports with these names, which are hexadecimal digits.
error_code verdict_on_names(std::string_view field)
{
    auto const packed = test::unhex(test::joined({wire::head, wire::ports, field}));
    auto const view = announce::view_record(packed);
    return view ? error_code{} : view.error();
}

/// So many different names of 16 bytes.
names long_names(std::size_t count)
{
    names all;
    for (std::size_t i = 0; i < count; ++i) {
        auto const number = std::to_string(i);
        all.push_back(std::string(announce::max_port_name - number.size(), 'n') + number);
    }
    return all;
}

} // namespace

BOOST_AUTO_TEST_SUITE(announce_port_names)

BOOST_AUTO_TEST_CASE(a_name_is_1_to_16_bytes_that_can_be_seen)
{
    for (auto const* good : {"h", "http", "x-y_z.1", "a=b", "http/2", "0123456789abcdef",
                             "k\u00f6nig", "\u7db2\u7ad9", "\U0001f4e1"})
        BOOST_TEST(announce::is_port_name(good), good);
    for (std::string const bad :
         {"", "0123456789abcdefg", "two words", "tab\t", "line\n", " ", "\x7f", "\xc2\x85",
          "\xc2\xa0", "\u200b", "\u202e", "\u2028", "\ufeff", "\u3000"})
        BOOST_TEST(!announce::is_port_name(bad), test::hex(std::as_bytes(std::span(bad))));
    BOOST_TEST(!announce::is_port_name(std::string("a\0b", 3)));
}

BOOST_AUTO_TEST_CASE(a_name_is_utf_8)
{
    for (auto const* bad :
         {"\xff", "a\x80", "\xc3", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82"})
        BOOST_TEST(!announce::is_port_name(bad));
}

BOOST_AUTO_TEST_CASE(names_read_back_and_belong_to_the_last_ports)
{
    for (auto const& which : {names{}, names{"http"}, names{"http", "k\u00f6nig"}}) {
        auto const packed = announce::pack(with_names(which)).value();
        auto const read = announce::unpack(announce::view_record(packed).value());
        BOOST_TEST((read == with_names(which)));
    }
}

BOOST_AUTO_TEST_CASE(names_are_these_bytes)
{
    auto const packed = announce::pack(with_names({"http", "x"})).value();
    auto const expected = test::joined(
        {wire::head, wire::ports, "07 0007 04 68747470 01 78", wire::ipv4, wire::ipv6, wire::data});
    BOOST_TEST(test::hex(packed) == test::hex(test::unhex(expected)));
}

BOOST_AUTO_TEST_CASE(names_may_stand_before_the_ports_they_are_of)
{
    auto const bytes = test::unhex(test::joined({wire::head, "07 0002 01 78", wire::ports}));
    auto const read = announce::unpack(announce::view_record(bytes).value());
    BOOST_TEST(read.port_names == names{"x"}, per_element());
    BOOST_TEST(read.service_ports.size() == 2U);
}

BOOST_AUTO_TEST_CASE(names_that_break_a_rule_are_malformed)
{
    for (auto const* good : {"07 0000", "07 0002 01 78", "07 0004 01 78 01 79",
                             "07 0011 10 30313233343536373839616263646566"})
        BOOST_TEST(!verdict_on_names(good).failed());
    for (auto const* bad : {"07 0001 00",                                      // of no bytes
                            "07 0001 01", "07 0002 02 78", "07 0003 01 78 01", // cut
                            "07 0012 11 3031323334353637383961626364656667",   // of 17 bytes
                            "07 0006 01 78 01 79 01 7a",                       // more than ports
                            "07 0004 01 78 01 78",                             // twice the same
                            "07 0002 01 0a", "07 0002 01 20", "07 0002 01 ff",
                            "07 0002 01 78 07 0002 01 79"}) // twice the field
        BOOST_TEST(verdict_on_names(bad) == error::malformed);
    auto const without_ports = test::unhex(test::joined({wire::head, "07 0002 01 78"}));
    BOOST_TEST(announce::view_record(without_ports).error() == error::malformed);
}

BOOST_AUTO_TEST_CASE(hundreds_of_names_are_malformed_and_read_no_further_than_64)
{
    std::string all;
    for (unsigned i = 0; i < 255; ++i) {
        std::byte const name[] = {std::byte{1}, static_cast<std::byte>(0x21 + i % 0x5e)};
        all += test::hex(name);
    }
    auto const ports = test::field("03", {test::repeated("1f6a", 64)});
    auto const bytes = test::unhex(test::joined({wire::head, ports, test::field("07", {all})}));
    BOOST_TEST(announce::view_record(bytes).error() == error::malformed);
}

BOOST_AUTO_TEST_CASE(a_record_is_not_made_with_wrong_names)
{
    BOOST_TEST(verdict_of_packing(with_names({"two words"})) == error::invalid_port_name);
    BOOST_TEST(verdict_of_packing(with_names({""})) == error::invalid_port_name);
    BOOST_TEST(verdict_of_packing(with_names({"x", "x"})) == error::duplicate_port_name);
    BOOST_TEST(verdict_of_packing(with_names({"x", "y", "z"})) == error::too_many_ports);
}

BOOST_AUTO_TEST_CASE(beside_names_the_most_data_fits_and_a_byte_more_does_not)
{
    auto value = with_names({"http", "k\u00f6nig"});
    value.addresses.assign(announce::max_addresses, asio::ip::make_address("2001:db8::1"));
    auto const most = announce::max_data_size(2, value.port_names);
    BOOST_TEST(most == announce::max_data_size(2) - 3 - 5 - 7);
    value.data.resize(most);
    BOOST_TEST(!verdict_of_packing(value).failed());
    value.data.emplace_back();
    BOOST_TEST(verdict_of_packing(value) == error::data_too_large);
}

BOOST_AUTO_TEST_CASE(of_the_longest_names_as_many_fit_as_there_is_room)
{
    auto const fits = [](std::size_t count) {
        std::vector<net::port_type> const ports(count, 8042);
        auto value = with_names(long_names(count), ports);
        value.data.clear();
        return verdict_of_packing(value);
    };
    BOOST_TEST(!fits(44).failed());
    BOOST_TEST(fits(45) == error::too_many_ports);
    BOOST_TEST(announce::max_data_size(45, long_names(45)) == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
