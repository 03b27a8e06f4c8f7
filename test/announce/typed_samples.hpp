// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/announce/typed.hpp>

#include <limits>

namespace rollcast::test {

BOOST_DEFINE_ENUM_CLASS(phase, starting, ready, draining)

enum class zone : std::uint8_t { eu = 1, us = 200 };
BOOST_DESCRIBE_ENUM(zone, eu, us)

enum class offset : std::int64_t {
    lowest = std::numeric_limits<std::int64_t>::min(),
    highest = std::numeric_limits<std::int64_t>::max(),
};
BOOST_DESCRIBE_ENUM(offset, lowest, highest)

struct nothing {
    friend bool operator==(nothing const&, nothing const&) = default;
};
BOOST_DESCRIBE_STRUCT(nothing, (), ())

struct point {
    std::int32_t x;
    std::int32_t y;

    friend auto operator<=>(point const&, point const&) = default;
};
BOOST_DESCRIBE_STRUCT(point, (), (x, y))

struct named {
    std::string name;

    friend bool operator==(named const&, named const&) = default;
};
BOOST_DESCRIBE_STRUCT(named, (), (name))

struct service : named {
    phase state = phase::starting;
    std::optional<zone> home{};
    std::vector<bool> slots{};
    std::array<std::uint8_t, 4> address{};
    std::map<std::string, std::vector<point>> routes{};
    std::unordered_map<std::uint16_t, double> loads{};

    friend bool operator==(service const&, service const&) = default;
};
BOOST_DESCRIBE_STRUCT(service, (named), (state, home, slots, address, routes, loads))

struct renamed : named {
    std::string name;

    friend bool operator==(renamed const&, renamed const&) = default;
};
BOOST_DESCRIBE_STRUCT(renamed, (named), (name))

struct tree {
    std::vector<tree> children{};

    friend bool operator==(tree const&, tree const&) = default;
};
BOOST_DESCRIBE_STRUCT(tree, (), (children))

/// A tree of one branch.
tree chain_of(unsigned length);

/// Uses every member.
service busy_service();

/// A value, without its type.
struct typed_sample {
    std::vector<std::byte> bytes; ///< What it encodes to.
    bool survives;                ///< Whether they decode to an equal value.

    /// Encodes again what the input decodes to as the value's type. Throws std::logic_error if
    /// that holds an enumerator that is not described.
    result<std::vector<std::byte>> (*recode)(std::span<std::byte const> input);
};

/// Values of every kind of type that has a wire form.
std::vector<typed_sample> const& typed_samples();

} // namespace rollcast::test
