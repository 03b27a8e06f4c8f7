// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "cli/jitter.hpp"
#include "cli/numbering.hpp"

#include <rollcast/net/packet.hpp>

#include <boost/asio/ip/udp.hpp>

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>

namespace rollcast::cli {

namespace asio = boost::asio;

/// What became of numbered payloads on their way, each run of a sender judged by itself.
class numbered_arrivals {
public:
    /// @param at  When it came; what has no time of its own has no part in the jitter.
    void hear(asio::ip::udp::endpoint const& source, mark const& which,
              std::optional<kernel_time> at);

    bool any() const noexcept { return !runs_.empty(); }

    /// Between the first and the last number of each run.
    std::uint64_t missing() const noexcept;
    std::uint64_t repeated() const noexcept { return repeated_; }

    /// Those that came behind a higher number, by RFC 4737, 3.3.
    std::uint64_t reordered() const noexcept { return reordered_; }

    /// The greatest of all runs, as far as it is known of any.
    std::optional<seconds_double> jitter_of_all() const noexcept;

    /// The greatest of those that were heard since this was asked before.
    std::optional<seconds_double> take_recent_jitter() noexcept;

private:
    // A payload that comes later than so many others counts as missing: whether it is the first of
    // its number is no longer known.
    static constexpr std::size_t window = 4096;
    static constexpr std::size_t most_runs = 1024;

    struct run {
        std::uint64_t first = 0;
        std::uint64_t last = 0;
        std::uint64_t heard = 0;
        std::bitset<window> seen{};
        jitter variation{};
        bool is_recent = false; ///< Heard since the jitter was taken.

        void advance_to(std::uint64_t number) noexcept;
    };

    run* run_of(asio::ip::udp::endpoint const& source, mark const& which);

    std::map<std::pair<asio::ip::udp::endpoint, std::uint32_t>, run> runs_;
    std::uint64_t repeated_ = 0;
    std::uint64_t reordered_ = 0;
};

} // namespace rollcast::cli
