// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "announce/announcement.hpp"
#include "announce/codec.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

// Announcements without views, to compare them and to keep them longer than their datagram.

namespace rollcast::test {

/// A record, what its view says of it, and the bytes in which it is handed on.
struct record_meaning {
    std::uint32_t sequence;
    std::chrono::milliseconds beat_interval;
    std::vector<std::byte> packed;
    record whole;

    explicit record_meaning(record_view const& of)
        : sequence(of.sequence),
          beat_interval(of.beat_interval),
          packed(of.bytes.begin(), of.bytes.end()),
          whole(announce::unpack(of))
    {
    }
    friend bool operator==(record_meaning const&, record_meaning const&) = default;
};

struct member_meaning {
    identity who;
    bool proven;
    record_meaning about;

    explicit member_meaning(member_view const& of)
        : who(of.who), proven(of.proven), about(of.record)
    {
    }
    friend bool operator==(member_meaning const&, member_meaning const&) = default;
};

struct ended_meaning {
    identity who;
    bool left;
    std::chrono::milliseconds age;

    explicit ended_meaning(ended_member const& of) : who(of.who), left(of.left), age(of.age) {}
    friend bool operator==(ended_meaning const&, ended_meaning const&) = default;
};

struct meaning {
    message_type type;
    std::uint64_t counter;
    identity who;
    std::uint8_t attempt;
    bool observer;
    std::optional<record_meaning> about{};
    std::optional<summary> sum;
    std::optional<std::uint64_t> cookie;
    std::optional<std::uint64_t> echo;
    std::optional<part> which;
    std::vector<identity> subjects;
    std::vector<member_meaning> members{};
    std::vector<ended_meaning> ended{};
    std::vector<std::byte> buckets;
    std::vector<std::byte> differing;
    std::uint16_t counting;
    std::size_t padding;

    explicit meaning(announcement const& of)
        : type(of.type),
          counter(of.counter),
          who(of.who),
          attempt(of.attempt),
          observer(of.observer),
          sum(of.summary),
          cookie(of.cookie),
          echo(of.echo),
          which(of.part),
          subjects(of.subjects.begin(), of.subjects.end()),
          buckets(of.buckets.begin(), of.buckets.end()),
          differing(of.differing.begin(), of.differing.end()),
          counting(of.counting),
          padding(of.padding)
    {
        if (of.record)
            about.emplace(*of.record);
        for (auto const& each : of.members)
            members.emplace_back(each);
        for (auto const& each : of.ended)
            ended.emplace_back(each);
    }
    friend bool operator==(meaning const&, meaning const&) = default;
};

} // namespace rollcast::test
