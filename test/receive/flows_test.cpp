// SPDX-License-Identifier: BSL-1.0
#include "receive/flow_contest.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using namespace rollcast;
using test::contest;

namespace {

struct flows : test::flow_contest {
    using way = void (flow_contest::*)(contest const&);

    void two_groups(way how);
    void two_links(way how);
    void two_sources(way how);

private:
    void compete_over_groups(net::group const& one, net::group const& other,
                             std::vector<asio::ip::address> const& sources, way how);
    void compete_over_links(net::group const& group, std::vector<asio::ip::address> const& sources,
                            way how);
    void compete_over_sources(net::group const& group, char const* one, char const* other, way how);
};

contest::side side_of(char const* link, net::group const& group,
                      std::vector<asio::ip::address> const& sources)
{
    contest::side side{test::hearing_on(link, group), test::sending_on(link, group)};
    side.ear.sources = sources;
    return side;
}

void flows::compete_over_groups(net::group const& one, net::group const& other,
                                std::vector<asio::ip::address> const& sources, way how)
{
    BOOST_TEST_CONTEXT(to_string(one) << " and " << to_string(other))
    {
        (this->*how)({{side_of("e1", one, sources), side_of("e1", other, sources)}});
    }
}

/// Sources of both links are welcome on each, so that nothing but the link tells them apart.
void flows::compete_over_links(net::group const& group,
                               std::vector<asio::ip::address> const& sources, way how)
{
    BOOST_TEST_CONTEXT(to_string(group))
    {
        (this->*how)({{side_of("e1", group, sources), side_of("e2", group, sources)}});
    }
}

void flows::compete_over_sources(net::group const& group, char const* one, char const* other,
                                 way how)
{
    contest of{
        {side_of("e1", group, {test::address(one)}), side_of("e1", group, {test::address(other)})}};
    for (auto& side : of.sides)
        side.mouth.source = side.ear.sources.front();
    BOOST_TEST_CONTEXT(to_string(group) << " from " << one << " and " << other)
    {
        (this->*how)(of);
    }
}

void flows::two_groups(way how)
{
    using test::group;
    compete_over_groups(group("239.1.1.1:5000"), group("239.1.1.2:5000"), {}, how);
    compete_over_groups(group("232.1.1.1:5001"), group("232.1.1.2:5001"),
                        {test::address("10.9.1.1")}, how);
    compete_over_groups(group("[ff15::1:1]:5002"), group("[ff15::1:2]:5002"), {}, how);
    compete_over_groups(group("[ff3e::8000:1]:5003"), group("[ff3e::8000:2]:5003"),
                        {test::address("fd09:1::1")}, how);
    compete_over_groups(group("[ff12::1:1]:5004"), group("[ff12::1:2]:5004"), {}, how);
}

void flows::two_links(way how)
{
    using test::group;
    compete_over_links(group("239.1.1.1:5000"), {}, how);
    compete_over_links(group("232.1.1.1:5001"),
                       {test::address("10.9.1.1"), test::address("10.9.2.1")}, how);
    compete_over_links(group("[ff15::1:1]:5002"), {}, how);
    compete_over_links(group("[ff3e::8000:1]:5003"),
                       {test::address("fd09:1::1"), test::address("fd09:2::1")}, how);
    compete_over_links(group("[ff12::1:1]:5004"), {}, how);
}

void flows::two_sources(way how)
{
    using test::group;
    left.ip("addr add 10.9.1.101/24 dev e1");
    left.ip("addr add fd09:1::101/64 dev e1 nodad");
    compete_over_sources(group("232.1.1.1:5001"), "10.9.1.1", "10.9.1.101", how);
    compete_over_sources(group("[ff3e::8000:1]:5003"), "fd09:1::1", "fd09:1::101", how);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(receive_flows, flows,
                         *boost::unit_test::precondition(test::can_make_namespaces))

BOOST_AUTO_TEST_CASE(two_groups_on_one_port_in_one_process)
{
    two_groups(&flows::in_one_process);
}

BOOST_AUTO_TEST_CASE(two_groups_on_one_port_in_two_processes)
{
    two_groups(&flows::in_two_processes);
}

BOOST_AUTO_TEST_CASE(two_groups_on_one_port_through_a_receiver)
{
    two_groups(&flows::through_a_receiver);
}

BOOST_AUTO_TEST_CASE(one_group_on_two_links_in_one_process)
{
    two_links(&flows::in_one_process);
}

BOOST_AUTO_TEST_CASE(one_group_on_two_links_in_two_processes)
{
    two_links(&flows::in_two_processes);
}

BOOST_AUTO_TEST_CASE(one_group_on_two_links_through_a_receiver)
{
    two_links(&flows::through_a_receiver);
}

BOOST_AUTO_TEST_CASE(two_sources_of_one_group_in_one_process)
{
    two_sources(&flows::in_one_process);
}

BOOST_AUTO_TEST_CASE(two_sources_of_one_group_in_two_processes)
{
    two_sources(&flows::in_two_processes);
}

BOOST_AUTO_TEST_CASE(two_sources_of_one_group_through_a_receiver)
{
    two_sources(&flows::through_a_receiver);
}

BOOST_AUTO_TEST_SUITE_END()
