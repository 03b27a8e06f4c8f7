// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/announce/announcement.hpp>
#include <rollcast/announce/typed.hpp>
#include <rollcast/net/port.hpp>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace rollcast {

/// What a chart believes about an instance. It goes from alive to suspect to gone, or to left;
/// a suspect one that objects is alive again, and counts all the while.
enum class instance_state { alive, suspect, gone, left };
BOOST_DESCRIBE_ENUM(instance_state, alive, suspect, gone, left)

/// What a chart knows about one instance.
struct instance {
    std::uint64_t id = 0;
    life_id life{};
    std::uint64_t incarnation = 0; ///< Start of this life: milliseconds since 1970, by its clock.
    std::uint32_t sequence = 0;    ///< Grows with every change within a life.
    instance_state state = instance_state::alive;
    std::chrono::milliseconds detection_time{}; ///< Its own.
    std::vector<net::port_type> service_ports{};
    /// Where this host reaches it, best first; link-local ones carry this host's scope id.
    std::vector<asio::ip::address> addresses{};
    std::vector<std::byte> data{};
    std::chrono::steady_clock::time_point first_heard{};
    std::chrono::steady_clock::time_point last_heard{};

    /// The data as a described type; `error::malformed` if it is of another type.
    template <class T>
    result<T> data_as() const
    {
        return announce::decode<T>(data);
    }

    /// Every address with the n-th service port, best first; empty if there is no such port.
    template <class Protocol = asio::ip::tcp>
    std::vector<typename Protocol::endpoint> endpoints(std::size_t nth_port = 0) const
    {
        std::vector<typename Protocol::endpoint> all;
        if (nth_port < service_ports.size())
            for (auto const& address : addresses)
                all.emplace_back(address, service_ports[nth_port]);
        return all;
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
};
BOOST_DESCRIBE_STRUCT(instance, (),
                      (id, life, incarnation, sequence, state, detection_time, service_ports,
                       addresses, data, first_heard, last_heard))

} // namespace rollcast
