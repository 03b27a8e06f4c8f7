// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/announce/life_id.hpp>
#include <rollcast/announce/typed.hpp>
#include <rollcast/export.hpp>
#include <rollcast/net/port.hpp>

#include <boost/asio/ip/address.hpp>
#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rollcast {

/// A port that an instance serves on, by a name that the others see: `{"http", 8042}`. It says
/// nothing of the protocol: whether TCP or UDP is spoken there is for the application to know.
struct service {
    /// 1 to 16 bytes of UTF-8 without blanks and control characters; see `is_port_name`.
    std::string name{};
    net::port_type port = 0; ///< 1 to 65535; several names may have one port.

    friend bool operator==(service const&, service const&) = default;
};
BOOST_DESCRIBE_STRUCT(service, (), (name, port))

/// Whether a service port may be called so: 1 to 16 bytes of UTF-8 without blanks, control
/// characters and invisible ones, since names are printed, typed as `http=8042` and compared by
/// people. docs/protocol.md lists the characters.
ROLLCAST_EXPORT bool is_port_name(std::string_view text) noexcept;

} // namespace rollcast

namespace boost::asio::ip {

class tcp; // Its header brings sockets; whoever asks for an endpoint of TCP includes it.

} // namespace boost::asio::ip

namespace rollcast {

namespace detail {

/// Where one instance is reached best.
struct best_address {
    std::uint64_t id = 0;
    asio::ip::address address{};
    net::port_type port = 0;
};

} // namespace detail

/// What a chart believes about an instance. It goes from alive to suspect to gone, or to left; a
/// suspect one that objects is alive again, and counts all the while. `chart::peers` has only alive
/// and suspect ones: gone and left are told by events.
enum class instance_state { alive, suspect, gone, left };
BOOST_DESCRIBE_ENUM(instance_state, alive, suspect, gone, left)

/// What a chart knows about one instance: a copy, which does not change when the chart does.
///
///     if (auto const endpoint = who.address<asio::ip::tcp>("http"))
///         co_await socket.async_connect(*endpoint);
///
/// Ports, data and detection time are what the instance told of itself; state, order of addresses
/// and times are this chart's own. Endpoints of TCP need an include of <boost/asio/ip/tcp.hpp>.
struct instance {
    std::uint64_t id = 0; ///< Stays the same over restarts, if the application gave it.
    life_id life{};       ///< Another one after every restart.
    /// Start of this life: milliseconds since 1970, by its clock; raised by every
    /// objection, and when it has lost a link.
    std::uint64_t incarnation = 0;
    std::uint32_t sequence = 0; ///< Grows with every change within a life.
    instance_state state = instance_state::alive;
    std::chrono::milliseconds detection_time{};  ///< Its own: after a crash it is gone within this.
    std::vector<net::port_type> service_ports{}; ///< All of them, those without names first.
    std::vector<service> services{};             ///< Those with names, in the same order.
    /// Where this host reaches it, best first; link-local ones carry this host's scope id. The
    /// order differs between hosts, and may change without an event. None is promised to answer.
    std::vector<asio::ip::address> addresses{};
    std::vector<std::byte> data{}; ///< As its application gave it; less than 1000 bytes.
    // By the clock of this host.
    std::chrono::steady_clock::time_point first_heard{};
    std::chrono::steady_clock::time_point last_heard{};

    /// The data as text, whatever it is; a view of `data`, valid as long as that.
    std::string_view text() const noexcept
    {
        return {reinterpret_cast<char const*>(data.data()), data.size()};
    }

    /// The data as a described type, as announce/typed.hpp has it; `error::other_form` or
    /// `error::malformed` if it is of another type. Throws std::bad_alloc only, and what
    /// constructors of T throw.
    template <class T>
    result<T> data_as() const
    {
        return announce::decode<T>(data);
    }

    /// The service port of this name, if there is one.
    ROLLCAST_EXPORT std::optional<net::port_type> port(std::string_view name) const;
    /// The n-th service port, from 0, if there are so many.
    ROLLCAST_EXPORT std::optional<net::port_type> port(std::size_t nth) const;

    /// The best address with the first service port, with the n-th, from 0, or with that of this
    /// name; none where there is no such port, or no address.
    template <class Protocol = asio::ip::tcp>
    std::optional<typename Protocol::endpoint> address(std::size_t nth_port = 0) const
    {
        return address_with<Protocol>(port(nth_port));
    }
    template <class Protocol = asio::ip::tcp>
    std::optional<typename Protocol::endpoint> address(std::string_view port_name) const
    {
        return address_with<Protocol>(port(port_name));
    }

    /// The same with every address, best first, to be tried one after the other; empty where there
    /// is no such port.
    template <class Protocol = asio::ip::tcp>
    std::vector<typename Protocol::endpoint> endpoints(std::size_t nth_port = 0) const
    {
        return endpoints_with<Protocol>(port(nth_port));
    }
    template <class Protocol = asio::ip::tcp>
    std::vector<typename Protocol::endpoint> endpoints(std::string_view port_name) const
    {
        return endpoints_with<Protocol>(port(port_name));
    }

    /// The best address with every service port, in their order; empty without either.
    template <class Protocol = asio::ip::tcp>
    std::vector<typename Protocol::endpoint> ports_at_best() const
    {
        std::vector<typename Protocol::endpoint> all;
        if (!addresses.empty())
            for (auto const port : service_ports)
                all.emplace_back(addresses.front(), port);
        return all;
    }

private:
    template <class Protocol>
    std::optional<typename Protocol::endpoint>
    address_with(std::optional<net::port_type> port) const
    {
        if (!port || addresses.empty())
            return std::nullopt;
        return typename Protocol::endpoint(addresses.front(), *port);
    }

    template <class Protocol>
    std::vector<typename Protocol::endpoint>
    endpoints_with(std::optional<net::port_type> port) const
    {
        std::vector<typename Protocol::endpoint> all;
        if (port)
            for (auto const& address : addresses)
                all.emplace_back(address, *port);
        return all;
    }
};
BOOST_DESCRIBE_STRUCT(instance, (),
                      (id, life, incarnation, sequence, state, detection_time, service_ports,
                       services, addresses, data, first_heard, last_heard))

// As text, for people.
ROLLCAST_EXPORT std::string to_string(instance_state value);
ROLLCAST_EXPORT std::string
to_string(instance const& value); ///< "9 alive at 10.0.0.2:8042: its data"
ROLLCAST_EXPORT std::string to_string(service const& value); ///< "http=8042"
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, instance_state value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, instance const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, service const& value);

} // namespace rollcast
