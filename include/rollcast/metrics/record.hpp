// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/error.hpp>
#include <rollcast/metrics/counters.hpp>

#include <boost/asio/ip/udp.hpp>
#include <boost/describe/members.hpp>
#include <boost/mp11/algorithm.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <type_traits>

/// What rooms share with those who read their metrics: their plain counters and a little more.
namespace rollcast::metrics {

/// An endpoint that can be copied word by word, which Asio's cannot.
class ROLLCAST_EXPORT plain_endpoint {
public:
    plain_endpoint() = default;
    explicit plain_endpoint(asio::ip::udp::endpoint const& endpoint);

    operator asio::ip::udp::endpoint() const;

private:
    std::array<unsigned char, 16> address_{};
    std::uint32_t scope_ = 0;
    std::uint16_t port_ = 0;
    bool is_v4_ = true;
};

/// The newest datagram a subscription delivered.
struct last_datagram {
    std::uint64_t payload_size = 0;
    plain_endpoint source{};
    std::chrono::system_clock::time_point received_at{};
    bool is_there = false;
};

/// The counters begin when the subscription was made, the last datagram when metrics were on.
struct ROLLCAST_EXPORT subscription_record {
    receive_counters counters{};
    last_datagram last{};

    /// One datagram, or the last of a batch, at this moment.
    void delivered(asio::ip::udp::endpoint const& source, std::size_t payload_size);
};

/// Adds to each counter what it has grown by between two copies of one object's counters.
template <class Counters>
void add_growth(Counters& total, Counters const& before, Counters const& after)
{
    using namespace boost::describe;
    boost::mp11::mp_for_each<describe_members<Counters, mod_public>>([&](auto member) {
        total.*member.pointer += after.*member.pointer - before.*member.pointer;
    });
}

/// What a receiver's subscriptions did through the receiver since its metrics were on; it outlasts
/// them.
struct receiver_record {
    receive_counters passed{};
    std::uint64_t batch_calls = 0;
    std::uint64_t batch_packets = 0;
    std::uint64_t subscriptions_added = 0;
    std::uint64_t subscriptions_removed = 0; ///< And taken.
    std::uint64_t active_subscriptions = 0;  ///< Those there are.
    std::uint64_t joined_subscriptions = 0;
};

struct publication_record {
    send_counters counters{};
};

/// What a sender's publications did through the sender since its metrics were on; it outlasts them.
struct sender_record {
    send_counters passed{};
    std::uint64_t publications_added = 0;
    std::uint64_t publications_removed = 0; ///< And taken.
    std::uint64_t active_publications = 0;  ///< Those there are.
};

static_assert(std::is_trivially_copyable_v<subscription_record>);

} // namespace rollcast::metrics
