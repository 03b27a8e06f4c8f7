// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/error.hpp>
#include <rollcast/metrics/snapshot.hpp>

#include <boost/asio/ip/udp.hpp>
#include <boost/describe/members.hpp>
#include <boost/mp11/algorithm.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

/// What an object shares with those who read its metrics, a copy of it at a time: its plain
/// counters and a little more. Programs use snapshots of it (`take_snapshot`); only what counts
/// needs these.
namespace rollcast::metrics {

/// An endpoint that can be copied word by word, which Asio's cannot: `shared_counters` asks it of
/// everything in a record. It keeps the scope id of an IPv6 address, but not its flow label.
class plain_endpoint {
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
    std::uint64_t payload_size = 0; ///< Bytes.
    plain_endpoint source{};
    /// When the program was given the datagram; the kernel may have queued it much earlier.
    std::chrono::system_clock::time_point received_at{};
    bool is_there = false; ///< Or nothing was delivered yet, and the rest means nothing.
};

/// What a subscription shares. The counters begin when the subscription was made, the last datagram
/// when its metrics were switched on.
struct subscription_record {
    receive_counters counters{};
    last_datagram last{};

    /// Notes a datagram, or the last of a batch, as delivered at this moment of the system clock.
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

/// What a receiver's subscriptions did through the receiver since its metrics were switched on.
/// What a subscription did stays counted when it is removed.
struct receiver_record {
    receive_counters passed{};
    std::uint64_t batch_calls = 0;           ///< Batches delivered, empty-handed looks left out.
    std::uint64_t batch_packets = 0;         ///< Datagrams in them.
    std::uint64_t subscriptions_added = 0;   ///< Since metrics are on; those before are not in it.
    std::uint64_t subscriptions_removed = 0; ///< Removed or taken out.
    std::uint64_t active_subscriptions = 0;  ///< Subscriptions there are now.
    std::uint64_t joined_subscriptions = 0;  ///< Those of them that have joined their group.
};

/// What a publication shares; counted since the publication was made.
struct publication_record {
    send_counters counters{};
};

/// What a sender's publications did through the sender since its metrics were switched on: not what
/// was sent by a publication that `sender::find` gave. It stays counted when one is removed.
struct sender_record {
    send_counters passed{};                 ///< Without network errors and changes of egress.
    std::uint64_t publications_added = 0;   ///< Since metrics are on; those before are not in it.
    std::uint64_t publications_removed = 0; ///< Removed or taken out.
    std::uint64_t active_publications = 0;  ///< Publications there are now.
};

struct chart_record {
    chart_counters counters{};
    std::uint64_t instances = 0; ///< In the chart, this one included unless it observes.
};

static_assert(std::is_trivially_copyable_v<subscription_record>);

/// The record as a snapshot of this moment; what `reader::snapshot` calls.
subscription_snapshot take_snapshot(subscription_record const& record);
receiver_snapshot take_snapshot(receiver_record const& record);
publication_snapshot take_snapshot(publication_record const& record);
sender_snapshot take_snapshot(sender_record const& record);
chart_snapshot take_snapshot(chart_record const& record);

template <class Record>
using snapshot_of = decltype(take_snapshot(std::declval<Record const&>()));

} // namespace rollcast::metrics
