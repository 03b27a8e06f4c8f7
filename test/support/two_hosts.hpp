// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "support/loopback.hpp"
#include "support/namespace_lab.hpp"
#include "support/run.hpp"

#include <rollcast/receive/subscription.hpp>
#include <rollcast/send/publication.hpp>

#include <boost/asio/io_context.hpp>

#include <string_view>

namespace rollcast::test {

/// Two hosts, joined by link 1 (e1 on both) and link 2 (e2 on both); `left` is host 1 of each
/// link, `right` host 2.
struct two_hosts {
    network_namespace left;
    network_namespace right;
    asio::io_context context;

    two_hosts()
    {
        join_by_cable(1, {left, "e1", 1}, {right, "e1", 2});
        join_by_cable(2, {left, "e2", 1}, {right, "e2", 2});
    }

    subscription joined(network_namespace const& host, subscription_config const& config)
    {
        subscription sub(context.get_executor(), config);
        host.within([&] { sub.join(); });
        return sub;
    }

    /// The same on one socket of its own, which the system lets hear other links too.
    subscription adopted(network_namespace const& host, subscription_config const& config)
    {
        auto sub = host.within([&] { return adopt_fresh_socket(context, config); });
        host.within([&] { sub.join(); });
        return sub;
    }

    publication opened(network_namespace const& host, publication_config const& config)
    {
        publication pub(context.get_executor(), config);
        host.within([&] { pub.open(); });
        return pub;
    }

    send_report send(network_namespace const& host, publication_config const& config,
                     std::string_view text)
    {
        auto pub = opened(host, config);
        return run(context, pub.send(asio::buffer(text)));
    }

    packet next(subscription& sub) { return run(context, sub.recv()); }

    static bool is_empty(subscription& sub)
    {
        error_code ec;
        bool const none = !sub.try_recv(ec).has_value();
        return none && ec == asio::error::would_block;
    }

    static unsigned index_of(network_namespace const& host, char const* interface)
    {
        return host.within(
            [&] { return resolve(net::network_interface(interface)).value().index; });
    }
};

inline subscription_config hearing_on(net::network_interface const& interface,
                                      net::group const& group)
{
    auto config = subscription_config::any_source(group);
    config.interfaces = {interface};
    return config;
}

inline subscription_config hearing_on(net::network_interface const& interface,
                                      net::group const& group, char const* source)
{
    auto config = hearing_on(interface, group);
    config.sources = {address(source)};
    return config;
}

inline publication_config sending_on(net::network_interface const& interface,
                                     net::group const& group)
{
    publication_config config;
    config.group = group;
    config.interface = interface;
    return config;
}

} // namespace rollcast::test
