// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "chart/engine.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace rollcast::test {

using detail::duration;
using detail::time_point;

/// How a segment treats the datagrams on it; every receiver of a multicast has luck of its own.
struct conditions {
    duration delay = std::chrono::milliseconds(1);
    duration jitter{}; ///< Up to this much more, so that later datagrams may overtake.
    double loss = 0;
    double duplication = 0;
    bool ipv4 = true;
    bool ipv6 = false;
};

/// What an instance is configured as.
struct simulated_config {
    std::uint64_t id = 0; ///< 0 means its number + 1.
    std::vector<unsigned> segments{0};
    std::chrono::milliseconds detection_time = std::chrono::seconds(10);
    std::vector<net::port_type> service_ports{8042};
    std::string data{};
    std::string name{};
    std::size_t max_instances = 4096;
    std::chrono::milliseconds clock_error{}; ///< Of the wall clock its lives are dated by.
};

/// What an instance did.
struct traffic {
    std::uint64_t multicasts = 0; ///< One for every IP version of every link.
    std::uint64_t unicasts = 0;
    std::uint64_t bytes_sent = 0;
    std::uint64_t received = 0; ///< Without what it sent itself.
    std::uint64_t advances = 0;
    std::uint64_t overdue = 0; ///< Advances after which the next deadline was not in the future.
};

struct dated_event {
    time_point at;
    event what;
};

/// Charts joined by segments, on virtual time: everything is drawn from one seed, so that the same
/// calls always lead to the same end. Instances go by their number, in the order of `add`.
class simulated_network {
public:
    explicit simulated_network(std::uint64_t seed);

    unsigned add_segment(conditions how = {});
    conditions& segment(unsigned which) { return segments_.at(which); }

    /// Neither starts it nor says anything; `add_many` numbers ids from 1.
    std::size_t add(simulated_config config = {});
    void add_many(std::size_t count, simulated_config const& config = {});

    void start(std::size_t who);
    void listen_only(std::size_t who);
    void start_all();
    void crash(std::size_t who);   ///< Without a word, and for good unless restarted.
    void restart(std::size_t who); ///< A new process of the same configuration.
    void leave(std::size_t who);
    void pause(std::size_t who);  ///< A stopped process: it neither acts nor hears.
    void resume(std::size_t who); ///< Late deadlines come first, then what has queued up.
    void update(std::size_t who, std::string_view data);
    bool forget(std::size_t who, std::uint64_t id) { return at(who).engine->forget(id); }
    void attach(std::size_t who, unsigned segment);
    void detach(std::size_t who, unsigned segment);

    void cut(std::size_t from, std::size_t to) { cuts_.emplace(from, to); } ///< One way.
    void part(std::vector<std::size_t> const& some, std::vector<std::size_t> const& others);
    void heal() { cuts_.clear(); }

    /// Every datagram is shown before it is carried.
    using observer = std::function<void(std::size_t from, detail::outgoing const& what)>;
    void observe(observer watcher) { observer_ = std::move(watcher); }

    void run_for(duration how_long);
    /// Whether the condition, a fact about charts, came true within the limit.
    bool run_until(std::function<bool()> const& condition, duration limit);
    void after(duration from_now, std::function<void()> action);

    time_point now() const noexcept { return now_; }
    std::size_t count() const noexcept { return instances_.size(); }
    bool is_running(std::size_t who) const { return at(who).state == activity::running; }
    detail::engine& engine(std::size_t who) { return *at(who).engine; }
    std::uint64_t id(std::size_t who) const { return at(who).config.id; }
    traffic const& traffic_of(std::size_t who) const { return at(who).done; }
    traffic total_traffic() const;
    unsigned link_of(std::size_t who, unsigned segment) const noexcept;
    std::vector<asio::ip::address> addresses_of(std::size_t who, unsigned segment) const;

    std::vector<dated_event> const& events(std::size_t who) const { return at(who).events; }
    /// What `who` was told about the instance, in order; `since` drops what came before.
    std::vector<event_kind> told(std::size_t who, std::uint64_t about, time_point since = {}) const;
    std::size_t times_told(event_kind kind) const; ///< By all instances about all others.
    bool knows(std::size_t who, std::size_t other);
    bool all_know_all(); ///< All who run, of all who run.

private:
    enum class activity { idle, running, paused, ended };
    using bytes = std::shared_ptr<std::vector<std::byte> const>;
    using delivery = std::pair<detail::arrival, bytes>;

    struct datagram {
        std::size_t from;
        unsigned segment;
        bool v4;
        bytes content;
    };

    struct simulated_instance {
        simulated_config config;
        std::unique_ptr<detail::engine> engine{};
        activity state = activity::idle;
        net::port_type port = 0;
        std::optional<time_point> armed{};
        std::uint64_t arming = 0; ///< Numbers what armed was, so that old wakes are recognised.
        bool overslept = false;
        std::deque<delivery> backlog{};
        std::vector<dated_event> events{};
        traffic done{};
    };

    simulated_instance& at(std::size_t who) { return *instances_.at(who); }
    simulated_instance const& at(std::size_t who) const { return *instances_.at(who); }

    void create(std::size_t who);
    void plug(std::size_t who);
    void unplug(std::size_t who);
    std::vector<detail::link> links_of(std::size_t who) const;
    bool is_on(std::size_t who, unsigned segment) const;
    bool has_version(unsigned segment, bool v4) const;
    asio::ip::address address_of(std::size_t who, unsigned segment, bool v4) const;
    asio::ip::address seen_by(std::size_t who, unsigned segment, asio::ip::address address) const;

    void settle(std::size_t who);
    void arm(std::size_t who);
    void wake(std::size_t who, std::uint64_t arming);
    void advance(std::size_t who);
    void carry(std::size_t from, detail::outgoing const& what);
    void carry_on(datagram const& what, std::optional<asio::ip::udp::endpoint> const& to);
    void carry_to(std::size_t to, datagram const& what);
    void deliver(std::size_t to, detail::arrival const& from, bytes const& what);
    void step();

    detail::random_source random_;
    time_point now_;
    std::vector<conditions> segments_;
    std::vector<std::unique_ptr<simulated_instance>> instances_;
    std::map<std::pair<unsigned, asio::ip::udp::endpoint>, std::size_t> mouths_;
    std::set<std::pair<std::size_t, std::size_t>> cuts_;
    std::map<std::pair<time_point, std::uint64_t>, std::function<void()>> agenda_;
    std::uint64_t entries_ = 0; ///< Numbers the agenda: what is due together happens in order.
    std::uint64_t changes_ = 0; ///< Of charts.
    net::port_type next_port_ = 20000;
    observer observer_;
};

} // namespace rollcast::test
