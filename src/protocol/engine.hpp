// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "protocol/address_book.hpp"
#include "protocol/former_lives.hpp"
#include "protocol/link.hpp"
#include "protocol/objections.hpp"
#include "protocol/onlookers.hpp"
#include "protocol/own_past.hpp"
#include "protocol/segment.hpp"
#include "protocol/self.hpp"
#include "protocol/shared_wires.hpp"

#include <rollcast/chart/event.hpp>
#include <rollcast/metrics/counters.hpp>

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace rollcast::detail {

/// The whole protocol without sockets, clocks and threads: a segment for each link, and what all
/// segments know together.
///
/// In go datagrams, the passing of time and the wishes of the application; out come datagrams,
/// events and the time of the next `advance`. Every call takes the time, which never goes back.
class engine final : public census {
public:
    explicit engine(engine_config config);

    void start(time_point now);
    void listen_only(time_point now); ///< Instead of start: never sends.
    void observe(time_point now);     ///< Instead of start: asks, and is no member.
    void leave(time_point now);

    /// This machine has slept: others may hold us gone, and their silence means nothing.
    void wake_up(duration slept, time_point now);

    /// Asks anew on all links who is there, by hello or query.
    void discover(time_point now);
    /// Instead of start: listens until `announce` is called.
    void start_withdrawn(time_point now);
    /// Off: says goodbye and goes on listening. On: comes back from that. An observer becomes a
    /// member when it is on, and an observer again when it is off.
    void announce(bool on, time_point now);
    /// Whether this instance answers newcomers; other members may do so as well.
    void reply(bool on) noexcept { self_.replies = on; }

    bool is_leaving() const noexcept; ///< Goodbyes are still to be said.
    bool observes() const noexcept { return self_.observes; }

    /// The port where we hear the group, which may be a backup port; before anything is said.
    void meet_at(net::port_type port) { self_.config.discovery_port = port; }
    void set_links(std::vector<link> links, time_point now);
    error_code update(std::span<std::byte const> data, time_point now);

    void receive(std::span<std::byte const> datagram, arrival const& from, time_point now);
    /// The same for a datagram decoded already.
    void hear(announcement const& heard, std::size_t bytes, arrival const& from, time_point now);
    void advance(time_point now);
    std::optional<time_point> next_deadline() const;

    std::vector<outgoing> take_outgoing();
    std::vector<event> take_events();

    /// A goodbye for every link, at once and without a schedule.
    std::vector<outgoing> last_words();

    /// This instance included, unless it observes.
    std::size_t size() const noexcept { return others_ + !self_.observes; }
    /// Heard in the last minute.
    std::size_t observers(time_point now) const { return onlookers_.count(now); }
    /// Whether on each link the instance heard last has told the same members as this chart's;
    /// false where none was heard.
    bool agrees() const;
    std::vector<instance> snapshot() const; ///< In the order of ids.
    std::optional<instance> describe(std::uint64_t id) const;
    /// The best address of every instance that has such a service port, in the order of ids.
    address_book::page best_addresses(address_book::port const& which);
    bool forget(std::uint64_t id);

    std::vector<std::byte> const& data() const noexcept { return self_.config.data; }
    identity const& own() const noexcept { return self_.config.own; }
    int local_health() const noexcept { return self_.local_health.factor(); }
    chart_counters& counters() noexcept { return self_.counters; }
    std::vector<std::unique_ptr<segment>> const& segments() const noexcept { return segments_; }

    // For simulations, to begin where a long start would lead.
    void start_settled(time_point now);
    void preload(identity const& who, record_view const& told, time_point now);
    record_view own_view(unsigned link_index) const;

private:
    bool has_room(std::uint64_t id, bool proven) const override;
    void begin(self_state::mode what, void (segment::*how)(time_point), time_point now);
    segment* find_segment(unsigned link_index) const noexcept;
    std::size_t count_unproven_ids() const;
    std::size_t unproven_ids() const;
    bool regroup(std::vector<link> const& links, time_point now);
    void tell_of_moves(std::vector<instance> const& before);
    void open_segment(link on, time_point now);
    void close_segments(time_point now);
    time_point close_time(segment const& which) const noexcept;
    void enter(time_point now);
    void note_lateness(time_point now);
    void settle(time_point now);
    void publish_changes(segment& where, time_point now);
    void publish(segment& where, change const& what, time_point now);
    bool is_held_elsewhere(segment const& where, std::uint64_t id) const noexcept;
    bool was_gone_elsewhere(segment const& where, identity const& who) const noexcept;
    bool is_old_news(segment const& where, change const& what) const;
    bool changes_nothing(segment const& where, change const& what) const;
    member const& latest(segment const& where, member const& on_this_link) const;
    member const* latest(segment const& where, identity const& who,
                         member const* on_this_link) const;
    bool has_lost(identity const& who) const noexcept;
    std::optional<life_id> charted_life(std::uint64_t id) const;
    void note_disagreement(segment const& where, change const& what);
    bool settle_claim(std::uint64_t id);
    void forget_settled_claims();
    bool pass_goodbye_on(segment const& where, identity const& who, time_point now);
    instance describe_for_event(std::uint64_t id, member const* told, segment const* by) const;
    void heed(segment::demands const& what, segment& where, arrival const& from, time_point now);
    void hear_observer(announcement const& heard, arrival const& from, bool proven, segment& where,
                       time_point now);
    void become_member(time_point now);
    void hear_ourselves(announcement const& heard, segment& where, time_point now);
    void hear_of_losses(announcement const& heard, segment& where, time_point now);
    bool may_cover(segment const& a, segment const& b) const;
    bool covers(segment const& a, segment const& b) const;
    void ask_for_proofs(segment& a, segment const& b, time_point now);
    void share_the_watch(time_point now);
    void watch_alone(segment& where, time_point now);
    bool is_reached_otherwise(segment const& where, change const& what) const;
    bool offers_otherwise(segment const& where, change const& what) const;
    void hear_rival(announcement const& heard, arrival const& from, bool proven, segment& where,
                    time_point now);
    void hear_of_rival(identity const& rival, time_point now);
    void meet_rival(segment::rival const& which, segment& where, arrival const& from,
                    time_point now);
    void object(std::uint64_t accused, time_point now);
    void insist(time_point now);
    void object_if_due(time_point now);
    void defend(time_point now);
    bool is_new(life_id const& rival, time_point now);
    void renew(time_point now);
    void withdraw_if_said(time_point now);
    void count(error_code const& why) noexcept;
    bool may_tell(event_kind kind, std::uint64_t id, duration interval, time_point now);
    void tell(event_kind kind, instance who);
    instance gather(std::uint64_t id, member const* told, segment const* by) const;

    self_state self_;
    std::vector<std::unique_ptr<segment>> segments_;
    std::size_t others_ = 0;
    time_point expected_ = time_point::max(); ///< When `advance` should be called.
    time_point begun_{};
    /// Ids of which links hold different lives, and the life that the application was told of.
    std::map<std::uint64_t, life_id> contested_;
    std::optional<time_point> ask_again_; ///< When to ask by hello whether a rival is there.
    enum class withdrawal { none, under_way, done } withdrawal_ = withdrawal::none;
    std::optional<time_point> defended_;
    objections objections_;
    std::optional<std::uint64_t> accused_; ///< The incarnation to object above.
    bool doubted_ = false;                 ///< Others have to hear a hello of ours.
    struct unproven_count {
        std::uint64_t version = 0;
        std::size_t entries = 0;
        std::size_t ids = 0; ///< An id may be on several links.
    };
    mutable unproven_count unproven_;
    shared_wires wires_;
    std::uint64_t watched_version_ = 0; ///< Of all rosters, when the watch was shared out.
    bool suspicions_changed_ = false;
    time_point proofs_asked_{}; ///< When members were asked, so that a link may be relied on.
    std::vector<std::pair<life_id, time_point>> answered_; ///< Rivals, and when we objected.
    /// When an event that is told seldom was told last, by kind and id.
    std::map<std::pair<event_kind, std::uint64_t>, time_point> told_;
    std::vector<event> events_;
    std::size_t told_before_ = 0; ///< Events before the call that is under way.
    address_book addresses_;
    onlookers onlookers_;
    former_lives former_;             ///< Lives that had our id, as others say.
    std::uint64_t links_version_ = 0; ///< Grows when links come, go or change.
};

} // namespace rollcast::detail
