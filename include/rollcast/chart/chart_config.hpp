// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/chart/instance.hpp>
#include <rollcast/error.hpp>
#include <rollcast/export.hpp>
#include <rollcast/net/network_interface.hpp>
#include <rollcast/net/port.hpp>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/ip/address_v6.hpp>
#include <boost/describe/class.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace rollcast {

class chart_environment;

/// 239.255.42.98, of administrative scope (RFC 2365).
ROLLCAST_EXPORT asio::ip::address_v4 default_group_v4() noexcept;

/// ff12::4298, a transient group of link-local scope (RFC 4291).
ROLLCAST_EXPORT asio::ip::address_v6 default_group_v6() noexcept;

/// Who this instance is, and where it looks for others.
///
///     rollcast::chart_config config;
///     config.name = "my application";
///     config.services = {{"http", 8042}};
///
/// Every member has a default that works, and instances of one `name` on one link meet with it.
/// What all of them must agree on: `name`, `header`, the groups, `discovery_port` (but for what
/// `backup_ports` says), and the digest intervals. The chart keeps a copy: what is changed later
/// has no effect, and only `data` can be changed, by `chart::update`.
struct chart_config {
    /// Unique among the instances; none draws a random one of 53 bits, which any JSON reader keeps.
    /// Of two living instances with one id each chart holds one, and the applications of both are
    /// told by `id_conflict`.
    std::optional<std::uint64_t> id{};
    /// Ports the application serves on that have no names, in an order all instances agree on.
    std::vector<net::port_type> service_ports{};
    /// Ports with names, which the others see: `{{"http", 8042}, {"admin", 8043}}`; no name twice.
    /// They count behind `service_ports`, so that these keep their numbers; of both together there
    /// are at most 64, and fewer where long names leave no room.
    std::vector<service> services{};
    /// What else to tell the others, such as `announce::encode(my_struct)`: at most 846 bytes, and
    /// fewer with ports; see `max_data_size`.
    std::vector<std::byte> data{};
    /// The application's name: instances of different names do not see each other. It is no secret
    /// and no protection: any program that knows it can take part.
    std::string name{};
    /// A number that separates applications as the name does, and together with it, such as a
    /// cluster or a version.
    std::optional<std::uint64_t> header{};
    /// Groups to meet in; none leaves that IP version unused, and one is needed. Groups of
    /// source-specific multicast cannot be used.
    std::optional<asio::ip::address_v4> group_v4 = default_group_v4();
    std::optional<asio::ip::address_v6> group_v6 = default_group_v6();
    /// UDP port of the groups, not 0; all instances share it, also on one host, by SO_REUSEADDR.
    net::port_type discovery_port = 8080;
    /// Where to meet on a host on which a program keeps that port to itself: the first of these
    /// that is free; at most 8. Other instances learn of it. Instances that may have to find each
    /// other on backup ports alone must agree on them. Without any, `open` fails there.
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
    /// Where not to look, in the same forms; goes before `interfaces`.
    std::vector<net::network_interface> excluded_interfaces{};
    /// Decides about each interface that `interfaces` and `excluded_interfaces` leave; no function
    /// takes them all. It is called whenever interfaces change, while the chart is locked: it must
    /// not use the chart, and should be quick. What it throws counts as no, and is told as
    /// `interface_failed`.
    std::function<bool(net::interface_info const&)> use_interface{};
    /// Without any usable interface wait for one, instead of failing, also for one that is named
    /// and does not exist yet. For programs that start with the machine. It concerns the start
    /// only: a chart that has begun waits in any case. A port that is taken is an error all the
    /// same.
    bool wait_for_interface = false;
    /// Looks on this machine only, by the loopback interface: for tests, and for instances that
    /// serve one host. Other interfaces may not be named with it.
    bool local_discovery = false;
    /// Looks on without being a member: it asks and is answered as members are, so that it knows
    /// all instances within milliseconds, but none of them charts, counts or watches it, whatever
    /// its id. It keeps what it has to tell (`id`, `service_ports`, `data`) until it takes part,
    /// after `chart::announce(true)`.
    bool observer = false;
    /// When this instance crashes, everybody calls it gone within this time; 1 s to 1 h. Every
    /// instance may have its own. A quarter of it is the interval of its beats, so that a shorter
    /// time costs more datagrams, and sooner takes a slow machine for a dead one. A goodbye is
    /// believed at once, whatever this time.
    std::chrono::milliseconds detection_time = std::chrono::seconds(10);
    /// How often the chart is summed up for everybody: at first, and after the intervals have
    /// doubled up to the longest, which is where they stay while nothing changes. 20 ms to 1 h;
    /// the same for all instances. After news and where charts differ they are short again. Imin
    /// and Imax of Trickle (RFC 6206): the longest one decides how much is said at rest.
    std::chrono::milliseconds shortest_digest_interval{125};
    std::chrono::milliseconds longest_digest_interval{16000};
    /// TTL or hop limit of the announcements, 0 to 255; 1 keeps them on the link, 0 on the host.
    /// More than 1 needs multicast routers, and in IPv6 a group of wider scope than the default.
    int hop_limit = 1;
    /// Other instances known at most; at the limit new ones are refused, which `chart_full` tells,
    /// and known ones stay. Those that have proven nothing, which forged datagrams could make up,
    /// take a quarter of the room at most.
    std::size_t max_instances = 4096;
    /// Unread events that each reader holds at most, which take no memory before they are there;
    /// none: four times `max_instances`, and at least 1,024.
    std::optional<std::size_t> event_capacity{};
    /// The network and the time of this instance; none is this host's. `testing::network` gives
    /// others.
    std::shared_ptr<chart_environment> environment{};
};
BOOST_DESCRIBE_STRUCT(chart_config, (),
                      (id, service_ports, services, data, name, header, group_v4, group_v6,
                       discovery_port, backup_ports, unicast_port, interfaces, excluded_interfaces,
                       wait_for_interface, local_discovery, observer, detection_time,
                       shortest_digest_interval, longest_digest_interval, hop_limit, max_instances,
                       event_capacity))

/// The first rule the configuration breaks, or success: for programs that check what users typed
/// before they begin.
///
///     if (auto const ec = validate(config))
///         std::cerr << explain(config, ec) << '\n';
///
/// Opens no socket of the configuration, but
/// asks the system for its interfaces where `interfaces` names some.
///
/// Errors: `not_multicast`, `source_required`, `invalid_port`, `too_many_backup_ports`,
/// `invalid_unicast_port`; for what does not fit into a record `data_too_large`, `too_many_ports`,
/// `invalid_port_name`, `duplicate_port_name`; `invalid_detection_time`, `invalid_digest_interval`,
/// `invalid_hop_limit`; those of `net::resolve`, and `not_loopback`.
ROLLCAST_EXPORT error_code validate(chart_config const& config);

/// What `validate` or `chart::open` said, with the value it is about and what would be right:
/// "1400 bytes of data do not fit into one record; it has room for 840 beside 3 ports".
ROLLCAST_EXPORT std::string explain(chart_config const& config, error_code const& ec);

/// Bytes of data that its ports and their names leave room for, of the 1000 of a record: 846
/// without any port, 2 less for each port, and for names 3 less and 1 more than its length for
/// each. 0 where not even the names fit.
ROLLCAST_EXPORT std::size_t max_data_size(chart_config const& config);

struct chart_config;

/// An interface that a chart wants to use and cannot, in one IP version or at all. From
/// `chart::obstacles`, for programs that tell their users what to mend:
///
///     for (auto const& each : chart.obstacles())
///         std::cerr << each << '\n';
struct interface_obstacle {
    net::interface_info interface{}; ///< Of one that is not there, only the name that it was given.
    asio::ip::address group{};       ///< The group not met on it; unspecified if it meets none.
    error_code why{};                ///< Of rollcast, or what the system said.
};
BOOST_DESCRIBE_STRUCT(interface_obstacle, (), (interface, group, why))

ROLLCAST_EXPORT std::string
to_string(interface_obstacle const& value); ///< "eth0: the interface is down; ..."

/// What kept a chart of this configuration from opening, with what each interface lacks. Asks the
/// system for interfaces and owners of ports, so it is for the moment of the error and not cheap.
ROLLCAST_EXPORT std::string explain(chart_config const& config, error_code const& ec,
                                    std::span<interface_obstacle const> obstacles);

// As text, for people.
ROLLCAST_EXPORT std::string to_string(chart_config const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, chart_config const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, interface_obstacle const& value);

} // namespace rollcast
