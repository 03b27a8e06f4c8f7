// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/rollcast.hpp>

#include <boost/mp11/algorithm.hpp>
#include <boost/mp11/list.hpp>
#include <fmt/format.h>

#include <string>

namespace rollcast::metrics {

// Of the component rollcast::metrics_files.
struct json_lines_config;
struct process_delta;
struct process_snapshot;
struct process_usage;
struct summary_options;

} // namespace rollcast::metrics

namespace rollcast::testing {

// Of the component of that name.
struct conditions;

} // namespace rollcast::testing

/// Formatters of fmt, 9 and later, for the values of rollcast and for the addresses and endpoints
/// of Asio. The text is that of `to_string`; format specifications are those of strings ("{:>20}").
///
///     fmt::print("{} of {:>20}\n", event.kind, event.who);
///
/// No other header includes fmt. The library does not hand fmt on: link `fmt::fmt` yourself.
namespace rollcast {

/// Every public value of rollcast that prints, and no type of other libraries. A type that is not
/// in this list has no formatter.
using printed_types = boost::mp11::mp_list<
    // clang-format off
    error, explained_error,
    net::flow, net::group, net::interface_address, net::interface_info, net::network_interface, net::unusable_address,
    net::port_owner, net::port_range, net::reverse_path_filter, net::scope, net::time_source, net::launch_clock,
    arbiter_config, arbiter_counters, line_counters, sequence_kind, sequenced,
    membership_change, membership_event, metadata_mask, packet, packet_metadata, port_sharing,
    receiver::drained, subscription_config,
    batch_report, delivery, egress_change, egress_event, network_error, publication_config, reply, send_failure, send_report, send_time,
    life_id, chart_config, event, event_kind, instance, instance_state, interface_obstacle, reachable,
    service,
    chart_counters, receive_counters, send_counters,
    metrics::chart_delta, metrics::chart_snapshot, metrics::json_lines_config, metrics::moment, metrics::process_delta, metrics::process_snapshot,
    metrics::process_usage, metrics::publication_counters, metrics::publication_delta,
    metrics::publication_snapshot, metrics::receive_rates, metrics::receiver_counters,
    metrics::receiver_delta, metrics::receiver_snapshot, metrics::send_rates,
    metrics::sender_counters, metrics::sender_delta, metrics::sender_snapshot,
    metrics::subscription_counters, metrics::subscription_delta, metrics::subscription_snapshot,
    metrics::summary_options, testing::conditions
    // clang-format on
    >;

namespace detail {

/// Formats what `to_string` makes of a value, as a string; that string is allocated for each call.
template <class T>
struct text_formatter : fmt::formatter<fmt::string_view> {
    template <class Context>
    auto format(T const& value, Context& context) const
    {
        using net::to_string; // for the values of Asio
        auto const text = to_string(value);
        return fmt::formatter<fmt::string_view>::format(text, context);
    }
};

} // namespace detail
} // namespace rollcast

template <class T>
    requires(boost::mp11::mp_contains<rollcast::printed_types, T>::value)
struct fmt::formatter<T, char> : rollcast::detail::text_formatter<T> {};

template <>
struct fmt::formatter<boost::asio::ip::address>
    : rollcast::detail::text_formatter<boost::asio::ip::address> {};
template <>
struct fmt::formatter<boost::asio::ip::address_v4>
    : rollcast::detail::text_formatter<boost::asio::ip::address_v4> {};
template <>
struct fmt::formatter<boost::asio::ip::address_v6>
    : rollcast::detail::text_formatter<boost::asio::ip::address_v6> {};
template <class Protocol>
struct fmt::formatter<boost::asio::ip::basic_endpoint<Protocol>, char>
    : rollcast::detail::text_formatter<boost::asio::ip::basic_endpoint<Protocol>> {};
