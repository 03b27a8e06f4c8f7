// SPDX-License-Identifier: BSL-1.0
#include "printing/provocations.hpp"

#include "support/printing.hpp"
#include "support/run.hpp"

#include <boost/asio/detached.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/describe/enumerators.hpp>
#include <boost/test/unit_test.hpp>

#include <functional>
#include <map>

using namespace rollcast;
using asio::ip::make_address;

namespace {

std::string text_of(std::function<void(test::provoker&)> const& provoke)
{
    test::provoker with;
    try {
        provoke(with);
    } catch (std::exception const& failure) {
        return failure.what();
    }
    return "nothing was thrown";
}

test::expectation const* provocation_of(error value)
{
    for (auto const* all : {&test::config_provocations, &test::running_provocations})
        if (auto const found = all->find(value); found != all->end())
            return &found->second;
    return nullptr;
}

/// Those that are thrown without a value, or never thrown, and why.
std::map<error, std::string> const without_value{
    {error::stopped, "it is about the chart itself"},
    {error::invalid_metrics_sample, "append() returns it; the caller has just made the sample"},
    {error::foreign, "decode() returns it of what strangers have sent"},
    {error::unsupported_version, "decode() returns it of what strangers have sent"},
    {error::corrupted, "decode() returns it of what strangers have sent"},
};

} // namespace

BOOST_AUTO_TEST_SUITE(printing_errors)

BOOST_AUTO_TEST_CASE(every_error_tells_the_value_it_is_about_and_what_would_be_right)
{
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<error>>([](auto each) {
        if (without_value.contains(each.value))
            return;
        auto const* const known = provocation_of(each.value);
        BOOST_REQUIRE_MESSAGE(known != nullptr, each.name << " is not provoked");
        auto const text = text_of(known->provoke);
        for (auto const& word : known->words)
            BOOST_TEST(text.find(word) != std::string::npos,
                       each.name << ": no \"" << word << "\" in \"" << text << '"');
    });
}

BOOST_AUTO_TEST_CASE(every_message_says_what_is_wrong_and_then_what_would_be_right)
{
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<error>>([](auto each) {
        auto const text = make_error_code(each.value).message();
        BOOST_TEST((text.find("; ") != std::string::npos || text.find(": ") != std::string::npos),
                   each.name << ": " << text);
    });
}

BOOST_AUTO_TEST_CASE(what_is_thrown_has_the_code_that_the_other_form_returns)
{
    test::provoker with;
    subscription sub(with.context.get_executor(), with.hearing({make_address("10.0.0.1"), 5000}));
    error_code ec;
    sub.join(ec);
    BOOST_CHECK_EXCEPTION(sub.join(), boost::system::system_error,
                          [&](auto const& failure) { return failure.code() == ec; });
}

BOOST_AUTO_TEST_CASE(a_port_that_is_taken_is_named_with_its_owner)
{
    auto const text = text_of([](test::provoker& with) {
        asio::ip::udp::socket owner(with.context, {asio::ip::udp::v4(), 5010});
        with.join(with.hearing(test::parsed("239.1.1.1:5010")));
    });
    for (auto const* word : {"join: 239.1.1.1:5010: Address already in use", "printing_test"})
        BOOST_TEST(text.find(word) != std::string::npos, text);
}

BOOST_AUTO_TEST_CASE(a_chart_without_groups_is_told_that_both_are_off)
{
    auto const text = text_of([](test::provoker& with) {
        auto config = with.charting();
        config.group_v4.reset();
        with.open(config);
    });
    BOOST_TEST(text.find("open: group_v4 and group_v6 are both off") == 0U, text);
}

BOOST_AUTO_TEST_CASE(a_text_that_is_no_group_is_told_how_it_would_be_one)
{
    std::map<std::string, std::string> const right{
        {"239.1.1.1", "write 239.1.1.1:5000"},
        {"239.1.1.1:", "write 239.1.1.1:5000"},
        {"239.1.1.1:99999", "99999 is no port; use 1 to 65535, as in 239.1.1.1:5000"},
        {"239.1.1.1:x", "\"x\" is no number"},
        {"ff3e::8000:1:5010", "write [ff3e::8000:1]:5010"},
        {"ff3e:0:0:0:0:0:8000:1:5010", "write [ff3e:0:0:0:0:0:8000:1]:5010"},
        {"ff15::1", "write [ff15::1]:5000"},
        {"[ff15::1]", "write [ff15::1]:5000"},
        {"[ff15::1]5000", "write [ff15::1]:5000"},
        {"[ff15::1:5000", "239.1.1.1:5000 or [ff15::1]:5000"},
        {"[239.1.1.1]:5000", "write 239.1.1.1:5000"},
        {"localhost:5000", "239.1.1.1:5000 or [ff15::1]:5000"},
        {"", "239.1.1.1:5000 or [ff15::1]:5000"},
    };
    for (auto const& [text, form] : right) {
        auto const said = net::group::parse(text).error().message();
        BOOST_TEST(said.find(text) == 0U, said);
        BOOST_TEST(said.find(form) != std::string::npos, said);
    }
}

BOOST_AUTO_TEST_CASE(no_error_tells_a_terminal_what_to_do_or_is_longer_than_a_few_lines)
{
    test::provoker with;
    auto config = with.charting();
    auto const name_of_port = [&](std::string const& name) {
        config.services = {{name, 8042}};
        return explain(config, error::invalid_port_name);
    };
    auto const interface = [](std::string const& name) {
        return net::resolve(name).error().message();
    };
    auto const group = [](std::string const& text) {
        return net::group::parse(text).error().message();
    };
    for (auto const* bad : {"\x1b[31m",
                            "\xc2\x9b"
                            "31m",
                            "\xff", "\xe2\x80\xae", "a\nb"})
        for (auto const& said : {name_of_port(bad), interface(bad), group(bad),
                                 group("239.1.1.1:" + std::string(bad))}) {
            BOOST_TEST(said.find(bad) == std::string::npos, said);
            BOOST_TEST(said.find('?') != std::string::npos, said);
        }
    std::string const endless(10'000, '7');
    for (auto const& said :
         {name_of_port(endless), interface(endless), group(endless), group("239.1.1.1:" + endless)})
        BOOST_TEST(said.size() < 400U, said);
}

BOOST_AUTO_TEST_CASE(names_of_ports_that_have_no_room_are_told_how_much_there_is)
{
    auto const text = text_of([](test::provoker& with) {
        auto config = with.charting();
        for (int i = 0; i < 60; ++i)
            config.services.push_back({"fifteen-bytes-" + std::string(1, char('A' + i)), 8042});
        with.open(config);
    });
    BOOST_TEST(text.find("60 service ports with 900 bytes of names") != std::string::npos, text);
    BOOST_TEST(text.find("there is room for ") != std::string::npos, text);
}

BOOST_AUTO_TEST_CASE(what_the_way_out_refuses_is_told_with_the_way)
{
    test::provoker with;
    auto config = with.sending();
    config.source = make_address("127.0.0.1");
    auto const text = explain(config, asio::error::network_unreachable);
    BOOST_TEST(text.find("239.1.1.1:5000 by lo from 127.0.0.1: ") == 0U, text);
}

BOOST_AUTO_TEST_CASE(a_pattern_that_matches_nothing_is_told_what_there_is)
{
    auto const text = text_of([](test::provoker& with) {
        auto config = with.charting();
        config.interfaces = {"eht*"};
        with.open(config);
    });
    BOOST_TEST(text.find("eht*: no such interface (there are: lo") != std::string::npos, text);
}

BOOST_AUTO_TEST_CASE(an_explained_error_is_its_code_wherever_one_is_wanted)
{
    auto const failed = net::group::parse("239.1.1.1");
    error_code const code = failed.error();
    BOOST_TEST((code == error::malformed));
    BOOST_TEST((failed.error() == error::malformed));
    BOOST_TEST(to_string(failed.error()) == failed.error().message());
    result<net::group> const plain = failed;
    BOOST_TEST((plain.error() == error::malformed));
}

BOOST_AUTO_TEST_CASE(what_keeps_a_chart_from_opening_is_in_its_obstacles)
{
    test::provoker with;
    auto config = with.charting();
    config.interfaces = {"lo", "eht0"};
    chart lost(with.context.get_executor(), config);
    error_code ec;
    lost.open(ec);
    BOOST_TEST((ec == error::unknown_interface));
    BOOST_TEST_REQUIRE(lost.obstacles().size() == 1U);
    BOOST_TEST(lost.obstacles().front().interface.name == "eht0");

    config.wait_for_interface = true;
    chart patient(with.context.get_executor(), config);
    patient.open();
    BOOST_TEST_REQUIRE(patient.obstacles().size() == 1U);
    BOOST_TEST((patient.obstacles().front().why == error::unknown_interface));
}

BOOST_AUTO_TEST_CASE(who_reads_events_of_a_chart_that_could_not_run_is_told_why)
{
    test::provoker with;
    auto config = with.charting();
    config.interfaces = {"eht0"};
    chart lost(with.context.get_executor(), config);
    auto events = lost.notify();
    lost.maintain(asio::detached);
    auto const text = text_of([&](test::provoker&) { test::run(with.context, events.recv()); });
    BOOST_TEST(text.find("recv: eht0: no such interface") == 0U, text);
}

BOOST_AUTO_TEST_SUITE_END()
