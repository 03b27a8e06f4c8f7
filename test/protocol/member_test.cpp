// SPDX-License-Identifier: BSL-1.0
#include "protocol/member.hpp"
#include "support/sim_lone_engine.hpp"

#include <boost/test/unit_test.hpp>

#include <optional>
#include <string>
#include <vector>

// What is known of one instance, and how the charts of one thread share it.

using namespace rollcast;
using namespace std::chrono_literals;
using detail::member_pool;
using detail::member_ptr;
using test::stranger;

namespace {

/// With these addresses, and a port for each IP version.
member_ptr member_at(std::vector<std::string> const& addresses)
{
    stranger who(1);
    who.record.unicast_port_v6 = who.record.unicast_port_v4;
    who.record.addresses.clear();
    for (auto const& each : addresses)
        who.record.addresses.push_back(asio::ip::make_address(each));
    return who.as_member();
}

struct shared_members {
    member_ptr share(stranger const& who)
    {
        auto const packed = announce::pack(who.record).value();
        return detail::make_member(who.who, announce::view_record(packed).value(), group_key(),
                                   &*pool);
    }

    std::optional<member_pool> pool{std::in_place};
    stranger const one{1};
    stranger const two{2};
};

bool is_of(member_ptr const& known, stranger const& who)
{
    auto const packed = announce::pack(who.record).value();
    return known->who() == who.who && std::ranges::equal(known->packed(), packed);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(chart_member, shared_members)

BOOST_AUTO_TEST_CASE(it_holds_what_was_told_of_it)
{
    stranger who(1);
    who.record.sequence = 5;
    who.record.data = test::bytes_of("data");
    auto const known = who.as_member();
    BOOST_TEST(is_of(known, who));
    BOOST_TEST(known->sequence() == 5U);
    BOOST_TEST((known->beat_interval() == 2500ms));
    BOOST_TEST((known->detection_time() == 10s));
    BOOST_TEST(known->position() == detail::ring_position(1, group_key()));
    BOOST_TEST((known->hash() == detail::hash_of(who.who, 5, group_key())));
    BOOST_TEST(known->discovery_port() == 8080);
    BOOST_TEST((announce::unpack(known->record()) == who.record));
}

BOOST_AUTO_TEST_CASE(it_speaks_the_ip_versions_of_its_addresses)
{
    BOOST_TEST(member_at({"10.0.0.99"})->speaks(true));
    BOOST_TEST(!member_at({"10.0.0.99"})->speaks(false));
    BOOST_TEST(!member_at({"fe80::99"})->speaks(true));
    BOOST_TEST(member_at({"fe80::99"})->speaks(false));
    auto const both = member_at({"fe80::99", "10.0.0.99"});
    BOOST_TEST((both->speaks(true) && both->speaks(false)));
    stranger deaf(1);
    deaf.record.unicast_port_v4 = 0;
    deaf.record.unicast_port_v6 = 40000;
    BOOST_TEST(!deaf.as_member()->speaks(true));
}

BOOST_AUTO_TEST_CASE(a_loopback_address_leads_to_it_on_loopback_alone)
{
    auto const alone = member_at({"127.0.0.1", "::1"});
    auto const abroad = member_at({"127.0.0.1", "fd09::99"});
    for (bool const v4 : {true, false}) {
        BOOST_TEST(alone->is_reached(v4, true));
        BOOST_TEST(!alone->is_reached(v4, false));
        BOOST_TEST(abroad->is_reached(v4, false) == !v4);
    }
}

BOOST_AUTO_TEST_CASE(whether_it_has_several_addresses_is_known)
{
    BOOST_TEST(!member_at({"10.0.0.99"})->has_several_addresses());
    BOOST_TEST(member_at({"10.0.0.99", "10.1.0.99"})->has_several_addresses());
}

BOOST_AUTO_TEST_CASE(what_two_charts_know_alike_is_kept_once)
{
    auto const first = share(one);
    BOOST_TEST((share(one) == first));
    BOOST_TEST((share(two) != first));
    auto changed = one;
    ++changed.record.sequence;
    BOOST_TEST((share(changed) != first));
    BOOST_TEST(is_of(first, one));
}

// As those of one instance on two links, which have the same numbers and other addresses.
BOOST_AUTO_TEST_CASE(two_records_with_the_same_numbers_are_kept_apart)
{
    auto elsewhere = one;
    elsewhere.record.addresses = {asio::ip::make_address("10.9.0.99")};
    auto here = share(one);
    auto const there = share(elsewhere);
    BOOST_TEST((here->hash() == there->hash()));
    BOOST_TEST(is_of(here, one));
    BOOST_TEST(is_of(there, elsewhere));
    here.reset();
    BOOST_TEST((share(elsewhere) == there));
    BOOST_TEST(is_of(share(one), one));
}

BOOST_AUTO_TEST_CASE(what_no_chart_knows_any_more_is_made_anew)
{
    for (int time = 0; time < 3; ++time) {
        auto const known = share(one);
        BOOST_TEST(is_of(known, one));
        BOOST_TEST((known == share(one)));
        auto const other = share(two);
        BOOST_TEST(is_of(other, two));
    }
}

BOOST_AUTO_TEST_CASE(a_member_may_outlive_the_pool)
{
    auto const known = share(one);
    pool.reset();
    BOOST_TEST(is_of(known, one));
}

BOOST_AUTO_TEST_SUITE_END()
