// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/export.hpp>

#include <boost/describe/class.hpp>

#include <array>
#include <cstdint>
#include <iosfwd>
#include <string>

namespace rollcast {

/// Identifies one run of one instance: 128 random bits, drawn at start. Two runs with one id are
/// told apart by it, and the order of lives means nothing.
struct life_id {
    std::array<std::uint8_t, 16> bytes{};

    friend auto operator<=>(life_id const&, life_id const&) = default;
};
BOOST_DESCRIBE_STRUCT(life_id, (), (bytes))

ROLLCAST_EXPORT std::string to_string(life_id const& value); ///< 32 hexadecimal digits.
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, life_id const& value);

} // namespace rollcast
