// SPDX-License-Identifier: BSL-1.0
#include "chart/new_life.hpp"

#include "chart/own_ports.hpp"

#include <cstring>

namespace rollcast::detail {
namespace {

/// Random ids stay below 2^53, the last integers every JSON reader keeps apart.
constexpr std::uint64_t random_id_mask = (std::uint64_t{1} << 53) - 1;

life_id random_life(chart_environment& chance)
{
    life_id life;
    static_assert(sizeof life.bytes % sizeof(std::uint64_t) == 0);
    for (std::size_t at = 0; at < life.bytes.size(); at += sizeof(std::uint64_t)) {
        auto const number = chance.random_number();
        std::memcpy(life.bytes.data() + at, &number, sizeof number);
    }
    return life;
}

} // namespace

std::uint64_t random_id(chart_environment& chance)
{
    return chance.random_number() & random_id_mask;
}

engine_config new_life(chart_config const& config, std::uint64_t id, chart_environment& world)
{
    engine_config result;
    auto const since_1970 = static_cast<std::uint64_t>(world.since_1970().count());
    result.own = {id, random_life(world), since_1970};
    result.service_ports = service_ports_of(config);
    result.port_names = port_names_of(config);
    result.data = config.data;
    result.key = group_key(config.name, config.header);
    result.discovery_port = config.discovery_port;
    result.known_ports = config.backup_ports;
    result.known_ports.insert(result.known_ports.begin(), config.discovery_port);
    result.detection_time = config.detection_time;
    result.shortest_digest_interval = config.shortest_digest_interval;
    result.longest_digest_interval = config.longest_digest_interval;
    result.max_instances = config.max_instances;
    result.observer = config.observer;
    result.seed = world.random_number();
    return result;
}

} // namespace rollcast::detail
