// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/error.hpp>
#include <rollcast/net/network_interface.hpp>
#include <rollcast/net/port.hpp>

#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/ip/address_v6.hpp>
#include <boost/describe/class.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace rollcast {

/// 239.255.42.98, of administrative scope (RFC 2365).
asio::ip::address_v4 default_group_v4() noexcept;

/// ff12::4298, a transient group of link-local scope (RFC 4291).
asio::ip::address_v6 default_group_v6() noexcept;

/// Who this instance is, and where it looks for others.
struct chart_config {
    /// Unique among the instances; none draws a random one of 53 bits, which any JSON reader keeps.
    std::optional<std::uint64_t> id{};
    /// Ports the application serves on, in an order all instances agree on; at most 64.
    std::vector<net::port_type> service_ports{};
    /// What else to tell the others, such as `announce::encode(my_struct)`; see
    /// `announce::max_data_size`.
    std::vector<std::byte> data{};
    /// The application's name: instances of different names do not see each other.
    std::string name{};
    /// Groups to meet in; none leaves that IP version unused.
    std::optional<asio::ip::address_v4> group_v4 = default_group_v4();
    std::optional<asio::ip::address_v6> group_v6 = default_group_v6();
    /// UDP port of the groups; all instances share it, also on one host.
    net::port_type discovery_port = 8080;
    /// Where to look; none means every interface that is up and able to multicast, and loopback.
    std::vector<net::network_interface> interfaces{};
    /// Looks on this machine only, by the loopback interface.
    bool local_discovery = false;
    /// A crashed instance is called gone within this time by everybody; 1 s to 1 h. Every instance
    /// may have its own.
    std::chrono::milliseconds detection_time = std::chrono::seconds(10);
    /// TTL or hop limit of the announcements, 0 to 255; 1 keeps them on the link.
    int hop_limit = 1;
    /// Other instances known at most; at the limit new ones are refused and known ones stay.
    std::size_t max_instances = 4096;
};
BOOST_DESCRIBE_STRUCT(chart_config, (),
                      (id, service_ports, data, name, group_v4, group_v6, discovery_port,
                       interfaces, local_discovery, detection_time, hop_limit, max_instances))

/// The first rule the configuration breaks, or success. Opens no socket of the configuration.
error_code validate(chart_config const& config);

} // namespace rollcast
