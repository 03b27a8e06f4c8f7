// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/export.hpp>

#include <boost/assert/source_location.hpp>
#include <boost/describe/enum.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>
#include <boost/system/system_error.hpp>

#include <iosfwd>
#include <string>
#include <type_traits>
#include <utility>

namespace boost::asio {
}

namespace rollcast {

namespace asio = boost::asio;

using boost::system::error_code;
using boost::system::result;

/// What rollcast itself can object to. Errors of the operating system keep their own category.
///
/// Every message says what is wrong and what would be right. The text of an exception begins with
/// the value that is wrong, as does what `explain` makes of an error and a configuration.
///
///     if (ec == rollcast::error::no_multicast_route)
///         config.interfaces = {"eth0"};
enum class error {
    // A configuration that breaks a rule; nothing has been opened.
    not_multicast = 1, ///< The group lies outside 224.0.0.0/4 and ff00::/8.
    invalid_port,      ///< The port is 0.
    source_required,   ///< A source-specific group (232/8, ff3x::/32) without a source.
    /// A source was given for a group outside 232/8 and ff3x::/32, without
    /// `allow_any_source_range`.
    group_not_source_specific,
    invalid_source,             ///< The source is multicast, unspecified or broadcast.
    source_family_mismatch,     ///< Source and group are of different IP versions.
    unknown_interface,          ///< No interface has this name, index or address.
    ambiguous_interface,        ///< The address belongs to several interfaces.
    interface_mismatch,         ///< The group's scope id and the interface name different links.
    interface_address_mismatch, ///< The interface named with an address does not have it.
    interface_family_mismatch,  ///< The interface's address and the group differ in IP version.
    interface_required,         ///< A group of interface- or link-local scope without an interface.
    invalid_hop_limit,          ///< TTL or hop limit outside 0..255.
    invalid_dscp,               ///< A differentiated services code point outside 0..63.
    invalid_priority,           ///< A priority below 0.
    invalid_busy_poll,          ///< A time below 0, or of more than half an hour.
    duplicate_entry,            ///< The same interface or source is listed twice.
    invalid_detection_time,     ///< Outside 1 s..1 h.
    invalid_digest_interval,    ///< Outside 20 ms..1 h, or the shortest exceeds the longest.
    invalid_port_name,          ///< Not 1 to 16 bytes of UTF-8 that can be seen.
    duplicate_port_name,        ///< Two service ports have one name.
    too_many_ports,             ///< More service ports, or names of them, than a record holds.
    too_many_backup_ports,      ///< More than 8 backup ports, which is all a chart tries.
    invalid_unicast_port,       ///< No range of ports, or one that a discovery port lies in.
    data_too_large,             ///< The instance's data does not fit into one record.
    source_not_local,           ///< The source to send from is no address of this machine.
    not_loopback,               ///< Local discovery with an interface that leads elsewhere.
    source_interface_mismatch,  ///< The IPv6 source is not an address of the interface.
    invalid_rate,               ///< Not above 0 a second, or above 1e12.
    invalid_lines,              ///< No lines of a feed, or more than 64.
    invalid_window,             ///< Not 1 to 65,536 numbers, or more than half of those there are.
    invalid_patience,           ///< A time below 0, or of more than an hour.
    invalid_number_bits,        ///< Numbers of fewer than 8 or more than 64 bits.
    invalid_metrics_interval,   ///< No number of seconds between two samples.
    invalid_metrics_header, ///< Something the file header needs is empty or not what it must be.

    // Misuse while running.
    unknown_source,             ///< drop_source() or unblock_source() of a source not listed.
    not_any_source,             ///< Sources are blocked where sources are chosen.
    unknown_id,                 ///< The receiver or sender has nothing of this id.
    already_joined,             ///< join() on a subscription that is joined.
    not_joined,                 ///< leave() or a receive on a subscription that is not joined.
    receive_in_progress,        ///< A second receive was started before the first had completed.
    events_missed,              ///< A reader that asked for addresses only has missed some.
    already_running,            ///< maintain() or sniff() while one of them runs.
    stopped,                    ///< The chart has been left or destroyed.
    replies_not_asked_for,      ///< recv_reply() on a publication configured without `replies`.
    launch_times_not_asked_for, ///< A time to leave, for a publication without `launch_times`.
    send_times_not_asked_for,   ///< Times of what has left, of a publication without `send_times`.
    payload_too_large,          ///< More than 65,507 bytes in one datagram.
    invalid_metrics_sample, ///< No JSON object, or one with a wrong time or a key of the header.

    // An existing socket that does not fit; it has not been touched.
    socket_not_udp,          ///< It is not a datagram socket of UDP.
    socket_family_mismatch,  ///< Its IP version is not the group's.
    socket_port_mismatch,    ///< It is bound to another port, or to none.
    socket_address_mismatch, ///< It is bound to another address.

    // What the machine cannot do.
    too_many_sources,        ///< The kernel allows no more sources for this group.
    too_many_memberships,    ///< The kernel allows no more groups on one socket.
    no_multicast_route,      ///< No route leads to the group and no interface was named.
    refused_by_route,        ///< A blackhole, prohibit or unreachable route leads to the group.
    no_loopback_route,       ///< The loopback interface has no route for IPv6 multicast.
    device_refused,          ///< There is no such device, or the interface is no part of it.
    priority_refused,        ///< The system does not take this priority.
    dont_fragment_refused,   ///< The system does not let fragments be forbidden.
    busy_poll_refused,       ///< The system does not poll for that long.
    launch_times_refused,    ///< The system takes no times to leave by this clock.
    timestamps_refused,      ///< The system does not tell the times that were asked for.
    launch_time_missed,      ///< The egress queue dropped a datagram whose time was over.
    launch_time_invalid,     ///< The egress queue dropped a datagram whose time it does not take.
    no_usable_interface,     ///< No interface is up, can multicast, and has a fitting address.
    interface_choice_failed, ///< `use_interface` has thrown.
    metrics_file_in_use,     ///< Another writer holds the file.

    // A datagram or a piece of typed data that cannot be understood.
    malformed,             ///< It ended early, ran over, or breaks a rule of the format.
    foreign,               ///< It belongs to another application, or is not rollcast's at all.
    unsupported_version,   ///< Its major version is not ours.
    corrupted,             ///< Its integrity tag does not match its bytes.
    other_form,            ///< Its struct is another one than it was to be read as.
    metrics_file_mismatch, ///< The file holds another header, none, several, or a broken line.

    // Why a chart does not use an interface; `chart::obstacles` has them.
    interface_is_down,          ///< It is down, or its link does not work.
    interface_cannot_multicast, ///< It has no MULTICAST flag, and was not named.
    interface_without_address,  ///< It has no address of the group's IP version.
    interface_excluded,         ///< `excluded_interfaces` names it.
    interface_refused,          ///< `use_interface` said no.
    interface_has_master,       ///< It is a part of a bridge, bond or team, and was not named.
    /// The process may not open a socket for each interface, and other interfaces are worth more.
    too_few_descriptors,
    unicast_ports_taken, ///< Every port of `unicast_port` has an owner.
    nothing_heard,       ///< Not even what this host says to the group there comes back.
};

// One list of BOOST_DESCRIBE_ENUM holds 52 names.
// clang-format off
BOOST_DESCRIBE_ENUM_BEGIN(error)
BOOST_DESCRIBE_PP_FOR_EACH(BOOST_DESCRIBE_ENUM_ENTRY, error,
    not_multicast, invalid_port, source_required, group_not_source_specific, invalid_source,
    source_family_mismatch, unknown_interface, ambiguous_interface, interface_mismatch,
    interface_address_mismatch, interface_family_mismatch, interface_required, invalid_hop_limit,
    invalid_dscp, invalid_priority, invalid_busy_poll, duplicate_entry, invalid_detection_time, invalid_digest_interval,
    invalid_port_name, duplicate_port_name, too_many_ports, too_many_backup_ports, invalid_unicast_port, data_too_large,
    source_not_local,
    not_loopback, source_interface_mismatch, invalid_rate, invalid_lines, invalid_window, invalid_patience, invalid_number_bits,
    invalid_metrics_interval, invalid_metrics_header)
BOOST_DESCRIBE_PP_FOR_EACH(BOOST_DESCRIBE_ENUM_ENTRY, error,
    unknown_source, not_any_source, unknown_id, already_joined, not_joined, receive_in_progress,
    events_missed, already_running, stopped, replies_not_asked_for,
    launch_times_not_asked_for, send_times_not_asked_for, payload_too_large, invalid_metrics_sample, socket_not_udp, socket_family_mismatch,
    socket_port_mismatch, socket_address_mismatch, too_many_sources, too_many_memberships,
    no_multicast_route, refused_by_route, no_loopback_route, device_refused, priority_refused, dont_fragment_refused,
    busy_poll_refused, launch_times_refused, timestamps_refused, launch_time_missed, launch_time_invalid, no_usable_interface, interface_choice_failed,
    metrics_file_in_use, malformed, foreign, unsupported_version, corrupted, other_form, metrics_file_mismatch,
    interface_is_down, interface_cannot_multicast, interface_without_address, interface_excluded,
    interface_refused, interface_has_master, too_few_descriptors, unicast_ports_taken, nothing_heard)
BOOST_DESCRIBE_ENUM_END(error)
// clang-format on

/// The category of rollcast::error, named "rollcast". Two copies of the library in one process have
/// equal categories.
ROLLCAST_EXPORT boost::system::error_category const& category() noexcept;

/// Found by argument-dependent lookup, so that `error_code ec = error::invalid_port;` works.
ROLLCAST_EXPORT error_code make_error_code(error value) noexcept;

ROLLCAST_EXPORT std::string to_string(error value); ///< The enumerator: "invalid_port".
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, error value);

} // namespace rollcast

namespace boost::system {

template <>
struct is_error_code_enum<rollcast::error> : std::true_type {};

} // namespace boost::system

namespace rollcast {

/// An error code and a text about it: the value that is wrong, and what would be right.
///
///     auto const group = net::group::parse(text);
///     if (!group)
///         std::cerr << group.error() << '\n'; // or group.value(), which throws the same text
///
/// Wherever an `error_code` is expected an explained error is its code. The text is for people, and
/// may change; `result::value()` throws it as the `what()` of a `boost::system::system_error` with
/// the same code.
class ROLLCAST_EXPORT explained_error : public error_code {
public:
    explained_error() = default;
    template <class Enum>
        requires boost::system::is_error_code_enum<Enum>::value
    explained_error(Enum value) noexcept : error_code(value)
    {
    }
    /// Explicit, so that `found ? error_code{} : found.error()` is an `error_code`.
    explicit explained_error(error_code const& code) noexcept : error_code(code) {}
    explained_error(error_code const& code, std::string text) noexcept
        : error_code(code), text_(std::move(text))
    {
    }

    /// The value, what is wrong with it, and what would be right; the plain message of the code
    /// where no more is known.
    std::string message() const;
    std::string what() const { return message(); }

private:
    std::string text_{};
};

/// A value, or an error that tells which value it is about. Converts to `result<T>`, which keeps
/// the code alone.
template <class T>
using explained_result = result<T, explained_error>;

/// The message, without a name or number of the code.
ROLLCAST_EXPORT std::string to_string(explained_error const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, explained_error const& value);

/// What `result::value()` calls; found by argument-dependent lookup.
[[noreturn]] ROLLCAST_EXPORT void throw_exception_from_error(explained_error const& problem,
                                                             boost::source_location const& where);

} // namespace rollcast

namespace rollcast::detail {

/// For the forms of functions without an `ec`: `what` names the operation, and begins the
/// message.
inline void throw_if(error_code const& ec, char const* what)
{
    if (ec)
        throw boost::system::system_error(ec, what);
}

} // namespace rollcast::detail
