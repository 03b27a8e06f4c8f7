// SPDX-License-Identifier: BSL-1.0
#include "protocol/postage.hpp"

#include <boost/test/unit_test.hpp>

using namespace rollcast;
using detail::endpoint;
using detail::postage;

namespace {

endpoint host(std::uint32_t number)
{
    return {asio::ip::address_v4(0x0a000000 | number), 4000};
}

life_id life(std::uint8_t number)
{
    return {{number}};
}

} // namespace

BOOST_AUTO_TEST_SUITE(chart_postage)

BOOST_AUTO_TEST_CASE(as_many_bytes_go_back_as_came)
{
    postage gate(1);
    BOOST_TEST(!gate.pay({host(1)}, 1));
    gate.received(host(1), 100);
    BOOST_TEST(!gate.affords({host(1)}, 101));
    BOOST_TEST(gate.affords({host(1)}, 100));
    BOOST_TEST(gate.pay({host(1)}, 60));
    BOOST_TEST(!gate.pay({host(1)}, 41));
    BOOST_TEST(gate.pay({host(1)}, 40));
    BOOST_TEST(!gate.pay({host(1)}, 1));
    BOOST_TEST(!gate.affords({host(2)}, 1));
}

BOOST_AUTO_TEST_CASE(another_port_is_somebody_else)
{
    postage gate(1);
    gate.received(host(1), 100);
    gate.prove(host(1));
    endpoint const other{host(1).address(), 4001};
    BOOST_TEST(gate.affords({host(1)}, 1'000'000));
    BOOST_TEST(!gate.affords({other}, 1));
}

BOOST_AUTO_TEST_CASE(the_scope_of_an_address_makes_no_difference)
{
    postage gate(1);
    gate.prove({asio::ip::make_address("fe80::1%3"), 4000});
    BOOST_TEST(gate.is_proven({asio::ip::make_address("fe80::1"), 4000}));
    BOOST_TEST(!gate.is_proven({asio::ip::make_address("fe80::2"), 4000}));
}

BOOST_AUTO_TEST_CASE(whoever_told_of_an_address_pays_for_it_and_for_itself)
{
    postage gate(1);
    gate.received(host(1), 100);
    gate.told(life(5), host(1));
    BOOST_TEST(!gate.affords({host(2)}, 1));
    BOOST_TEST(gate.pay({host(2), life(5)}, 70));
    BOOST_TEST(!gate.pay({host(1)}, 31));
    BOOST_TEST(!gate.pay({host(1), life(5)}, 31));
    BOOST_TEST(gate.pay({host(1), life(5)}, 30)); // its own, which counts once
    BOOST_TEST(!gate.affords({host(2), life(5)}, 1));
    BOOST_TEST(!gate.affords({host(2), life(6)}, 1));
}

BOOST_AUTO_TEST_CASE(whoever_tells_of_a_life_of_zeros_pays_for_nobody)
{
    postage gate(1);
    gate.received(host(1), 100);
    gate.told(life_id{}, host(1));
    BOOST_TEST(!gate.affords({host(2)}, 1));
}

BOOST_AUTO_TEST_CASE(its_own_bytes_go_first)
{
    postage gate(1);
    gate.received(host(1), 100);
    gate.received(host(2), 10);
    gate.told(life(5), host(1));
    BOOST_TEST(gate.pay({host(2), life(5)}, 60));
    BOOST_TEST(gate.affords({host(1)}, 50));
    BOOST_TEST(!gate.affords({host(1)}, 51));
}

BOOST_AUTO_TEST_CASE(those_that_were_asked_vouch_for_others_with_what_they_said)
{
    postage gate(1);
    gate.received(host(1), 150);
    gate.prove(host(1));
    gate.vouch(host(1), 100);
    gate.told(life(7), host(1));
    BOOST_TEST(gate.affords({host(9), life(7)}, 50));
    BOOST_TEST(!gate.affords({host(9), life(7)}, 51)); // nothing counts twice
    BOOST_TEST(!gate.affords({host(2), life(5), false}, 1));
    BOOST_TEST(gate.pay({host(2), life(5), true}, 60));
    BOOST_TEST(!gate.pay({host(3), life(6), true}, 41));
    BOOST_TEST(gate.pay({host(3), life(6), true}, 40));
}

BOOST_AUTO_TEST_CASE(nobody_saves_up_for_a_flood)
{
    postage gate(1);
    for (int i = 0; i < 1000; ++i)
        gate.received(host(1), 1200);
    BOOST_TEST(gate.affords({host(1)}, 0x10000));
    BOOST_TEST(!gate.affords({host(1)}, 0x10001));
}

BOOST_AUTO_TEST_CASE(nor_do_those_that_others_vouch_for)
{
    postage gate(1);
    for (int i = 0; i < 2000; ++i)
        gate.vouch(1200);
    BOOST_TEST(gate.affords({host(2), life(5), true}, 0x100000));
    BOOST_TEST(!gate.affords({host(2), life(5), true}, 0x100001));
}

BOOST_AUTO_TEST_CASE(a_hundred_thousand_sources_take_bounded_room_and_push_out_no_proven_one)
{
    postage gate(1);
    for (std::uint32_t i = 0; i < 20; ++i)
        gate.prove(host(i));
    for (std::uint32_t i = 100; i < 100'000; ++i) {
        gate.received(host(i), 100);
        BOOST_TEST_REQUIRE(gate.affords({host(i)}, 100)); // who has just spoken can be answered
    }
    BOOST_TEST(gate.size() == postage::most_accounts);
    for (std::uint32_t i = 0; i < 20; ++i)
        BOOST_TEST(gate.is_proven(host(i)));
    BOOST_TEST(!gate.affords({host(100)}, 1));
}

BOOST_AUTO_TEST_CASE(whoever_is_heard_again_and_again_is_not_forgotten_for_others)
{
    postage gate(1);
    for (std::uint32_t i = 100; i < 100'000; ++i) {
        gate.received(host(i), 100);
        if (i % 100 == 0)
            gate.received(host(1), 1);
    }
    BOOST_TEST(gate.affords({host(1)}, 100));
}

BOOST_AUTO_TEST_CASE(a_few_take_little_room)
{
    postage gate(1);
    BOOST_TEST(gate.size() == 0U);
    for (std::uint32_t i = 0; i < 16; ++i)
        gate.received(host(i), 100);
    BOOST_TEST(gate.size() <= 256U);
    for (std::uint32_t i = 0; i < 16; ++i)
        BOOST_TEST(gate.affords({host(i)}, 100));
}

BOOST_AUTO_TEST_SUITE_END()
