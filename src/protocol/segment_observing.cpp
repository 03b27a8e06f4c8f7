// SPDX-License-Identifier: BSL-1.0
#include "protocol/segment_context.hpp"

#include <algorithm>

// What a segment does as an observer, and what it does for observers. An observer asks and is
// answered, and is a member to nobody: what it says changes no chart.

namespace rollcast::detail {
namespace {

using std::chrono::milliseconds;

/// An observer that knows nobody asks again so soon, and then later and later: it disturbs only
/// other observers that know nobody, but those as well.
constexpr auto first_call = milliseconds(200);
/// The time between two calls is the time since the first one divided by this.
constexpr int call_growth = 4;

/// The attempt of a QUERY by an observer that has no postage left for the member it asked, since
/// datagrams were lost: two members answer, which brings more.
constexpr std::uint8_t asked_again = 2;
/// Between two of these queries.
constexpr auto query_interval = milliseconds(300);

/// Observers that know nobody tell each other that they are there, but no more often than this.
constexpr auto fellow_interval = std::chrono::seconds(1);

} // namespace

void segment::observe(time_point now)
{
    next_beat_.reset();
    heard_anybody_ = heard_multicast_ = now;
    introduce(now);
}

/// While no member is known on this link: one may have come meanwhile.
void segment::call_again(time_point now)
{
    if (known_.members().size() != 0) {
        next_beat_.reset();
        return;
    }
    if (!next_beat_) {
        calling_since_ = now;
        next_beat_ = now + first_call;
    }
    if (*next_beat_ > now)
        return;
    query(introduction::copies, now);
    auto const longest = std::max<duration>(self_.config.longest_digest_interval, first_call);
    next_beat_ =
        now + std::clamp<duration>((now - calling_since_) / call_growth, first_call, longest);
}

/// When an observer that has been answered, but is out of postage, asks everybody once more.
std::optional<time_point> segment::next_query() const
{
    bool const observing = self_.now_doing == self_state::mode::observing;
    return observing && reconciler_.is_out_of_words() ? std::optional(last_query_ + query_interval)
                                                      : std::nullopt;
}

void segment::query(std::uint8_t attempt, time_point now)
{
    last_query_ = now;
    auto value = voice_.speak(message_type::query);
    value.attempt = attempt;
    if (attempt != 0)
        pad(value);
    if (attempt == introduction::copies)
        voice_.call_everywhere(value);
    else
        voice_.multicast(value);
}

void segment::advance_observing(time_point now)
{
    speak_due(now);
    ask_outdated(now);
    judge_for_oneself(now);
    call_again(now);
    reconciler_.advance(now);
    if (auto const due = next_query(); due && *due <= now) {
        reconciler_.find_words();
        query(asked_again, now);
    }
    watch_multicast(now);
}

/// A member that dies is missed by other members, which tell everybody. But of the last two members
/// the one that is left hears nobody, and accuses nobody, and none is left to miss the last one. So
/// an observer watches, too, and tells nobody. Where it hears nobody else either, it may be cut off
/// itself, and believes any word to the contrary.
void segment::judge_for_oneself(time_point now)
{
    auto const watched = detector_.advance(now);
    for (auto const& each : watched.questions)
        ask(each, now);
    for (auto const& each : watched.findings) {
        auto const who = each.whom->who();
        if (each.unreached)
            set_aside(each, now);
        else if (!each.gone)
            known_.suspect(who);
        else if (heard_anybody_ > each.others_asked)
            known_.call_gone(who, now);
        else
            known_.assume_gone(who, now);
    }
    test_unproven(now);
    ask_unseen(now);
    reach_out(now);
}

/// An observer asks something. Nothing is learned of the observer.
void segment::hear_observer(announcement const& heard, arrival const& from, bool proven,
                            time_point now)
{
    voice_.asked_at(from.source, from.asked);
    context in{heard, from, now, proven};
    if (self_.now_doing == self_state::mode::observing)
        return hear_fellow(in);
    if (!self_.may_speak())
        return;
    switch (heard.type) {
    case message_type::query:
        if (heard.attempt != 0 && self_.replies)
            welcome(in);
        return;
    case message_type::ping:
        if (from.multicast)
            hear_call(in);
        else if (heard.subjects.empty())
            acknowledge(in);
        return;
    case message_type::pull:
        return reconciler_.hear_pull(heard, who_asks(in), now);
    default:
        return; // an observer says nothing else
    }
}

/// Two observers that know nobody learn of each other, so that their users learn why.
void segment::hear_fellow(context const& in)
{
    bool const asks = in.heard.type == message_type::query && in.heard.attempt != 0;
    if (asks && known_.members().size() == 0 && in.now - last_query_ >= fellow_interval)
        query(0, in.now);
}

std::optional<bool> segment::agrees() const
{
    if (!told_)
        return std::nullopt;
    return told_->hash == voice_.summary().hash || reconciler_.is_agreed(told_->hash);
}

} // namespace rollcast::detail
