// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "chart/engine.hpp"

#include <rollcast/announce/codec.hpp>

#include <chrono>
#include <string_view>
#include <vector>

namespace rollcast::test {

inline std::vector<std::byte> bytes_of(std::string_view text)
{
    auto const bytes = std::as_bytes(std::span(text));
    return {bytes.begin(), bytes.end()};
}

inline asio::ip::address without_scope(asio::ip::address const& value)
{
    return value.is_v4() ? value : asio::ip::address_v6(value.to_v6().to_bytes());
}

/// Somebody on link 3 whose datagrams a test writes by hand.
struct stranger {
    explicit stranger(std::uint64_t id, std::uint8_t life = 1)
    {
        says.who.id = id;
        says.who.life.bytes[0] = life;
        says.who.incarnation = 1000;
        says.record = record{};
        says.record->beat_interval = std::chrono::milliseconds(2500);
        says.record->discovery_port = 8080;
        says.record->service_ports = {8042};
        says.record->addresses = {source.address()};
    }

    std::vector<std::byte> datagram(message_type type, std::uint8_t attempt = 0) const
    {
        auto value = says;
        value.type = type;
        value.attempt = attempt;
        if (type == message_type::bye)
            value.record.reset();
        return announce::encode(value, key).value();
    }

    announcement says{};
    asio::ip::udp::endpoint source{asio::ip::make_address("10.0.0.99"), 40000};
    unsigned link = 3;
    group_key key{};
};

/// One engine, with a test in the place of its network: instance 7 on link 3 as 10.0.0.7/24.
class lone_engine {
public:
    explicit lone_engine(std::size_t max_instances = 4096) : heart(configured(max_instances))
    {
        heart.set_links({on(3)}, now);
    }

    static detail::link on(unsigned index)
    {
        return {index, {{asio::ip::make_address("10.0.0.7"), 24}}};
    }

    void hear(stranger const& who, message_type type, std::uint8_t attempt = 0)
    {
        heart.receive(who.datagram(type, attempt), {who.link, who.source}, now);
    }

    /// Lets time pass, with the engine called whenever it wants to be; returns how often.
    std::size_t pass(detail::duration how_long)
    {
        auto const end = now + how_long;
        std::size_t calls = 0;
        for (auto due = heart.next_deadline(); due && *due <= end; due = heart.next_deadline()) {
            now = std::max(now, *due);
            heart.advance(now);
            ++calls;
        }
        now = end;
        return calls;
    }

    /// What it was told to tell since the last call.
    std::vector<event_kind> news()
    {
        std::vector<event_kind> kinds;
        for (auto& each : heart.take_events())
            kinds.push_back(each.kind);
        return kinds;
    }

    struct said {
        announcement what;
        detail::outgoing how;
    };

    /// What it sent since the last call.
    std::vector<said> sent()
    {
        std::vector<said> all;
        for (auto& each : heart.take_outgoing())
            all.push_back({announce::decode(each.bytes, group_key()).value(), each});
        return all;
    }

    detail::time_point now{std::chrono::hours(24)};
    detail::engine heart;

private:
    static detail::engine_config configured(std::size_t max_instances)
    {
        detail::engine_config config;
        config.own = {7, {{7}}, 1000};
        config.service_ports = {9000};
        config.discovery_port = 8080;
        config.detection_time = std::chrono::seconds(10);
        config.max_instances = max_instances;
        config.seed = 1;
        return config;
    }
};

} // namespace rollcast::test
