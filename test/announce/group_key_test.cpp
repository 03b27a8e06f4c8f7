// SPDX-License-Identifier: BSL-1.0
#include "announce/group_key.hpp"
#include "announce/wire_samples.hpp"

#include <boost/test/unit_test.hpp>

using namespace rollcast;
using test::bytes_of;
using test::hex;

BOOST_AUTO_TEST_SUITE(announce_group_key)

// Computed by other implementations of BLAKE2b and SipHash-2-4-128.
BOOST_AUTO_TEST_CASE(tags_are_what_the_protocol_says_they_are)
{
    BOOST_TEST(hex(group_key().tag()) == "2d465a649ef0a08d");
    BOOST_TEST(hex(group_key("red").tag()) == "019f974a624c63d9");
}

BOOST_AUTO_TEST_CASE(digests_are_what_the_protocol_says_they_are)
{
    auto const hello = bytes_of("hello");
    BOOST_TEST(hex(group_key().digest({})) == "3e257e47853d4e1dee16d1cf77a4aaff");
    BOOST_TEST(hex(group_key().digest(hello)) == "ef3ce97264481f39866ef264806d563c");
    BOOST_TEST(hex(group_key("red").digest(hello)) == "877e0cadeb70da9ec790168ce349e269");
}

BOOST_AUTO_TEST_CASE(no_name_and_an_empty_name_are_the_same)
{
    BOOST_TEST(hex(group_key().tag()) == hex(group_key("").tag()));
}

BOOST_AUTO_TEST_CASE(names_are_told_apart_by_every_byte)
{
    using namespace std::string_view_literals;
    BOOST_TEST(hex(group_key("a").tag()) != hex(group_key("b").tag()));
    BOOST_TEST(hex(group_key("a").tag()) != hex(group_key("a\0"sv).tag()));
    BOOST_TEST(hex(group_key("a").tag()) != hex(group_key("A").tag()));
}

BOOST_AUTO_TEST_SUITE_END()
