// SPDX-License-Identifier: BSL-1.0
#include "support/sim_printing.hpp"
#include "support/sim_seed.hpp"
#include "support/simulated_network.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>
#include <string>

// Instances with several addresses, not all of which everybody reaches.

using namespace rollcast;
using namespace std::chrono_literals;
using test::simulated_address;

namespace {

using address_list = std::vector<simulated_address>;

simulated_address v4(std::string const& text)
{
    return {asio::ip::make_address(text), 24};
}

simulated_address v6(std::string const& text)
{
    return {asio::ip::make_address(text), 64};
}

simulated_address silent(simulated_address value)
{
    value.answers = false;
    return value;
}

simulated_address deprecated(simulated_address value)
{
    value.deprecated = true;
    return value;
}

simulated_address temporary(simulated_address value)
{
    value.temporary = true;
    return value;
}

/// Hosts on one wire, numbered from 1, whose addresses a function gives.
struct addressed : test::simulated_network {
    using plan = std::function<address_list(std::string const& number)>;

    addressed(std::uint64_t seed, plan const& addresses, test::conditions how = {.ipv6 = true},
              std::size_t hosts = 6)
        : simulated_network(seed)
    {
        add_segment(how);
        for (std::size_t who = 0; who < hosts; ++who) {
            add({.detection_time = 3s});
            set_addresses(who, 0, addresses(std::to_string(who + 1)));
        }
    }

    std::size_t false_events() const
    {
        return times_told(event_kind::suspect) + times_told(event_kind::gone) +
               times_told(event_kind::returned);
    }

    std::string first_misplaced()
    {
        auto const all = misplaced();
        return all.empty() ? "" : std::to_string(all.size()) + ": " + all.front();
    }

    double received_per_second(test::duration how_long)
    {
        auto const before = total_traffic().received;
        run_for(how_long);
        auto const seconds = std::chrono::duration<double>(how_long).count();
        return static_cast<double>(total_traffic().received - before) / seconds /
               static_cast<double>(count());
    }

    /// Everybody finds everybody, nothing is told that has not happened, and who is charted is
    /// charted with an address that works.
    void holds()
    {
        start_all();
        run_for(10s);
        BOOST_TEST(all_know_all());
        run_for(2min);
        BOOST_TEST(first_misplaced() == "");
        BOOST_TEST(received_per_second(8min) <= 6);
        BOOST_TEST(false_events() == 0U);
        BOOST_TEST(times_told(event_kind::updated) == 0U);
        BOOST_TEST(all_know_all());
        BOOST_TEST(first_misplaced() == "");
    }
};

/// Whatever is lost, it stays true.
void holds_at_any_loss(std::uint64_t number, addressed::plan const& addresses,
                       test::conditions how = {.ipv6 = true})
{
    for (double const loss : {0.0, 0.1}) {
        test::test_seed const seed(number++);
        how.loss = loss;
        addressed(seed, addresses, how).holds();
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(chart_addresses)

BOOST_AUTO_TEST_CASE(a_second_subnet_on_the_interface_of_some_is_reached_where_it_is_shared)
{
    auto const addresses = [](std::string const& number) -> address_list {
        if (number < "4") // their first address is of no use to the others
            return {v4("10.9.0." + number), v4("192.168.5." + number)};
        return {v4("192.168.5." + number)};
    };
    holds_at_any_loss(1300, addresses, {});
    holds_at_any_loss(1390, addresses, {.strict = true});
}

BOOST_AUTO_TEST_CASE(hosts_in_different_ipv4_subnets_of_one_wire_use_their_link_local_addresses)
{
    auto const addresses = [](std::string const& number) -> address_list {
        return {v4("10.9." + number + ".1"), v6("fe80::" + number)};
    };
    holds_at_any_loss(1310, addresses);
}

BOOST_AUTO_TEST_CASE(also_where_ipv4_from_other_subnets_is_not_even_heard)
{
    auto const addresses = [](std::string const& number) -> address_list {
        return {v4("10.9." + number + ".1"), v6("fe80::" + number)};
    };
    holds_at_any_loss(1320, addresses, {.ipv6 = true, .strict = true});
}

BOOST_AUTO_TEST_CASE(an_address_that_is_told_and_does_not_answer_gives_way_to_the_next)
{
    auto const addresses = [](std::string const& number) -> address_list {
        return {silent(v4("10.9.0.10" + number)), v4("10.9.0." + number), v6("fe80::" + number)};
    };
    holds_at_any_loss(1330, addresses);
}

BOOST_AUTO_TEST_CASE(where_ipv4_does_not_answer_at_all_ipv6_does)
{
    auto const addresses = [](std::string const& number) -> address_list {
        return {silent(v4("10.9.0." + number)), v6("fe80::" + number), v6("fd09::" + number)};
    };
    holds_at_any_loss(1340, addresses);
}

BOOST_AUTO_TEST_CASE(where_link_local_addresses_do_not_answer_others_do)
{
    auto const addresses = [](std::string const& number) -> address_list {
        return {silent(v6("fe80::" + number)), v6("fd0" + number + "::1"), v6("fd09::" + number)};
    };
    holds_at_any_loss(1350, addresses, {.ipv4 = false, .ipv6 = true});
}

BOOST_AUTO_TEST_CASE(deprecated_addresses_do_not_cut_off_the_link_local_one)
{
    auto const addresses = [](std::string const& number) -> address_list {
        address_list all;
        for (int i = 1; i <= 8; ++i) // of prefixes that nobody shares
            all.push_back(deprecated(v6("fd" + number + std::to_string(i) + "::1")));
        all.push_back(v6("fe80::" + number));
        return all;
    };
    holds_at_any_loss(1360, addresses, {.ipv4 = false, .ipv6 = true});
}

BOOST_AUTO_TEST_CASE(answers_from_a_temporary_address_are_no_trouble)
{
    auto const addresses = [](std::string const& number) -> address_list {
        return {temporary(v6("fd09::beef:" + number)), v6("fd09::" + number),
                v6("fe80::" + number)};
    };
    holds_at_any_loss(1370, addresses, {.ipv4 = false, .ipv6 = true});
}

BOOST_AUTO_TEST_CASE(an_address_that_stops_answering_is_left_for_another_one_without_a_word)
{
    test::test_seed const seed(1380);
    auto const plan = [](std::string const& number) -> address_list {
        return {v4("10.9.0." + number), v6("fe80::" + number)};
    };
    addressed net(seed, plan);
    net.start_all();
    net.run_for(1min);
    auto const first = [&] { return net.engine(0).describe(2)->addresses.front(); };
    BOOST_TEST(first() == asio::ip::make_address("10.9.0.2"));
    net.silence(asio::ip::make_address("10.9.0.2"), true);
    net.run_for(10min);
    BOOST_TEST(net.false_events() == 0U);
    BOOST_TEST(net.times_told(event_kind::updated) == 0U); // another order is no event
    // Whoever beats to it or is watched by it has noticed.
    BOOST_TEST(net.misplaced().size() < 4U);
}

BOOST_AUTO_TEST_SUITE_END()
