// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "protocol/engine.hpp"
#include "support/sim_agenda.hpp"
#include "support/sim_cast.hpp"
#include "support/sim_invariants.hpp"
#include "support/sim_slab.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
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
    bool loopback = false; ///< It joins the instances of one host.
    bool strict = false;   ///< Nobody hears IPv4 multicast from a subnet of others (`rp_filter`).
};

/// How a device repeats on another segment what is said on one.
struct repetition {
    duration delay{};         ///< Beside that of the other segment.
    bool keeps_source = true; ///< Otherwise multicasts seem to come from the device.
    bool unicast = true;      ///< It passes that on as well.
};

/// An address of a host on a segment. IPv4 reaches its own subnets only, and so does IPv6 beyond
/// the link-local addresses.
struct simulated_address {
    asio::ip::address address;
    unsigned prefix_length = 24;
    bool answers = true; ///< Otherwise what is sent to it does not arrive.
    bool deprecated = false;
    bool temporary = false;
};

constexpr net::port_type main_port = 8080;
constexpr std::array<net::port_type, 2> backup_ports{61345, 61346};

/// What an instance is configured as.
struct simulated_config {
    std::uint64_t id = 0; ///< 0 means its number + 1.
    std::vector<unsigned> segments{0};
    std::chrono::milliseconds detection_time = std::chrono::seconds(10);
    std::vector<net::port_type> service_ports{8042};
    std::vector<std::string> port_names{};
    net::port_type discovery_port = main_port; ///< The main one or one of `backup_ports`.
    std::string data{};
    std::string name{};
    std::size_t max_instances = 4096;
    std::chrono::milliseconds clock_error{}; ///< Of the wall clock its lives are dated by.
    bool terse_events = false; ///< Events tell only of whom they are, and are counted, not kept.
    bool observer = false;
    bool foreign =
        false; ///< Its datagrams keep the letter of the document only: see `in_other_words`.
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
///
/// Charts share what they know alike, so that ten thousand of them fit into memory. Unless asked
/// not to, the network checks all the time what must be true of every chart (`sim_invariants`).
class simulated_network {
public:
    enum class checks { on, off };

    explicit simulated_network(std::uint64_t seed, checks how = checks::on);

    unsigned add_segment(conditions how = {});
    conditions& segment(unsigned which) { return segments_.at(which).how; }
    /// A reflector or a bridge, one way. What is repeated is not repeated again.
    void repeat(unsigned from, unsigned to, repetition how = {});
    /// Both are the same wire: a host on both has two interfaces there.
    void join(unsigned a, unsigned b);

    /// Neither starts it nor says anything; `add_many` numbers ids from 1.
    std::size_t add(simulated_config config = {});
    void add_many(std::size_t count, simulated_config const& config = {});

    void start(std::size_t who); ///< Or lets it observe, if it is to.
    void listen_only(std::size_t who);
    void start_all();
    /// Starts all who have not been started as if they had known each other for long.
    void complete();
    void crash(std::size_t who);   ///< Without a word, and for good unless restarted.
    void restart(std::size_t who); ///< A new process of the same configuration.
    void leave(std::size_t who);
    void pause(std::size_t who);  ///< A stopped process: it neither acts nor hears.
    void resume(std::size_t who); ///< Late deadlines come first, then what has queued up.
    void update(std::size_t who, std::string_view data);
    void announce(std::size_t who, bool on);
    bool forget(std::size_t who, std::uint64_t id);
    void attach(std::size_t who, unsigned segment);
    void detach(std::size_t who, unsigned segment);
    /// In the place of the addresses that the segment would give it; its first IPv4 address is that
    /// which multicast leaves from.
    void set_addresses(std::size_t who, unsigned segment, std::vector<simulated_address> all);
    /// From now on this one does not answer, or does again; nobody is told.
    void silence(asio::ip::address const& which, bool on);
    bool answers(asio::ip::address const& which) const; ///< Whether somebody has it who does.
    /// Whether what an application sends to this address of the other one's arrives there.
    bool reaches(std::size_t from, std::size_t to, asio::ip::address const& address) const;
    /// Who is charted with an address first that cannot be reached, though another one can, by
    /// anybody who may ask.
    std::vector<std::string> misplaced();

    /// Counts for the lives it begins from now on.
    void set_clock(std::size_t who, std::chrono::milliseconds error)
    {
        at(who).config.clock_error = error;
    }

    /// One way, both what is sent to the group and what is sent to `to` alone.
    void cut(std::size_t from, std::size_t to);
    void cut(std::size_t from, std::size_t to, cast which); ///< One way, and only this.
    /// The same on one segment.
    void cut_on(unsigned segment, std::size_t from, std::size_t to, cast which);
    /// Whether `to` hears what `from` says in this way, as far as cuts go that are on no segment.
    bool hears(std::size_t to, std::size_t from, cast which) const;
    bool hears_on(unsigned segment, std::size_t to, std::size_t from, cast which) const;
    void part(std::vector<std::size_t> const& some, std::vector<std::size_t> const& others);
    void heal()
    {
        cuts_ = {};
        segment_cuts_.clear();
    }

    /// A datagram that no instance has sent reaches one at once, wherever it seems to come from.
    void forge(std::size_t to, std::span<std::byte const> datagram, detail::arrival const& from);
    /// The same, sent to the group: it reaches all who run.
    void forge_to_all(unsigned segment, std::span<std::byte const> datagram,
                      detail::endpoint const& source);

    /// Every datagram is shown before it is carried.
    using observer = std::function<void(std::size_t from, detail::outgoing const& what)>;
    void observe(observer watcher) { observer_ = std::move(watcher); }
    /// Every event is shown to the listener, also those that are not kept.
    using listener = std::function<void(std::size_t who, event const& what)>;
    void listen(listener watcher) { listener_ = std::move(watcher); }

    /// The same, as many at a time as one call of an engine has brought about; it is as they say.
    using reader = std::function<void(std::size_t who, std::span<event const> told)>;
    void read(reader watcher) { reader_ = std::move(watcher); }

    void run_for(duration how_long);
    /// Whether the condition, a fact about charts, came true within the limit.
    bool run_until(std::function<bool()> const& condition, duration limit);
    void after(duration from_now, std::function<void()> action);

    time_point now() const noexcept { return now_; }
    std::size_t count() const noexcept { return instances_.size(); }
    bool is_running(std::size_t who) const { return at(who).state == activity::running; }
    bool is_paused(std::size_t who) const { return at(who).state == activity::paused; }
    detail::engine& engine(std::size_t who) { return *at(who).engine; }
    net::port_type discovery_port_of(std::size_t who) const
    {
        return at(who).config.discovery_port;
    }
    std::uint64_t id(std::size_t who) const { return at(who).config.id; }
    traffic const& traffic_of(std::size_t who) const { return at(who).done; }
    traffic total_traffic() const;
    unsigned link_of(std::size_t who, unsigned segment) const noexcept;
    bool is_on(std::size_t who, unsigned segment) const;
    std::vector<asio::ip::address> addresses_of(std::size_t who, unsigned segment) const;

    std::vector<dated_event> const& events(std::size_t who) const { return at(who).events; }
    /// What `who` was told about the instance, in order; `since` drops what came before.
    std::vector<event_kind> told(std::size_t who, std::uint64_t about, time_point since = {}) const;
    std::size_t times_told(event_kind kind) const; ///< By all instances about all others.
    bool knows(std::size_t who, std::size_t other);
    bool all_know_all(); ///< All who run, of all members who run.
    /// Whether the charts of this segment amount to the same.
    bool all_agree(unsigned segment) const;

private:
    enum class activity { idle, running, paused, ended };

    struct datagram {
        std::size_t from = 0;
        unsigned segment = 0;
        bool v4 = true;
        std::optional<std::size_t> to{}; ///< Otherwise it is for all on the port.
        net::port_type to_port = 0;
        detail::endpoint source{}; ///< Without a scope, which is the receiver's.
        duration late{};           ///< Beyond the delay of the segment.
        std::size_t application = 0;
        std::vector<std::byte> content{};
        std::optional<announcement> meaning{}; ///< Views of the content.
        std::uint32_t users = 0;
        asio::ip::address asked{}; ///< Of the receiver, unless it is for all.
    };

    struct delivery {
        std::uint32_t datagram = 0;
        std::size_t to = 0;
    };

    /// A place on a segment.
    struct seat {
        unsigned segment;
        std::size_t position; ///< Among those who are there.
    };

    /// Where an address is.
    struct place {
        std::size_t owner;
        unsigned segment;
    };

    struct repeater {
        unsigned to;
        repetition how;
    };

    struct simulated_segment {
        conditions how;
        std::vector<std::size_t> present{};
        std::vector<repeater> repeaters{};
    };

    struct simulated_instance {
        simulated_config config;
        std::unique_ptr<detail::engine> engine{};
        activity state = activity::idle;
        bool silent = false;
        bool leaves = false; ///< For good.
        std::size_t application = 0;
        net::port_type port = 0;
        std::vector<seat> seats{};
        std::optional<time_point> armed{}; ///< When the agenda wakes it.
        bool overslept = false;
        bool replugged = false;              ///< While it slept.
        std::deque<std::uint32_t> backlog{}; ///< Datagrams.
        std::vector<dated_event> events{};
        std::array<std::size_t, 32> events_told{}; ///< By kind.
        std::size_t overdue_in_a_row = 0;
        traffic done{};
    };

    simulated_instance& at(std::size_t who) { return *instances_.at(who); }
    simulated_instance const& at(std::size_t who) const { return *instances_.at(who); }

    static std::uint64_t pair_of(std::size_t from, std::size_t to) noexcept
    {
        return std::uint64_t{from} << 32 | to;
    }

    void create(std::size_t who);
    detail::engine_config engine_config_of(std::size_t who);
    std::size_t application_of(std::string const& name);
    void introduce_all_to(std::size_t who);
    void take_seats(std::size_t who);
    void leave_seats(std::size_t who);
    void replug(std::size_t who);
    void renew_links(std::size_t who);
    void end_if_gone(std::size_t who);
    std::vector<detail::link> links_of(std::size_t who) const;
    bool has_version(unsigned segment, bool v4) const;
    bool has_version(std::size_t who, unsigned segment, bool v4) const;
    std::vector<simulated_address> const* given_to(std::size_t who, unsigned segment) const;
    std::optional<asio::ip::address> source_for(std::size_t who, unsigned segment, bool v4,
                                                detail::outgoing const& what) const;
    std::optional<asio::ip::address> source_to(std::size_t who, unsigned segment,
                                               asio::ip::address const& destination) const;
    bool accepts_source(std::size_t who, datagram const& what) const;
    asio::ip::address address_of(std::size_t who, unsigned segment, bool v4) const;
    asio::ip::address seen_by(std::size_t who, unsigned segment, asio::ip::address address) const;
    std::optional<std::size_t> owner_of(asio::ip::address const& address, unsigned segment) const;
    std::optional<place> place_of(asio::ip::address const& address, unsigned from) const;
    detail::segment const* chart_of(std::size_t who, unsigned segment) const;

    void settle(std::size_t who);
    void note(std::size_t who, event what);
    void arm(std::size_t who);
    void wake(std::size_t who, time_point at);
    void rouse(std::size_t who);
    void advance(std::size_t who);

    void carry(std::size_t from, detail::outgoing what);
    void carry_by(bool v4, std::size_t from, unsigned segment, detail::outgoing const& what);
    void carry_to(net::port_type port, bool v4, std::size_t from, unsigned segment,
                  detail::outgoing const& what);
    void direct(datagram& what, asio::ip::address const& to) const;
    void repeat(std::uint32_t index, repeater const& by);
    void post(std::uint32_t index);
    void post_to(std::size_t to, std::uint32_t index);
    void arrive(std::uint32_t index);
    void arrive_at(std::size_t to, std::uint32_t index);
    void take_in(std::size_t to, std::uint32_t index);
    void hear(std::size_t to, datagram const& what);
    int copies_on(unsigned segment);
    void release(std::uint32_t index);
    void step();
    void inspect();

    std::uint64_t seed_;
    detail::random_source random_;
    time_point now_;
    detail::member_pool pool_; ///< Outlives the charts.
    std::vector<simulated_segment> segments_;
    std::vector<std::unique_ptr<simulated_instance>> instances_;
    std::vector<group_key> applications_;
    std::vector<std::string> application_names_;
    using cuts = std::array<std::unordered_set<std::uint64_t>, 2>; ///< By cast.
    cuts cuts_;
    std::map<unsigned, cuts> segment_cuts_;
    std::map<std::pair<std::size_t, unsigned>, std::vector<simulated_address>> given_;
    std::set<net::port_type> discovery_ports_; ///< Where anybody hears the group.
    agenda agenda_;
    slab<datagram> datagrams_;
    slab<delivery> deliveries_;
    slab<std::function<void()>> actions_;
    std::optional<sim_invariants> invariants_;
    time_point next_inspection_{};
    std::uint64_t changes_ = 0; ///< Of charts.
    std::size_t laggard_ = 0;   ///< Who was found last not to know all.
    observer observer_;
    listener listener_;
    reader reader_;
};

} // namespace rollcast::test
