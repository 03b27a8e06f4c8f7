// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "metrics_files/folder.hpp"

#include <rollcast/chart.hpp>
#include <rollcast/metrics_files.hpp>
#include <rollcast/receive.hpp>
#include <rollcast/send.hpp>

#include <boost/asio/io_context.hpp>

#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

// For every error a way to meet it, and what has to be in the text: the value, and what would help.

namespace rollcast::test {

inline net::group parsed(char const* text)
{
    return net::group::parse(text).value();
}

/// Charts, sockets and files that the provocations need; each makes its own.
struct provoker {
    asio::io_context context;
    test::folder folder;

    subscription_config hearing(net::group group) const
    {
        auto config = subscription_config::any_source(group);
        config.interfaces = {"lo"};
        return config;
    }
    subscription_config hearing_from(std::vector<asio::ip::address> sources) const
    {
        auto config = hearing(parsed("232.1.1.1:5000"));
        config.sources = std::move(sources);
        return config;
    }
    void join(subscription_config const& config)
    {
        subscription(context.get_executor(), config).join();
    }
    /// On one socket, which has the system's limits.
    void join_adopted(subscription_config const& config)
    {
        asio::ip::udp::socket socket(context, config.group.protocol());
        socket.set_option(asio::socket_base::reuse_address(true));
        socket.bind(config.group.endpoint());
        subscription::adopt(config, socket).value().join();
    }
    publication_config sending(char const* group = "239.1.1.1:5000") const
    {
        publication_config config;
        config.group = parsed(group);
        config.interface = "lo";
        return config;
    }
    void open(publication_config const& config)
    {
        publication(context.get_executor(), config).open();
    }
    chart_config charting() const
    {
        chart_config config;
        config.id = 9;
        config.interfaces = {"lo"};
        config.group_v6.reset();
        return config;
    }
    void open(chart_config const& config) { chart(context.get_executor(), config).open(); }

    metrics::json_lines_config file(char const* name) const
    {
        metrics::json_lines_config config;
        config.path = folder / name;
        return config;
    }
};

struct expectation {
    std::function<void(provoker&)> provoke;
    std::vector<std::string> words; ///< That the text must have.
};

using provocations = std::map<error, expectation>;

extern provocations const config_provocations;  ///< What `validate` and interfaces object to.
extern provocations const running_provocations; ///< Misuse, existing sockets, and the machine.

[[noreturn]] inline void say(std::string const& text)
{
    throw std::runtime_error(text);
}

/// For what would need another machine: the words alone.
template <class Config>
[[noreturn]] void say_of(Config const& config, error what)
{
    say(explain(config, what));
}

} // namespace rollcast::test
