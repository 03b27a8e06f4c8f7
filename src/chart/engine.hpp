// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "chart/link.hpp"
#include "chart/random_source.hpp"
#include "chart/schedule.hpp"
#include "chart/table.hpp"

#include <rollcast/announce/group_key.hpp>
#include <rollcast/metrics/counters.hpp>

#include <span>
#include <string_view>
#include <vector>

namespace rollcast::detail {

struct engine_config {
    identity own{};
    std::vector<net::port_type> service_ports{};
    std::vector<std::byte> data{};
    group_key key{};
    net::port_type discovery_port = 0;
    std::chrono::milliseconds detection_time{};
    std::size_t max_instances = 0;
    std::uint64_t seed = 0;
};

/// The whole protocol without sockets, clocks and threads.
///
/// In go datagrams, the passing of time and the wishes of the application; out come datagrams,
/// events and the time of the next `advance`. Every call takes the time, which never goes back.
class engine {
public:
    explicit engine(engine_config config);

    void start(time_point now);
    void listen_only(time_point now); ///< Instead of start: never sends.
    void leave(time_point now);
    bool is_leaving() const noexcept { return schedule_.is_leaving() && !schedule_.has_left(); }

    void set_links(std::vector<link> links, time_point now);
    error_code update(std::span<std::byte const> data, time_point now);

    void receive(std::span<std::byte const> datagram, arrival const& from, time_point now);
    void advance(time_point now);
    std::optional<time_point> next_deadline() const;

    std::vector<outgoing> take_outgoing();
    std::vector<event> take_events();

    /// A goodbye for every link, at once and without a schedule.
    std::vector<outgoing> last_words();

    std::size_t size() const noexcept { return table_.alive() + 1; }
    table const& others() const noexcept { return table_; }
    bool forget(std::uint64_t id) { return table_.forget(id); }
    std::vector<std::byte> const& data() const noexcept { return config_.data; }
    identity const& own() const noexcept { return config_.own; }
    chart_counters& counters() noexcept { return counters_; }

private:
    enum class mode { idle, announcing, silent };

    void hear(announcement const& heard, arrival const& from, time_point now);
    void hear_own_id(announcement const& heard, arrival const& from, time_point now);
    void answer(announcement const& heard, arrival const& from);
    void count(error_code const& why);
    void count(table::verdict verdict);
    void transmit_due(time_point now);
    void ask(std::uint64_t silent);
    void unicast(message_type type, arrival const& to);
    void multicast(schedule::transmission const& what);
    std::vector<std::byte> encode(message_type type, std::uint8_t attempt, link const& on);
    record own_record(link const& on) const;

    engine_config config_;
    random_source random_;
    table table_;
    schedule schedule_;
    mode mode_ = mode::idle;
    std::vector<link> links_;
    std::uint32_t sequence_ = 0;
    std::uint64_t counter_ = 0;
    time_point started_{};
    std::optional<time_point> conflict_told_;
    std::vector<outgoing> outgoing_;
    chart_counters counters_;
};

} // namespace rollcast::detail
