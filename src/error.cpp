// SPDX-License-Identifier: BSL-1.0
#include <rollcast/error.hpp>

#include <boost/describe/enum_to_string.hpp>

#include <ostream>
#include <string>

namespace rollcast {
namespace {

char const* text(error value) noexcept
{
    switch (value) {
    case error::not_multicast:
        return "not a multicast group; groups lie in 224.0.0.0/4 and ff00::/8";
    case error::invalid_port:
        return "not a port; use 1 to 65535";
    case error::source_required:
        return "a source-specific group needs a source; name the sender's address";
    case error::group_not_source_specific:
        return "a source needs a source-specific group; those lie in 232.0.0.0/8 and ff3x::/32, "
               "others have to be allowed";
    case error::invalid_source:
        return "not the address of one host; a source is a unicast address";
    case error::source_family_mismatch:
        return "source and group differ in IP version; use two IPv4 or two IPv6 addresses";
    case error::unknown_interface:
        return "no such interface; name one by name, index or address of this machine";
    case error::ambiguous_interface:
        return "several interfaces have this address; use a name or an index";
    case error::interface_mismatch:
        return "two different interfaces are named for one group; name one";
    case error::interface_address_mismatch:
        return "the interface behind the percent sign does not have this address; name one or the "
               "other";
    case error::interface_family_mismatch:
        return "the interface's address and the group differ in IP version; use an address of the "
               "group's, or the interface's name";
    case error::interface_required:
        return "a group of interface- or link-local scope needs an interface; name one";
    case error::invalid_hop_limit:
        return "not a TTL or hop limit; use 0 to 255";
    case error::invalid_dscp:
        return "not a DSCP; use 0 to 63";
    case error::invalid_priority:
        return "not a priority; use 0 to 6, or more as root";
    case error::invalid_busy_poll:
        return "not a time to poll for; use 0 to 30 minutes, and rather 50 microseconds";
    case error::duplicate_entry:
        return "listed twice; list each interface and each source once";
    case error::invalid_detection_time:
        return "not a detection time; use 1 to 3600 seconds";
    case error::invalid_digest_interval:
        return "not a pair of digest intervals; use 20 ms to 1 h, the shortest first";
    case error::invalid_port_name:
        return "not a name for a port; use 1 to 16 bytes of UTF-8 without blanks and control "
               "characters";
    case error::duplicate_port_name:
        return "two service ports have this name; give each a name of its own";
    case error::events_missed:
        return "too slow: events were missed; look at the whole chart, and go on";
    case error::too_many_ports:
        return "too many service ports for one record; use 64 at most, and fewer with long names";
    case error::too_many_backup_ports:
        return "too many backup ports; use 8 at most";
    case error::invalid_unicast_port:
        return "not a unicast port or a range of them; use a port, or two in order, and neither "
               "the discovery port nor a backup port";
    case error::data_too_large:
        return "the data does not fit into one record; send less, and tell where the rest is";
    case error::source_not_local:
        return "not an address of this machine; send from one of its own";
    case error::not_loopback:
        return "local discovery stays on this machine; name the loopback interface or none";
    case error::source_interface_mismatch:
        return "the source is not an address of the interface; name one of its own";
    case error::unknown_source:
        return "not a listed source; drop and unblock only what was added or blocked";
    case error::not_any_source:
        return "only any-source subscriptions block sources; drop the source instead";
    case error::unknown_id:
        return "there is nothing of this id; ids come from add()";
    case error::already_joined:
        return "already joined; leave first";
    case error::not_joined:
        return "not joined; join first";
    case error::receive_in_progress:
        return "another receive is in progress; wait for it or cancel it";
    case error::already_running:
        return "already running; one maintain() or sniff() at a time";
    case error::stopped:
        return "the chart has been left or destroyed; open() or maintain() begins anew";
    case error::replies_not_asked_for:
        return "the publication takes no answers; set `replies` in its configuration";
    case error::launch_times_not_asked_for:
        return "the publication takes no times to leave; set `launch_times` in its configuration";
    case error::send_times_not_asked_for:
        return "the publication is not told when datagrams left; set `send_times` in its "
               "configuration";
    case error::payload_too_large:
        return "too large for one datagram; send 65507 bytes at most";
    case error::socket_not_udp:
        return "not a UDP socket; hand over a datagram socket";
    case error::socket_family_mismatch:
        return "socket and group differ in IP version; hand over a socket of the group's";
    case error::socket_port_mismatch:
        return "the socket is not bound to the group's port; bind it first";
    case error::socket_address_mismatch:
        return "the socket is bound to another address; bind it to the one in the configuration or "
               "to none";
    case error::too_many_sources:
        return "too many sources for one group; the kernel allows net.ipv4.igmp_max_msf (10) or "
               "net.ipv6.mld_max_msf (64)";
    case error::too_many_memberships:
        return "too many memberships on one socket; the kernel allows "
               "net.ipv4.igmp_max_memberships (20)";
    case error::no_multicast_route:
        return "no route leads to the group; name an interface";
    case error::refused_by_route:
        return "a route of this machine refuses the group (blackhole, prohibit or unreachable); "
               "see "
               "ip route show table all, or name an interface";
    case error::no_loopback_route:
        return "the loopback interface has no route for IPv6 multicast; add one: ip -6 route add "
               "local ff00::/8 dev lo";
    case error::device_refused:
        return "not a device to send and receive by; name an interface or VRF that is there, and "
               "no interface outside of it";
    case error::priority_refused:
        return "the system refuses this priority; above 6 it takes CAP_NET_ADMIN or CAP_NET_RAW";
    case error::dont_fragment_refused:
        return "the system does not let fragments be forbidden; leave out `dont_fragment`";
    case error::busy_poll_refused:
        return "the system refuses to poll; some take CAP_NET_ADMIN for more than "
               "net.core.busy_read";
    case error::launch_times_refused:
        return "the system refuses launch times by this clock; it takes CAP_NET_ADMIN for "
               "CLOCK_TAI";
    case error::timestamps_refused:
        return "the system refuses such timestamps; ask for those of the kernel, or for none";
    case error::launch_time_missed:
        return "the time to leave was over when the egress queue got to it; send earlier";
    case error::launch_time_invalid:
        return "the egress queue does not take this time; name one to come, by the clock of that "
               "queue";
    case error::no_usable_interface:
        return "no usable interface; one must be up, able to multicast, and have an address of the "
               "group's IP version";
    case error::interface_choice_failed:
        return "the function that chooses interfaces has thrown; it has to answer for every one";
    case error::invalid_rate:
        return "not a rate; use a number above 0, and 1e12 a second at most";
    case error::invalid_lines:
        return "not a number of lines; use 1 to 64";
    case error::invalid_window:
        return "not a window; use 1 to 65536 datagrams, and at most half of the numbers there are";
    case error::invalid_patience:
        return "not a time to wait for what is missing; use 0 to 1 h";
    case error::invalid_number_bits:
        return "not a size of numbers; use 8 to 64 bits";
    case error::invalid_metrics_interval:
        return "not a number of seconds between samples; use 0 (no samples) to 1000000000";
    case error::invalid_metrics_header:
        return "not a header of a metrics file; node id, producer and artifact type are text, and "
               "the flags are one JSON object";
    case error::invalid_metrics_sample:
        return "not a metrics sample; use a JSON object with finite ts and interval_secs, the "
               "latter not negative, and without the keys of a header";
    case error::metrics_file_in_use:
        return "another writer has the metrics file; one at a time";
    case error::metrics_file_mismatch:
        return "the metrics file does not continue; it must begin with the same header, have no "
               "other, and hold one whole JSON object a line";
    case error::malformed:
        return "malformed; it ends early, runs over, or breaks a rule of the format";
    case error::foreign:
        return "it belongs to another application; name and header must be the same";
    case error::unsupported_version:
        return "its version of the protocol is not supported; run versions that go together";
    case error::corrupted:
        return "its integrity tag does not match; it was changed on the way";
    case error::other_form:
        return "typed data of another struct; its fields must begin with the same names and types, "
               "and may differ in number only at the end";
    case error::interface_is_down:
        return "the interface is down; bring it up: ip link set IF up";
    case error::interface_cannot_multicast:
        return "the interface has no MULTICAST flag; set it, or name the interface";
    case error::interface_without_address:
        return "the interface has no address of the group's IP version; give it one, or leave out "
               "the group";
    case error::interface_excluded:
        return "the interface is excluded; take it out of `excluded_interfaces`";
    case error::interface_refused:
        return "the function that chooses interfaces said no; `use_interface` decides";
    case error::interface_has_master:
        return "the interface is a part of a bridge, bond or team, which is used in its place; "
               "name the interface to use it all the same";
    case error::too_few_descriptors:
        return "too few file descriptors for every interface; raise the limit (ulimit -n), or name "
               "the interfaces to use";
    case error::unicast_ports_taken:
        return "every unicast port is taken; give a range with one for each instance on this host";
    case error::nothing_heard:
        return "nothing is heard by multicast, not even what is said there; look for a firewall "
               "that drops incoming UDP to the discovery port";
    }
    return "unknown error";
}

class rollcast_category final : public boost::system::error_category {
public:
    // The number makes it equal to that of another copy of the library, as a plug-in may have one.
    constexpr rollcast_category() noexcept : error_category(0x726f6c6c63617374) {}

    char const* name() const noexcept override { return "rollcast"; }
    std::string message(int value) const override { return text(static_cast<error>(value)); }
};

} // namespace

boost::system::error_category const& category() noexcept
{
    static rollcast_category const instance;
    return instance;
}

error_code make_error_code(error value) noexcept
{
    return {static_cast<int>(value), category()};
}

std::string to_string(error value)
{
    auto const* const name = boost::describe::enum_to_string(value, nullptr);
    return name ? name : std::to_string(static_cast<int>(value));
}

std::ostream& operator<<(std::ostream& out, error value)
{
    return out << to_string(value);
}

} // namespace rollcast
