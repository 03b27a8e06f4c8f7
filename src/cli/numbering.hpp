// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <boost/asio/ip/udp.hpp>

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace rollcast::cli {

namespace asio = boost::asio;

/// At the head of a numbered payload, as in "#1f3a9c07:17 hello": which run of a sender it belongs
/// to, and the how-manieth it is, from 0.
struct mark {
    std::uint32_t run = 0;
    std::uint64_t number = 0;
};

std::optional<mark> read_mark(std::span<std::byte const> payload);

/// Numbers the payloads of one run of a sender.
class numbering {
public:
    static constexpr std::size_t longest_mark = 31; ///< Bytes before the payload.

    numbering();

    std::string next(std::string_view payload);

private:
    std::uint32_t run_;
    std::uint64_t count_ = 0;
};

/// What is missing among numbered payloads, between the first and the last one of each run.
class gap_counter {
public:
    void hear(asio::ip::udp::endpoint const& source, mark const& which);

    bool any() const noexcept { return !runs_.empty(); }
    std::uint64_t missing() const noexcept;
    std::uint64_t duplicates() const noexcept { return duplicates_; }

private:
    // A payload that comes later than so many others counts as missing.
    static constexpr std::size_t window = 4096;
    static constexpr std::size_t most_runs = 1024;

    struct run {
        std::uint64_t first = 0;
        std::uint64_t last = 0;
        std::uint64_t heard = 0;
        std::bitset<window> seen{};
    };

    std::map<std::pair<asio::ip::udp::endpoint, std::uint32_t>, run> runs_;
    std::uint64_t duplicates_ = 0;
};

} // namespace rollcast::cli
