// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/chart/service.hpp>
#include <rollcast/error.hpp>
#include <rollcast/export.hpp>
#include <rollcast/net/network_interface.hpp>
#include <rollcast/net/port.hpp>
#include <rollcast/net/port_range.hpp>

#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/ip/address_v6.hpp>
#include <boost/describe/class.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace rollcast {

/// 239.255.42.98, of administrative scope (RFC 2365).
ROLLCAST_EXPORT asio::ip::address_v4 default_group_v4() noexcept;

/// ff12::4298, a transient group of link-local scope (RFC 4291).
ROLLCAST_EXPORT asio::ip::address_v6 default_group_v6() noexcept;

/// Who this instance is, and where it looks for others.
struct chart_config {
    /// Unique among the instances; none draws a random one of 53 bits, which any JSON reader keeps.
    std::optional<std::uint64_t> id{};
    /// Ports the application serves on that have no names, in an order all instances agree on.
    std::vector<net::port_type> service_ports{};
    /// Ports with names, which the others see: `{{"http", 8042}, {"admin", 8043}}`; no name twice.
    /// They count behind `service_ports`, so that these keep their numbers; of both together there
    /// are at most 64, and fewer where long names leave no room.
    std::vector<service> services{};
    /// What else to tell the others, such as `announce::encode(my_struct)`; see
    /// `announce::max_data_size`.
    std::vector<std::byte> data{};
    /// The application's name: instances of different names do not see each other.
    std::string name{};
    /// A number that separates applications as the name does, and together with it.
    std::optional<std::uint64_t> header{};
    /// Groups to meet in; none leaves that IP version unused.
    std::optional<asio::ip::address_v4> group_v4 = default_group_v4();
    std::optional<asio::ip::address_v6> group_v6 = default_group_v6();
    /// UDP port of the groups; all instances share it, also on one host.
    net::port_type discovery_port = 8080;
    /// Where to meet on a host on which a program keeps that port to itself: the first of these
    /// that is free; at most 8. Others learn of it. Instances that may have to find each other on
    /// backup ports alone must agree on them.
    std::vector<net::port_type> backup_ports{61345, 61346};
    /// Port to hear unicast on, and to send everything from, on all links, for firewalls that go by
    /// ports: one, or a range such as `{40000, 40015}`, tried in order, of which each instance of a
    /// host needs one of its own. Any port by default; neither the discovery port nor a backup
    /// port.
    net::port_range unicast_port{};
    /// Where to look: names, patterns such as "eth*", indices or addresses; none means every
    /// interface that is able to multicast, and loopback. Those that are down are waited for. Ports
    /// of bridges and parts of bonds and teams have to be named as themselves. Where the process
    /// may not open enough descriptors for all, those with a default route come first, then
    /// loopback, those with global or private addresses, and the rest; 64 descriptors are left to
    /// the program.
    std::vector<net::network_interface> interfaces{};
    /// Where not to look, in the same forms.
    std::vector<net::network_interface> excluded_interfaces{};
    /// Decides about each interface that those two leave; none takes them all. It is called
    /// whenever interfaces change, and must not use the chart. What it throws counts as no, and is
    /// told as `interface_failed`.
    std::function<bool(net::interface_info const&)> use_interface{};
    /// Without any usable interface wait for one, instead of failing, also for one that is named
    /// and does not exist yet.
    bool wait_for_interface = false;
    /// Looks on this machine only, by the loopback interface.
    bool local_discovery = false;
    /// Looks on without being a member: it asks and is answered as anybody, so that it knows
    /// everybody within milliseconds, but nobody charts, counts or watches it, whatever its id. It
    /// keeps what it has to tell (`id`, `service_ports`, `data`) until it takes part, after
    /// `chart::announce(true)`.
    bool observer = false;
    /// A crashed instance is called gone within this time by everybody; 1 s to 1 h. Every instance
    /// may have its own.
    std::chrono::milliseconds detection_time = std::chrono::seconds(10);
    /// How often the chart is summed up for everybody: at first, and after the intervals have
    /// doubled up to the longest, which is where they stay while nothing changes. 20 ms to 1 h;
    /// the same for all instances. After news and where charts differ they are short again.
    std::chrono::milliseconds shortest_digest_interval{125};
    std::chrono::milliseconds longest_digest_interval{16000};
    /// TTL or hop limit of the announcements, 0 to 255; 1 keeps them on the link.
    int hop_limit = 1;
    /// Other instances known at most; at the limit new ones are refused and known ones stay.
    std::size_t max_instances = 4096;
    /// Unread events that each reader holds at most, which take no memory before they are there;
    /// none: four times `max_instances`, and at least 1,024.
    std::optional<std::size_t> event_capacity{};
};
BOOST_DESCRIBE_STRUCT(chart_config, (),
                      (id, service_ports, services, data, name, header, group_v4, group_v6,
                       discovery_port, backup_ports, unicast_port, interfaces, excluded_interfaces,
                       wait_for_interface, local_discovery, observer, detection_time,
                       shortest_digest_interval, longest_digest_interval, hop_limit, max_instances,
                       event_capacity))

/// The first rule the configuration breaks, or success. Opens no socket of the configuration.
ROLLCAST_EXPORT error_code validate(chart_config const& config);

/// What `validate` or `chart::open` said, with the value it is about and what would be right:
/// "1400 bytes of data do not fit into one record; it has room for 840 beside 3 ports".
ROLLCAST_EXPORT std::string explain(chart_config const& config, error_code const& ec);

/// Bytes of data that its ports and their names leave room for.
ROLLCAST_EXPORT std::size_t max_data_size(chart_config const& config);

} // namespace rollcast
