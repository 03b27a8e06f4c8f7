// SPDX-License-Identifier: BSL-1.0
#include "chart/crowd.hpp"
#include "announce/codec.hpp"

#include <cstring>

namespace rollcast::bench {
namespace {

constexpr unsigned link_index = 3;
constexpr net::port_type unicast_port = 40000;
constexpr auto detection_time = std::chrono::seconds(10);

asio::ip::address address_of(std::size_t who)
{
    return asio::ip::address_v4(0x0a010000 + static_cast<std::uint32_t>(who));
}

identity identity_of(std::uint64_t id)
{
    identity who;
    who.id = id;
    std::memcpy(who.life.bytes.data(), &id, sizeof id);
    who.incarnation = 1'700'000'000'000;
    return who;
}

detail::engine_config config_for(std::size_t others)
{
    detail::engine_config config;
    config.own = identity_of(1'000'000);
    config.service_ports = {8042};
    config.discovery_port = 8080;
    config.detection_time = detection_time;
    config.max_instances = others;
    config.seed = 1;
    return config;
}

detail::link only_link()
{
    return {link_index, {{asio::ip::make_address("10.0.0.1"), 8}}, unicast_port, 0};
}

} // namespace

crowd::crowd(std::size_t others, std::size_t data_size)
    : data_size_(data_size), chart_(config_for(others))
{
    for (std::size_t who = 0; who < others; ++who)
        others_.push_back({identity_of(who + 1), record_of(who, 0)});
    chart_.set_links({only_link()}, now_);
}

std::vector<std::byte> crowd::record_of(std::size_t who, std::uint32_t sequence) const
{
    record value;
    value.sequence = sequence;
    value.beat_interval = detection_time / 4;
    value.discovery_port = 8080;
    value.unicast_port_v4 = unicast_port;
    value.service_ports = {8042};
    value.addresses = {address_of(who)};
    value.data.assign(data_size_, static_cast<std::byte>(sequence));
    return announce::pack(value).value();
}

void crowd::introduce_all()
{
    for (auto const& each : others_)
        chart_.preload(each.who, announce::view_record(each.packed).value(), now_);
    chart_.start_settled(now_);
}

std::vector<std::byte> crowd::beat(std::size_t who)
{
    announcement value;
    value.type = message_type::beat;
    value.counter = ++counter_;
    value.who = others_[who].who;
    value.summary = chart_.segments().front()->own_voice().summary();
    value.cookie = counter_;
    return announce::encode(value, group_key()).value();
}

std::vector<std::byte> crowd::hello(std::size_t who, std::uint32_t sequence)
{
    auto const packed = record_of(who, sequence);
    announcement value;
    value.type = message_type::hello;
    value.counter = ++counter_;
    value.who = others_[who].who;
    value.record = announce::view_record(packed).value();
    return announce::encode(value, group_key()).value();
}

detail::arrival crowd::source(std::size_t who, bool multicast) const
{
    return {link_index, {address_of(who), unicast_port}, multicast};
}

} // namespace rollcast::bench
