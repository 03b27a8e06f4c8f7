// SPDX-License-Identifier: BSL-1.0
#include "send/batches.hpp"
#include "support/printing.hpp"
#include "support/two_hosts.hpp"
#include "support/without_capability.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <cstdint>
#include <string>

#include <sys/socket.h>

using namespace rollcast;
using test::address;
using test::hearing_on;
using test::ipv4;
using test::ipv6;
using test::sending_on;
using test::two_hosts;

namespace {

/// What a publication asks of the links it leaves by, with the receiver as witness.
struct way_out : two_hosts {
    error_code refusal_of(publication_config const& config) const
    {
        return left.within([&] { return validate(config); });
    }

    std::string explained(publication_config const& config) const
    {
        return left.within([&] { return explain(config, validate(config)); });
    }

    void a_batch_longer_than_the_mtu_arrives(net::group const& group);
};

void way_out::a_batch_longer_than_the_mtu_arrives(net::group const& group)
{
    auto sub = joined(right, hearing_on("e1", group));
    auto pub = opened(left, sending_on("e1", group));
    auto const fits = pub.unfragmented_payload();
    auto const sent = test::numbered({fits, fits, fits, fits + 1, fits + 1, 3000, 3000, 100, 100});
    auto const payloads = test::buffers_of(sent);
    for (int i = 0; i < 2; ++i) {
        auto const report = pub.try_send_batch(payloads);
        BOOST_TEST(report.packets == sent.size());
        BOOST_TEST(report.failures.empty());
        BOOST_TEST((test::next_texts(context, sub, sent.size()) == sent));
        BOOST_TEST(is_empty(sub));
    }
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(send_way_out, way_out,
                         *boost::unit_test::precondition(test::can_make_namespaces))

BOOST_AUTO_TEST_CASE(payloads_longer_than_the_mtu_are_sent_in_fragments)
{
    a_batch_longer_than_the_mtu_arrives(ipv4.any_source);
    a_batch_longer_than_the_mtu_arrives(ipv6.any_source);
}

BOOST_AUTO_TEST_CASE(what_may_not_be_cut_is_refused_where_it_is_too_long)
{
    for (auto const& group : {ipv4.any_source, ipv6.any_source}) {
        auto config = sending_on("e1", group);
        auto sub = joined(right, hearing_on("e1", group));
        config.dont_fragment = true;
        auto pub = opened(left, config);
        auto const fits = test::numbered({pub.unfragmented_payload()});
        auto const sent = test::numbered({pub.unfragmented_payload() + 1});
        error_code ec;
        pub.try_send(asio::buffer(sent.front()), ec);
        BOOST_TEST(ec == asio::error::message_size);
        auto const report = pub.try_send_batch(test::buffers_of(sent));
        BOOST_TEST_REQUIRE(report.failures.size() == 1U);
        BOOST_TEST(report.failures.front().error == asio::error::message_size);
        test::run(context, pub.send(asio::buffer(fits.front())));
        BOOST_TEST((test::next_texts(context, sub, 1) == fits));
        BOOST_TEST(is_empty(sub));
    }
}

BOOST_AUTO_TEST_CASE(a_device_brings_its_routes)
{
    for (auto const& group : {ipv4.any_source, ipv6.any_source}) {
        publication_config config;
        config.group = group;
        config.device = "e2";
        subscription_config wanted;
        wanted.group = group;
        wanted.device = "e2";
        auto sub = joined(right, wanted);
        BOOST_TEST_REQUIRE(sub.interfaces().size() == 1U);
        BOOST_TEST(sub.interfaces().front().name == "e2");
        auto pub = opened(left, config);
        test::run(context, pub.send(asio::buffer("hello", 5)));
        BOOST_TEST(next(sub).text() == "hello");
    }
}

BOOST_AUTO_TEST_CASE(a_device_goes_by_any_of_its_names_and_may_be_bound_to_already)
{
    left.ip("link property add dev e2 altname other0");
    publication_config config;
    config.group = ipv4.any_source;
    config.device = "other0";
    auto sub = joined(right, hearing_on("e2", ipv4.any_source));
    auto pub = opened(left, config);
    test::run(context, pub.send(asio::buffer("by its other name", 17)));
    BOOST_TEST(next(sub).text() == "by its other name");
    auto parts = pub.into_parts(); // with a socket that is bound to it
    test::without_capability const denied(CAP_NET_RAW);
    auto second = left.within([&] { return publication::adopt(config, parts.socket); });
    BOOST_TEST_REQUIRE(second.has_value());
    test::run(context, second->send(asio::buffer("adopted", 7)));
    BOOST_TEST(next(sub).text() == "adopted");
}

BOOST_AUTO_TEST_CASE(a_device_that_is_not_there_or_without_the_interface_is_refused)
{
    auto config = sending_on("e1", ipv4.any_source);
    auto const failure = [&] {
        publication pub(context.get_executor(), config);
        error_code ec;
        left.within([&] { pub.open(ec); });
        return ec;
    };
    config.device = "e2";
    BOOST_TEST(failure() == error::device_refused);
    config.device = "vrf-blue";
    BOOST_TEST(failure() == error::device_refused);
    auto const explained = left.within([&] { return explain(config, error::device_refused); });
    BOOST_TEST(explained.find("\"vrf-blue\"") != std::string::npos);
    BOOST_TEST(explained.find("e1") != std::string::npos);
    subscription_config wanted;
    wanted.group = ipv4.any_source;
    wanted.device = "vrf-blue";
    subscription sub(context.get_executor(), wanted);
    error_code ec;
    right.within([&] { sub.join(ec); });
    BOOST_TEST(ec == error::device_refused);
}

BOOST_AUTO_TEST_CASE(the_unfragmented_payload_is_what_the_mtu_leaves)
{
    BOOST_TEST(opened(left, sending_on("e1", ipv4.any_source)).unfragmented_payload() == 1472U);
    BOOST_TEST(opened(left, sending_on("e1", ipv6.any_source)).unfragmented_payload() == 1452U);
    left.ip("link set e1 mtu 1400");
    BOOST_TEST(opened(left, sending_on("e1", ipv4.any_source)).unfragmented_payload() == 1372U);
}

BOOST_AUTO_TEST_CASE(a_scope_is_kept_for_groups_of_the_link_and_cleared_for_wider_ones)
{
    struct {
        char const* group;
        bool keeps_scope;
    } const cases[]{{"ff32::8000:1", true}, {"ff35::8000:1", false}, {"ff3e::8000:1", false}};
    for (auto const& each : cases) {
        net::group const group(address(each.group), 5000);
        auto sub = joined(right, hearing_on("e2", group, "fd09:2::1"));
        auto config = sending_on("e2", group);
        config.source = address("fd09:2::1");
        auto pub = opened(left, config);
        auto const report = test::run(context, pub.send(asio::buffer("hello", 5)));
        auto const scope = each.keeps_scope ? index_of(left, "e2") : 0;
        BOOST_TEST(report.destination.address().to_v6().scope_id() == scope);
        BOOST_TEST(pub.destination() == report.destination);
        auto const seen = next(sub);
        BOOST_TEST(seen.metadata.interface_index == index_of(right, "e2"));
        BOOST_TEST(seen.source.address() == address("fd09:2::1"));
    }
}

BOOST_AUTO_TEST_CASE(groups_of_interface_and_link_scope_need_an_interface)
{
    for (auto const* group : {"ff31::8000:1", "ff32::8000:1"})
        BOOST_TEST(refusal_of(sending_on({}, {address(group), 5000})) == error::interface_required);
}

BOOST_AUTO_TEST_CASE(a_scope_id_that_contradicts_the_interface_is_refused)
{
    for (auto const* group : {"ff32::8000:1", "ff3e::8000:1"}) {
        auto scoped = address(group).to_v6();
        scoped.scope_id(index_of(left, "e2"));
        BOOST_TEST(refusal_of(sending_on("e1", {scoped, 5000})) == error::interface_mismatch);
        BOOST_TEST(refusal_of(sending_on("e2", {scoped, 5000})) == error_code{});
    }
}

BOOST_AUTO_TEST_CASE(an_ipv6_source_on_another_interface_is_refused_and_both_are_named)
{
    auto config = sending_on("e2", ipv6.any_source);
    config.source = address("fd09:1::1");
    BOOST_TEST(refusal_of(config) == error::source_interface_mismatch);
    auto const text = explained(config);
    for (auto const* link : {"e1", "e2"})
        BOOST_TEST(text.find(std::to_string(index_of(left, link))) != std::string::npos, text);
}

BOOST_AUTO_TEST_CASE(an_ipv4_source_on_another_interface_is_used)
{
    auto sub = joined(right, hearing_on("e2", ipv4.any_source));
    auto config = sending_on("e2", ipv4.any_source);
    config.source = address("10.9.1.1");
    send(left, config, "hello");
    auto const seen = next(sub);
    BOOST_TEST(seen.source.address() == address("10.9.1.1"));
    BOOST_TEST(seen.metadata.interface_index == index_of(right, "e2"));
}

BOOST_AUTO_TEST_CASE(an_ipv6_source_on_two_links_needs_an_interface)
{
    left.ip("addr add fd09:1::1/128 dev e2 nodad");
    auto config = sending_on({}, ipv6.any_source);
    config.source = address("fd09:1::1");
    BOOST_TEST(refusal_of(config) == error::ambiguous_interface);
    auto sub = joined(right, hearing_on("e2", ipv6.any_source));
    config.interface = "e2";
    send(left, config, "hello");
    BOOST_TEST(next(sub).source.address() == address("fd09:1::1"));
}

BOOST_AUTO_TEST_CASE(the_code_point_is_on_the_wire)
{
    for (auto const& group : {ipv4.any_source, ipv6.any_source})
        for (int const dscp : {0, 1, 46, 63}) {
            auto sub = joined(right, hearing_on("e1", group));
            auto config = sending_on("e1", group);
            config.dscp = dscp;
            send(left, config, "hello");
            BOOST_TEST((next(sub).metadata.traffic_class == dscp << 2), dscp);
        }
}

BOOST_AUTO_TEST_CASE(a_code_point_outside_0_to_63_is_refused)
{
    for (int const dscp : {-1, 64}) {
        auto config = sending_on("e1", ipv4.any_source);
        config.dscp = dscp;
        BOOST_TEST(refusal_of(config) == error::invalid_dscp);
    }
}

BOOST_AUTO_TEST_CASE(the_send_buffer_granted_is_told)
{
    auto config = sending_on("e1", ipv4.any_source);
    auto const standard = opened(left, config).send_buffer_size();
    BOOST_TEST(standard > 0U);
    config.send_buffer = standard / 2;
    auto const pub = opened(left, config);
    BOOST_TEST(pub.send_buffer_size() == standard / 2);
    BOOST_TEST(publication(context.get_executor(), config).send_buffer_size() == 0U);
}

BOOST_AUTO_TEST_CASE(the_kernel_is_told_the_pacing_rate)
{
    auto config = sending_on("e1", ipv4.any_source);
    config.pacing_rate = 6'000'000'000;
    auto const pub = opened(left, config);
    std::uint64_t rate = 0;
    socklen_t size = sizeof rate;
    BOOST_TEST(::getsockopt(pub.native_handle(), SOL_SOCKET, SO_MAX_PACING_RATE, &rate, &size) ==
               0);
    BOOST_TEST(rate == 6'000'000'000U);
}

BOOST_AUTO_TEST_CASE(bind_takes_address_port_and_link)
{
    auto sub = joined(right, hearing_on("e2", ipv6.any_source));
    auto link_local = address("fe80::2:1").to_v6();
    link_local.scope_id(index_of(left, "e2"));
    auto config = sending_on({}, ipv6.any_source);
    config.bind({link_local, 40000});
    auto const report = send(left, config, "hello");
    BOOST_TEST(report.source == asio::ip::udp::endpoint(link_local, 40000));
    auto const seen = next(sub);
    BOOST_TEST(seen.source.port() == 40000);
    BOOST_TEST(seen.source.address().to_v6().to_bytes() == link_local.to_bytes(),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
