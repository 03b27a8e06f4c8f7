// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "support/two_hosts.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/test/unit_test.hpp>

#include <exception>
#include <future>
#include <optional>
#include <string>

namespace rollcast::test {

/// Link 1 of the left host carries so little that its send buffer fills.
struct narrow_link : two_hosts {
    std::string const payload = std::string(1400, 'x');
    std::optional<publication> pub;

    narrow_link()
    {
        left.command("tc qdisc add dev e1 root tbf rate 2mbit burst 4kb latency 10s");
        pub.emplace(opened(left, sending_on("e1", ipv4.any_source)));
    }

    /// So little that nothing leaves while a test looks, however busy the machine.
    void all_but_close()
    {
        left.command("tc qdisc change dev e1 root tbf rate 16kbit burst 4kb latency 100s");
    }

    void open_again()
    {
        left.command("tc qdisc change dev e1 root tbf rate 2mbit burst 4kb latency 10s");
    }

    error_code fill() { return fill(*pub); }

    error_code fill(publication& by) const
    {
        error_code ec;
        for (int i = 0; i < 2000 && !ec; ++i)
            by.try_send(asio::buffer(payload), ec);
        return ec;
    }

    std::future<send_report> waiting(asio::cancellation_signal& stop)
    {
        auto result = pub->send(asio::buffer(payload),
                                asio::bind_cancellation_slot(stop.slot(), asio::use_future));
        run_ready(context);
        BOOST_TEST(!is_ready(result));
        return result;
    }
};

inline boost::test_tools::assertion_result can_limit_a_rate(boost::unit_test::test_unit_id unit)
{
    auto result = can_make_namespaces(unit);
    if (!result)
        return result;
    try {
        network_namespace const trial;
        trial.command("tc qdisc add dev lo root tbf rate 2mbit burst 4kb latency 1s");
    } catch (std::exception const& failure) {
        result = false;
        result.message() << "tc cannot limit a rate here: " << failure.what();
    }
    return result;
}

} // namespace rollcast::test
