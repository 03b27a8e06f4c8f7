// SPDX-License-Identifier: BSL-1.0
#include "protocol/outreach.hpp"

#include <algorithm>

namespace rollcast::detail {
namespace {

/// Pings until a member is set aside: at 30 percent loss each way all of these go unanswered once
/// in 50,000 times.
constexpr int most_copies = 16;
constexpr int most_at_once = 3; ///< With one beat.

/// After so many pings without an answer the next member on the ring is beaten as well.
constexpr int trusted_copies = 2;

/// So many members that have not answered yet are asked with one beat.
constexpr std::size_t most_asked_in_turn = 4;

/// In beat intervals: a member that is set aside is asked again after one, then two, and at last
/// every 64, which are 16 D.
constexpr int longest_wait = 64;

constexpr std::size_t most_accused = 64;  ///< Remembered as accused by this instance.
constexpr std::size_t longest_look = 256; ///< Members looked at for the next one to try.
constexpr int copies_of_trial = 4;        ///< Pings in half a beat interval.

/// Of up to so many members all that were never heard are tried; of more only those that have
/// proven nothing to anybody.
constexpr std::size_t few = 64;

} // namespace

outreach::trial& outreach::trial_of(identity const& who)
{
    auto const found = std::ranges::find_if(trials_, [&](trial const& each) {
        return each.who.id == who.id && each.who.life == who.life;
    });
    return found != trials_.end() ? *found : trials_.emplace_back(trial{who});
}

roster_entry const* outreach::find(identity const& who) const noexcept
{
    auto const* entry = known_.members().find(who.id);
    return entry && entry->who().who().life == who.life ? entry : nullptr;
}

outreach::choice outreach::choose(std::uint64_t position, link const& on, duration beat_interval)
{
    choice result;
    for (auto& each : trials_)
        each.kept = false;
    auto& members = known_.members();
    std::size_t watching = 0;
    std::size_t before = 0;
    std::size_t unproven = 0;
    auto* each = members.after(position);
    auto const steps = std::min(members.size(), ring::longest_walk);
    for (std::size_t i = 0; i < steps && watching < ring::watchers;
         ++i, each = members.next(*each)) {
        if (!can_hear(each->who(), on))
            continue;
        bool const out_of_turn = before >= ring::watchers;
        bool const may_watch = !each->is_aside();
        if (may_watch && !each->is_proven() && unproven++ >= ring::watchers)
            continue;
        ++before;
        if (!may_watch)
            continue;
        if (each->answers() && each->is_proven()) {
            ++watching;
            auto const beats = apart(each->who(), out_of_turn, beat_interval);
            result.relied_upon.push_back({each->pointer(), beats, is_its_turn(each->who(), beats)});
            continue;
        }
        if (result.to_ask.size() >= most_asked_in_turn)
            continue;
        auto& asked = trial_of(each->who().who());
        asked.kept = true;
        watching += each->is_proven() && asked.copies < trusted_copies;
        if (asked.copies >= most_copies) {
            result.unreached.push_back(each->pointer());
            continue;
        }
        auto const copies = std::min(most_at_once, 1 + asked.copies / trusted_copies);
        asked.copies += copies;
        result.to_ask.push_back({each->pointer(), copies, true});
    }
    std::erase_if(trials_, [](trial const& which) { return !which.kept; });
    std::erase_if(paces_, [this](pace const& which) { return !find(which.who); });
    return result;
}

/// How many of our beat intervals to leave between two beats. A watcher that we count on out of
/// turn may be the only one that hears many. Where not all hear each other, so may those next to us
/// on the ring, and have then said how many they watch.
int outreach::apart(member const& whom, bool out_of_turn, duration beat_interval)
{
    if (!out_of_turn && known_.members().aside() == 0)
        return 1;
    auto* found = pace_of(whom.who());
    if (!found)
        found = &paces_.emplace_back(pace{whom.who()});
    auto const beats = beats_apart(found->counting, beat_interval);
    return out_of_turn || beats > least_apart ? beats : 1;
}

bool outreach::is_its_turn(member const& whom, int apart)
{
    auto* const found = apart == 1 ? nullptr : pace_of(whom.who());
    if (!found)
        return true;
    if (++found->passed < apart)
        return false;
    found->passed = 0;
    return true;
}

outreach::pace* outreach::pace_of(identity const& who)
{
    auto const found = std::ranges::find_if(paces_, [&](pace const& each) {
        return each.who.id == who.id && each.who.life == who.life;
    });
    return found == paces_.end() ? nullptr : &*found;
}

void outreach::counting_on(identity const& who, std::size_t how_many)
{
    if (auto* const found = pace_of(who))
        found->counting = how_many;
}

void outreach::retry(identity const& who, duration beat_interval, time_point now)
{
    std::erase_if(aside_, [&](retrial const& each) { return each.who.id == who.id; });
    aside_.push_back({who, now + beat_interval, beat_interval, beat_interval});
}

outreach::outcome outreach::advance(duration beat_interval, time_point now)
{
    std::erase_if(aside_, [&](retrial const& each) {
        auto const* entry = find(each.who);
        return !entry || !entry->is_aside();
    });
    outcome result;
    auto const& members = known_.members();
    bool const all_heard = members.size() > few || members.size() == members.heard();
    if (aside_.empty() && members.unproven() == 0 && all_heard) {
        next_trial_.reset();
        tried_.reset();
        return result;
    }
    if (!next_trial_)
        next_trial_ = now + beat_interval / 2;
    for (auto& each : aside_) {
        if (each.next > now)
            continue;
        result.to_ask.push_back({find(each.who)->pointer(), 1});
        each.wait = std::min(2 * each.wait, longest_wait * beat_interval);
        each.next = now + each.wait;
    }
    if (next_trial_ && *next_trial_ <= now) {
        next_trial_ = now + beat_interval / 2;
        try_next(result, now);
    }
    return result;
}

/// Whether we know of this member by others only. Where nobody is set aside, those next to it on
/// the ring first have D to find out; and among many, which are heard late, one that has answered
/// anybody is believed to be there.
bool outreach::is_doubtful(roster_entry const& entry, time_point now) const
{
    if (entry.is_aside() || entry.is_heard())
        return false;
    auto const age = now - (known_.epoch() + entry.first_heard());
    bool const are_few = known_.members().size() <= few;
    return !aside_.empty() || ((are_few || !entry.is_proven()) && age > 4 * entry.beat_interval());
}

/// Asks the next doubtful member, or goes on asking the one that is tried.
void outreach::try_next(outcome& into, time_point now)
{
    auto const* entry = tried_ ? find(tried_->who) : nullptr;
    if (!entry || !is_doubtful(*entry, now))
        tried_.reset();
    auto& members = known_.members();
    auto* each = tried_ ? nullptr : members.after(cursor_);
    auto const steps = std::min(members.size(), longest_look);
    for (std::size_t i = 0; each && !tried_ && i < steps; ++i, each = members.next(*each)) {
        cursor_ = each->who().position();
        if (is_doubtful(*each, now))
            tried_ = trial{each->who().who()};
    }
    if (!tried_)
        return;
    auto const whom = find(tried_->who)->pointer();
    if (tried_->copies >= most_copies) {
        into.unreached.push_back(whom);
        tried_.reset();
        return;
    }
    tried_->copies += copies_of_trial;
    into.to_ask.push_back({whom, copies_of_trial});
}

void outreach::could_not_ask(question const& what, int copies)
{
    auto const& who = what.whom->who();
    if (!what.may_watch && wait_for_postage(who))
        return;
    if (!aside_.empty())
        return;
    if (what.may_watch) {
        if (auto const* entry = find(who); entry && entry->is_heard())
            trial_of(who).copies -= copies; // it is there, or was; one never heard may not be
    } else if (tried_ && tried_->who.id == who.id) {
        tried_->copies -= copies;
        if (tried_->copies == 0) // otherwise the same one is tried again
            tried_.reset();
    }
}

/// Whether the member is set aside. Where it could not be asked, it is no less likely to answer
/// than before, and its waiting time does not grow.
bool outreach::wait_for_postage(identity const& who)
{
    auto const which =
        std::ranges::find(aside_, who.id, [](auto const& each) { return each.who.id; });
    if (which == aside_.end())
        return false;
    which->next += which->shortest - which->wait;
    which->wait = std::max(which->wait / 2, which->shortest);
    return true;
}

std::optional<time_point> outreach::next_deadline() const noexcept
{
    auto next = next_trial_;
    for (auto const& each : aside_)
        next = earlier(next, each.next);
    return next;
}

void outreach::accuse(identity const& who)
{
    take_accused(who);
    if (accused_.size() == most_accused)
        accused_.erase(accused_.begin());
    accused_.push_back(who);
}

bool outreach::take_accused(identity const& who)
{
    return std::erase_if(accused_, [&](identity const& each) {
               return each.id == who.id && each.life == who.life &&
                      each.incarnation < who.incarnation;
           }) != 0;
}

} // namespace rollcast::detail
