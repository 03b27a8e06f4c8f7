// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/chart/chart_config.hpp>
#include <rollcast/receive/subscription_config.hpp>
#include <rollcast/send/publication_config.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace rollcast::cli {

struct common_options {
    bool json = false;
    std::optional<std::chrono::nanoseconds> timeout{};
};

/// Where to write metrics to; without a file nowhere.
struct metrics_options {
    std::filesystem::path file{};
    std::chrono::nanoseconds interval{};
    std::string node_id{};          ///< Empty: inferred from the file.
    std::string extra_flags = "{}"; ///< A JSON object.
};

struct recv_options {
    common_options common{};
    metrics_options metrics{};
    subscription_config config{};
    std::optional<std::uint64_t> count{};
    std::optional<std::size_t> batch{}; ///< Datagrams taken at a time.
    std::chrono::nanoseconds stats{};   ///< Between two lines on stderr; 0: none.
    bool quiet = false;
};

struct send_options {
    common_options common{};
    metrics_options metrics{};
    publication_config config{};
    std::string payload{}; ///< "-" reads standard input, a datagram per line.
    std::optional<std::size_t> size{};
    std::optional<std::uint64_t> count{}; ///< One, or all lines of standard input.
    std::chrono::nanoseconds interval{};  ///< Between two datagrams.
    double rate = 0;                      ///< So many a second on average, unless 0.
    std::optional<std::size_t> batch{};   ///< Datagrams handed over at a time.
    std::chrono::nanoseconds stats{};     ///< As of `recv`.
    bool sequence = false;                ///< Numbers the payloads.
    bool timestamps = false;              ///< With the time of sending; never without `sequence`.
    bool quiet = false;
};

struct chart_options {
    common_options common{};
    chart_config config{};
    bool data_from_input = false; ///< Each line of standard input replaces the data.
    bool sniff = false;
    bool plain = false; ///< Lines, on a terminal, too.
    std::optional<std::size_t> until{};
};

struct list_options {
    common_options common{};
    chart_config config{};
};

struct doctor_options {
    common_options common{};
    std::vector<net::network_interface> interfaces{}; ///< None: all.
    std::optional<asio::ip::address_v4> group_v4 = default_group_v4();
    std::optional<asio::ip::address_v6> group_v6 = default_group_v6();
    net::port_type discovery_port = chart_config().discovery_port;
    std::vector<net::port_type> backup_ports = chart_config().backup_ports;
    std::string name{};              ///< Whose instances are asked for an answer.
    std::chrono::nanoseconds wait{}; ///< For a querier; 0: not at all.
};

/// --help or --version: what to print before ending well.
struct information {
    std::string text{};
};

using options = std::variant<information, recv_options, send_options, chart_options, list_options,
                             doctor_options>;

/// What the user wants, checked and complete; throws a problem of status `wrong_usage`.
options parse(int argc, char const* const* argv);

} // namespace rollcast::cli
