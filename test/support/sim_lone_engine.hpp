// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "announce/codec.hpp"
#include "protocol/engine.hpp"

#include <algorithm>
#include <chrono>
#include <string_view>
#include <vector>

namespace rollcast::test {

inline std::vector<std::byte> bytes_of(std::string_view text)
{
    auto const bytes = std::as_bytes(std::span(text));
    return {bytes.begin(), bytes.end()};
}

/// The bytes of a wire_list of one.
template <class T>
std::vector<std::byte> list_of(T const& value)
{
    std::vector<std::byte> bytes;
    announce::append(bytes, value);
    return bytes;
}

inline bool is_for_all(message_type type)
{
    switch (type) {
    case message_type::hello:
    case message_type::bye:
    case message_type::suspect:
    case message_type::gone:
    case message_type::digest:
    case message_type::query:
        return true;
    default:
        return false;
    }
}

/// Somebody on link 3 whose datagrams a test writes by hand.
struct stranger {
    explicit stranger(std::uint64_t id, std::uint8_t life = 1)
    {
        who.id = id;
        who.life.bytes[0] = life;
        who.incarnation = 1000;
        record.beat_interval = std::chrono::milliseconds(2500);
        record.discovery_port = 8080;
        record.unicast_port_v4 = source.port();
        record.service_ports = {8042};
        record.addresses = {source.address()};
    }

    /// A datagram of this type: what the test wants to say, and whatever else it must have.
    std::vector<std::byte> datagram(message_type type, announcement says = {}) const
    {
        says.type = type;
        says.counter = 1;
        says.who = who;
        auto const packed = announce::pack(record).value();
        if (type == message_type::hello)
            says.record = announce::view_record(packed).value();
        if ((type == message_type::digest || type == message_type::beat) && !says.summary)
            says.summary = summary{};
        if ((type == message_type::ping || type == message_type::beat) && !says.cookie)
            says.cookie = 1;
        if (type == message_type::records && !says.part)
            says.part = part{0, true};
        auto const size = announce::encoded_size(says) + 3;
        bool const asks = type == message_type::hello || type == message_type::ping;
        if (asks && says.padding == 0 && size < question_size)
            says.padding = question_size - size;
        return announce::encode(says, key).value();
    }

    detail::member_ptr as_member() const
    {
        auto const packed = announce::pack(record).value();
        return detail::make_member(who, announce::view_record(packed).value(), key, nullptr);
    }

    static constexpr std::size_t question_size = 136; ///< So that an answer is no longer.

    identity who{};
    rollcast::record record{};
    detail::endpoint source{asio::ip::make_address("10.0.0.99"), 40000};
    unsigned link = 3;
    group_key key{};
};

/// One with an address that nobody else has.
inline stranger on_its_own_host(std::uint64_t id, std::uint8_t life = 1)
{
    stranger who(id, life);
    who.source.address(asio::ip::make_address_v4(0x0a000064 + static_cast<unsigned>(id)));
    who.record.addresses = {who.source.address()};
    return who;
}

/// One engine, with a test in the place of its network: instance 7 on link 3 as 10.0.0.7/24.
class lone_engine {
public:
    explicit lone_engine(std::size_t max_instances = 4096,
                         std::chrono::milliseconds detection_time = std::chrono::seconds(10))
        : heart(configured(max_instances, detection_time))
    {
        heart.set_links({on(3)}, now);
    }

    /// A link whose IP versions are those of the addresses.
    static detail::link on(unsigned index, std::vector<net::interface_address> addresses = {
                                               {asio::ip::make_address("10.0.0.7"), 24}})
    {
        detail::link result;
        for (auto const& each : addresses)
            (each.address.is_v4() ? result.unicast_port_v4 : result.unicast_port_v6) = 40007;
        result.index = index;
        result.addresses = std::move(addresses);
        return result;
    }

    /// Starts it and lets its introduction go by.
    void settle_in()
    {
        heart.start(now);
        pass(std::chrono::seconds(1));
        heart.take_outgoing();
    }

    /// Whoever says what its chart amounts to agrees with ours, unless the test says otherwise.
    void hear(stranger const& who, message_type type, announcement says = {})
    {
        if ((type == message_type::digest || type == message_type::beat) && !says.summary)
            says.summary = own_summary();
        heart.receive(who.datagram(type, says), {who.link, who.source, is_for_all(type)}, now);
    }

    void hear_attempt(stranger const& who, std::uint8_t attempt)
    {
        announcement says;
        says.attempt = attempt;
        hear(who, message_type::hello, says);
    }

    /// A list of one subject.
    void hear_about(stranger const& who, message_type type, identity const& subject)
    {
        auto const subjects = list_of(subject);
        announcement says;
        says.subjects = wire_list<identity>(subjects);
        hear(who, type, says);
    }

    /// The answer to a ping, which shows that it receives at its address.
    void hear_proof(stranger const& who)
    {
        announcement says;
        says.echo = heart.segments().front()->own_voice().cookie(who.source, now);
        hear(who, message_type::ack, says);
    }

    /// Charts one that has shown that it receives at its address; clears what was said and told.
    void chart(stranger const& who)
    {
        hear(who, message_type::hello);
        hear_proof(who);
        pass(std::chrono::milliseconds(100));
        hear(who, message_type::beat);
        heart.take_outgoing();
        heart.take_events();
    }

    /// Lets time pass in which this one beats.
    void pass_with(stranger const& who, detail::duration how_long)
    {
        for (auto const end = now + how_long; now < end;) {
            hear(who, message_type::beat);
            pass(std::min<detail::duration>(end - now, who.record.beat_interval / 2));
        }
    }

    summary own_summary() const { return heart.segments().front()->own_voice().summary(); }

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

    /// To be moved, not copied: what was said is a view of how.
    struct said {
        announcement what;
        detail::outgoing how;
    };

    /// What it sent since the last call.
    std::vector<said> sent()
    {
        std::vector<said> all;
        for (auto& each : heart.take_outgoing()) {
            auto const what = announce::decode(each.bytes, group_key()).value();
            all.push_back({what, std::move(each)});
        }
        return all;
    }

    /// What of this type it sent since the last call.
    std::vector<said> sent(message_type type)
    {
        auto all = sent();
        std::erase_if(all, [&](said const& each) { return each.what.type != type; });
        return all;
    }

    static std::vector<message_type> types(std::vector<said> const& all)
    {
        std::vector<message_type> result;
        for (auto const& each : all)
            result.push_back(each.what.type);
        return result;
    }

    detail::time_point now{std::chrono::hours(24)};
    detail::engine heart;

private:
    static detail::engine_config configured(std::size_t max_instances,
                                            std::chrono::milliseconds detection_time)
    {
        detail::engine_config config;
        config.own = {7, {{7}}, 1000};
        config.service_ports = {9000};
        config.discovery_port = 8080;
        config.detection_time = detection_time;
        config.max_instances = max_instances;
        config.seed = 1;
        return config;
    }
};

} // namespace rollcast::test
