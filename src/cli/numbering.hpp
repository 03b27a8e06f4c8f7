// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/net/packet.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace rollcast::cli {

/// At the head of a numbered payload, as in "#1f3a9c07:17 hello" or, with the time of sending,
/// "#1f3a9c07:17:1764489600123456 hello": which run of a sender it belongs to, and the how-manieth
/// it is, from 0.
struct mark {
    std::uint32_t run = 0;
    std::uint64_t number = 0;
    std::optional<std::uint64_t> sent_at{}; ///< Microseconds since 1970 by the sender's clock.
};

std::optional<mark> read_mark(std::span<std::byte const> payload);

/// Numbers the payloads of one run of a sender.
class numbering {
public:
    /// Bytes before the payload; no clock of nanoseconds in 64 bits has more than 16 digits of
    /// microseconds.
    static constexpr std::size_t longest_mark(bool with_time) { return with_time ? 48 : 31; }

    explicit numbering(std::uint32_t run, std::uint64_t first = 0) : run_(run), count_(first) {}

    std::string next(std::string_view payload, std::optional<kernel_time> sent_at = std::nullopt);

private:
    std::uint32_t run_;
    std::uint64_t count_;
};

} // namespace rollcast::cli
