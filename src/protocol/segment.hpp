// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "protocol/accusations.hpp"
#include "protocol/detector.hpp"
#include "protocol/farewells.hpp"
#include "protocol/introduction.hpp"
#include "protocol/news.hpp"
#include "protocol/open_doubts.hpp"
#include "protocol/outreach.hpp"
#include "protocol/probation.hpp"
#include "protocol/reconciler.hpp"
#include "protocol/registry.hpp"
#include "protocol/relays.hpp"
#include "protocol/roll_call.hpp"
#include "protocol/self.hpp"
#include "protocol/sightings.hpp"
#include "protocol/trickle.hpp"
#include "protocol/voice.hpp"

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace rollcast::detail {

/// The protocol on one link: which part hears which datagram, and what that sets off. Each part
/// decides one thing and knows nothing of the other parts.
class segment {
public:
    segment(self_state& self, link on, census const& room, time_point now);

    link const& where() const noexcept { return link_; }
    registry& known() noexcept { return known_; }
    registry const& known() const noexcept { return known_; }
    sightings const& seen() const noexcept { return seen_; }
    voice const& own_voice() const noexcept { return voice_; }

    /// The interface is gone: no member is reached on this link any more. If it does not come back
    /// within the own detection time, the engine drops the members.
    void detach(time_point now) { detached_ = now; }
    std::optional<time_point> detached() const noexcept { return detached_; }

    void start(time_point now);
    void start_settled(time_point now); ///< As if we had been on the link for long.
    void preload(identity const& who, record_view const& told, time_point now);
    void listen(time_point now);  ///< Instead of start: never speaks.
    void observe(time_point now); ///< Instead of start: only asks.
    void leave(time_point now);
    bool is_leaving() const noexcept
    {
        return introduction_.is_leaving() && !introduction_.has_left();
    }
    void last_word();

    void move(link on, time_point now); ///< Addresses or ports have changed.
    void renew(time_point now);         ///< Data or incarnation have changed: tell everybody.
    void ask_again(time_point now) { introduction_.introduce(now); }
    void rename() { voice_.refresh(); } ///< The own identity has changed.
    void insist(time_point now);        ///< We were called: everybody is told that we are here.
    void introduce(time_point now);     ///< As at the start, after a long pause of our own.
    void forgive(time_point now);       ///< Counts all silence anew, after a pause of our own.
    /// The same after a pause of this length, which may be long for some members only.
    void forgive(duration pause, time_point now);
    /// Asks the members that may have died in so long a pause of our own, and whose end no other
    /// member remembers any more.
    void call_the_roll(duration pause, time_point now);
    bool bury_elsewhere(identity const& who, time_point now); ///< This life left on another link.
    /// This life says on another link that it has lost its way to this one.
    void lose(identity const& who, time_point now);

    /// The link on which all members of this one are watched, if there is one: then we need not
    /// beat on this link, nor watch the members before us on its ring.
    void rely_on(std::optional<unsigned> link);
    std::optional<unsigned> relies_on() const noexcept { return relies_on_; }
    /// A member that is suspected or held gone on the link relied upon has to answer on this one
    /// soon.
    void doubt(member const& who, bool gone, time_point now);
    void ask_for_proof(member const& who, time_point now) { ping(who, now); }
    /// This life was heard on another link of the same wire.
    void note_sign_of(identity const& who, time_point now);

    /// Tells another life that its id is ours.
    void contradict(endpoint const& where, time_point now);

    /// Asks whether an instance receives at this address, in as few bytes as possible.
    void ask_for_proof(endpoint const& where, time_point now);
    /// Whether the datagram echoes our cookie for its source. That costs a keyed hash, so it is
    /// asked once for each datagram.
    bool is_echo(announcement const& heard, arrival const& from, time_point now) const;
    void answer_rival(announcement const& heard, arrival const& from, bool proven, time_point now);

    /// Another life that has our id.
    struct rival {
        identity who{};
        std::optional<record_view> record{};
        bool speaks = true; ///< The rival claims the id itself; otherwise others tell of it.
    };

    /// What a datagram means for the whole chart.
    struct demands {
        std::optional<std::uint64_t> refute{}; ///< An incarnation of ours is accused.
        std::optional<segment::rival> rival{};
    };
    /// The first thing to be done with a datagram: whether it is worth to be heard. A speaker that
    /// claims an incarnation too far ahead is asked to prove itself.
    bool is_heard(announcement const& heard, std::size_t bytes, arrival const& from, bool proven,
                  time_point now);
    demands hear(announcement const& heard, arrival const& from, bool proven, time_point now);
    /// This record is our own word, heard again: it may be later than what we say on this link.
    void catch_up(identity const& who, record_view const& told, time_point now);
    void hear_observer(announcement const& heard, arrival const& from, bool proven, time_point now);

    /// Whether the chart that was told of last is the same as ours, or differs as agreed; none
    /// where none was told of.
    std::optional<bool> agrees() const;

    void advance(time_point now);
    std::optional<time_point> next_deadline() const;

    bool take_multicast_lost() noexcept { return std::exchange(tell_multicast_lost_, false); }

private:
    struct context; // one datagram while it is being heard

    void hear_known(context& in);
    void hear_hello(context& in);
    void hear_bye(context& in);
    void hear_accusation(context& in);
    bool hear_accused(context& in, identity const& accused);
    void hear_digest(context& in);
    void hear_beat(context& in);
    void hear_ping(context& in);
    void hear_call(context const& in);
    void hear_counting(context const& in);
    void hear_ack(context& in);
    void hear_records(context& in);
    void hear_conflict(context& in);
    void hear_fellow(context const& in);

    registry::verdict learn(context& in, identity const& who, record_view const& told,
                            registry::source from);
    void vouch(context const& in, identity const& who, record_view const& told);
    void note_teller(context const& in, identity const& who, record_view const& told,
                     registry::source from, registry::verdict what);
    void refute(context& in, std::uint64_t accused) const;
    bool believes_speaker(context const& in) const;
    bool may_ask_speaker(context const& in);
    void believe_farewells(time_point now);
    void note_doubt(roster_entry const& doubted, time_point now);
    void settle_doubts(time_point now);
    void ask_outdated(time_point now);
    void doubt_unshared(member const& who, time_point now);
    asker who_asks(context const& in) const;
    void check_incumbent(identity const& claimant, time_point now);
    void learn_of_ourselves(context& in, identity const& who, record_view const& told, channel by);
    void learn_ended(context& in, ended_member const& told);
    void learn_members(context& in, channel by, bool trusted);
    bool is_fresh(context const& in, ended_member const& told, roster_entry const& entry) const;
    bool is_hearsay(roster_entry const& entry) const noexcept;
    bool has_heard_lately(roster_entry const& entry, double beats, time_point now) const;
    void tell_verdict(context const& in, identity const& who, bool gone);
    void warn(identity const& who, bool gone, time_point now);
    void spread_news(time_point now);
    void welcome(context& in);
    void acknowledge(context& in);

    void speak_due(time_point now);
    void beat(time_point now);
    void beat(outreach::watcher const& which, time_point now);
    std::size_t room_for_ended(announcement const& head);
    void digest(time_point now);
    void judge(time_point now);
    void test_unproven(time_point now);
    void advance_observing(time_point now);
    void judge_for_oneself(time_point now);
    void call_again(time_point now);
    std::optional<time_point> next_query() const;
    void query(std::uint8_t attempt, time_point now);
    static void pad(announcement& value);
    void ask(detector::question const& what, time_point now);
    void ask(outreach::question const& what, time_point now);
    bool ping(member const& whom, time_point now); ///< Whether a PING could be sent.
    bool ping_at(endpoint const& where, member const& whom, time_point now);
    announcement ping_to(endpoint const& where, time_point now) const;
    void ask_unseen(time_point now);
    void note_source(context const& in, roster_entry const& entry);
    reconciler::peer speaker(context const& in) const;
    void ping_through(member const& helper, member const& whom, time_point now);
    void find_each_other(time_point now);
    void reach_out(time_point now);
    void look_for_silent(time_point now);
    duration longest_silence(roster_entry const& entry) const;
    void set_aside(identity const& who, time_point now);
    void set_aside(detector::finding const& what, time_point now);
    void give_up(std::vector<member_ptr> const& unreached, time_point now);
    bool hears_nobody(time_point now) const;
    void take_back(identity const& who, time_point now);
    std::vector<member_ptr> helpers_for(member const& whom);
    void watch_multicast(time_point now);
    void give_up_silent(time_point now);
    versions common_versions();
    bool all_share_ipv4();
    versions versions_of_digest(time_point now);
    std::size_t population() const noexcept { return known_.members().size() + 1; }

    self_state& self_;
    link link_;
    registry known_;
    voice voice_;
    introduction introduction_;
    trickle trickle_;
    detector detector_;
    accusations accusations_;
    reconciler reconciler_;
    probation probation_;
    latest_news news_;
    relays relays_;
    sightings seen_;
    std::uint64_t survey_position_ = 0; ///< On the ring: addresses up to here have been asked.
    time_point next_survey_{};
    std::uint64_t look_position_ = 0; ///< On the ring: silent members up to here were sought.
    time_point last_look_{};
    struct ipv4_check {
        std::uint64_t version;
        bool shared;
    };
    std::optional<ipv4_check> ipv4_checked_;
    outreach outreach_;
    farewells farewells_;
    open_doubts doubts_;
    roll_call roll_call_;
    std::optional<time_point> next_beat_; ///< Listener: next look for silence; observer: next call.
    time_point calling_since_{};
    time_point last_query_{};
    std::optional<rollcast::summary> told_; ///< The last summary that was heard.
    time_point heard_anybody_{};
    time_point heard_multicast_{};
    time_point forgiven_{}; ///< A listener counts no silence before it.
    std::size_t digests_ = 0;
    /// When a digest last went by another IP version than the one all members have.
    time_point heard_other_version_{};
    std::optional<time_point> detached_;
    std::optional<unsigned> relies_on_;
    bool multicast_is_lost_ = false;
    bool tell_multicast_lost_ = false;
};

} // namespace rollcast::detail
