// SPDX-License-Identifier: BSL-1.0
#include "chart/new_life.hpp"

#include "chart/own_ports.hpp"

#include <sodium.h>

#include <chrono>

namespace rollcast::detail {
namespace {

/// Random ids stay below 2^53, the last integers every JSON reader keeps apart.
constexpr std::uint64_t random_id_mask = (std::uint64_t{1} << 53) - 1;

std::uint64_t random_number()
{
    static int const ready = sodium_init();
    (void)ready;
    std::uint64_t number;
    randombytes_buf(&number, sizeof number);
    return number;
}

life_id random_life()
{
    (void)random_number(); // readies the generator
    life_id life;
    randombytes_buf(life.bytes.data(), life.bytes.size());
    return life;
}

std::uint64_t milliseconds_since_1970()
{
    auto const now = std::chrono::system_clock::now().time_since_epoch();
    return static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
}

} // namespace

std::uint64_t random_id()
{
    return random_number() & random_id_mask;
}

engine_config new_life(chart_config const& config, std::uint64_t id)
{
    engine_config result;
    result.own = {id, random_life(), milliseconds_since_1970()};
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
    result.seed = random_number();
    return result;
}

} // namespace rollcast::detail
