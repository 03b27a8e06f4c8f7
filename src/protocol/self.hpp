// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "announce/group_key.hpp"
#include "protocol/clock.hpp"
#include "protocol/health.hpp"
#include "protocol/horizon.hpp"
#include "protocol/limits.hpp"
#include "protocol/link.hpp"
#include "protocol/lost_presences.hpp"
#include "protocol/member.hpp"
#include "protocol/own_past.hpp"
#include "protocol/random_source.hpp"
#include "protocol/trickle.hpp"

#include <rollcast/metrics/counters.hpp>
#include <rollcast/net/port.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace rollcast::detail {

struct engine_config {
    identity own{};
    std::vector<net::port_type> service_ports{};
    std::vector<std::string> port_names{}; ///< Of the last service ports, in their order.
    std::vector<std::byte> data{};
    group_key key{};
    net::port_type discovery_port = 0;         ///< Where we hear the group.
    std::vector<net::port_type> known_ports{}; ///< Of others, perhaps; the main one first.
    std::chrono::milliseconds detection_time{};
    duration shortest_digest_interval = trickle::shortest;
    duration longest_digest_interval = trickle::longest;
    std::size_t max_instances = 0;
    bool observer = false; ///< No member, until the application lets it announce.
    std::uint64_t seed = 0;
    member_pool* pool = nullptr; ///< Shared by the charts of one thread; for simulations.
    bool terse_events = false;   ///< Events carry the id and nothing else; for simulations.
};

/// What all links of one instance have in common.
struct self_state {
    enum class mode { idle, announcing, observing, silent, leaving, left };

    explicit self_state(engine_config value)
        : config(std::move(value)),
          random(config.seed),
          secret(random.next()),
          limits(random.next()),
          incarnations(config.own.incarnation),
          observes(config.observer)
    {
    }

    bool may_speak() const noexcept { return now_doing == mode::announcing; }
    bool may_ask() const noexcept { return may_speak() || now_doing == mode::observing; }
    /// Whether this id is ours; an observer has none, and may chart a member with the same one.
    bool is_ours(std::uint64_t id) const noexcept { return !observes && id == config.own.id; }
    /// So many ids that have proven nothing are charted at most: a quarter of the room, but four at
    /// least.
    std::size_t most_unproven() const noexcept
    {
        return std::max<std::size_t>(4, config.max_instances / 4);
    }
    duration beat_interval() const noexcept { return config.detection_time / 4; }

    engine_config config;
    random_source random;
    std::uint64_t secret; ///< Drawn at the start: only we can make our cookies.
    rate_limits limits;
    horizon incarnations;
    health local_health;
    chart_counters counters;
    mode now_doing = mode::idle;
    bool replies = true;        ///< Newcomers and PULLs are answered.
    bool observes;              ///< An observer: counts in no chart, nor in its own.
    std::uint32_t sequence = 0; ///< Of the own record.
    std::uint64_t counter = 0;  ///< Of the datagrams of this life.
    own_past past;
    lost_presences lost;        ///< Our addresses on links that are gone.
    std::vector<outgoing> sent; ///< Until the engine hands them out.
};

} // namespace rollcast::detail
