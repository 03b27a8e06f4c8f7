// SPDX-License-Identifier: BSL-1.0
#pragma once

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

#include <rollcast/announce/group_key.hpp>
#include <rollcast/metrics/counters.hpp>
#include <rollcast/net/port.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace rollcast::detail {

struct engine_config {
    identity own{};
    std::vector<net::port_type> service_ports{};
    std::vector<std::string> port_names{}; ///< Of the last service ports.
    std::vector<std::byte> data{};
    group_key key{};
    net::port_type discovery_port = 0;         ///< Where we hear the group.
    std::vector<net::port_type> known_ports{}; ///< Where others may be; the main one first.
    std::chrono::milliseconds detection_time{};
    duration shortest_digest_interval = trickle::shortest;
    duration longest_digest_interval = trickle::longest;
    std::size_t max_instances = 0;
    bool observer = false; ///< No member, until it is told to announce.
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
    /// Whether this id is ours; an observer has none, and may chart a member that is called alike.
    bool is_ours(std::uint64_t id) const noexcept { return !observes && id == config.own.id; }
    /// What ids that have proven nothing may take of the room.
    std::size_t most_unproven() const noexcept
    {
        return std::max<std::size_t>(4, config.max_instances / 4);
    }
    duration beat_interval() const noexcept { return config.detection_time / 4; }

    engine_config config;
    random_source random;
    std::uint64_t secret; ///< Makes cookies ours.
    rate_limits limits;
    horizon incarnations;
    health local_health;
    chart_counters counters;
    mode now_doing = mode::idle;
    bool replies = true; ///< Newcomers are told who else is here.
    bool observes;       ///< It is no member: it counts nowhere, not even for itself.
    std::uint32_t sequence = 0;
    std::uint64_t counter = 0; ///< Of datagrams.
    own_past past;
    lost_presences lost; ///< On links that are gone.
    std::vector<outgoing> sent;
};

} // namespace rollcast::detail
