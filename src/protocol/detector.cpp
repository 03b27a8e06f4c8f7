// SPDX-License-Identifier: BSL-1.0
#include "protocol/detector.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace rollcast::detail {
namespace {

/// What is done after so many sixteenths of the beat interval without a sign of life of the member.
struct step {
    int sixteenths;
    int pings;
    bool through_others;
};

// Unicast pings cost little where they are rare: with two and three copies in the later steps a
// living instance fails the twelve before it is suspected once in 3,200 silences at 30 percent loss
// each way (0.51^12, without those through helpers); with one copy a step it is once in 57, and the
// suspicions of ten thousand would exceed one multicast a second.
constexpr std::array steps{
    step{20, 1, false}, step{24, 1, false}, step{28, 2, false}, step{32, 2, true},
    step{36, 3, true},  step{40, 3, true},  step{44, 2, true},  step{48, 2, true},
    step{52, 2, true},  step{56, 2, true},  step{60, 0, false},
};

/// A member that counts on us beats less often. It is asked in as many ways, but these steps count
/// from when its beat should have come, and are shortened, at most to half, where it would be gone
/// later than by the table above.
constexpr std::array sparse_steps{
    step{2, 1, false}, step{3, 2, false}, step{4, 3, false},  step{6, 3, true},
    step{8, 3, true},  step{10, 4, true}, step{12, 2, true},  step{16, 2, true},
    step{20, 2, true}, step{24, 2, true}, step{28, 0, false},
};
static_assert(sparse_steps.size() == steps.size());
constexpr double greatest_haste = 0.5;

/// A member that only helpers have heard so often in a row is not heard by this instance at all.
constexpr int most_vouched = 3;

// Indices into the tables: calls go with the steps before the suspicion, from 2 h on.
constexpr std::size_t calls_from = 3;
constexpr std::size_t suspicion = 6;
constexpr std::size_t end = steps.size() - 1;

/// Once this step, at 1.75 h, is taken the member is not relied upon, and the next one before it on
/// the ring is watched, too.
constexpr std::size_t unresponsive = 2;

/// Members watched only for that reason begin with this step, so that neighbours that died together
/// are called gone together; they have one step to answer before those before them are watched.
constexpr std::size_t wide_start = unresponsive;

/// Where a member is alive after so many steps without an answer, it is this instance that loses
/// answers.
constexpr std::size_t suspicious_of_self = 5;

/// Between two choices of whom to watch, as a mass start changes the neighbours all the time.
constexpr auto choice_interval = std::chrono::milliseconds(50);

/// An instance that watches more than this asks no helpers, who have the same trouble. Nor does an
/// observer, for which nobody would ask.
constexpr std::size_t most_indirect = 16;

duration sixteenths(duration h, int count) noexcept
{
    return h * count / 16;
}

} // namespace

bool detector::watch::is_unresponsive() const noexcept
{
    return step > unresponsive + wide;
}

detector::watch* detector::find(std::uint64_t id) noexcept
{
    auto const found =
        std::ranges::find(watches_, id, [](auto const& each) { return each.who->who().id; });
    return found == watches_.end() ? nullptr : &*found;
}

bool detector::watches(std::uint64_t id) const noexcept
{
    return const_cast<detector&>(*this).find(id) != nullptr;
}

bool detector::awaits_beats_of(std::uint64_t id) const noexcept
{
    auto const* which = const_cast<detector&>(*this).find(id);
    return which && (which->in_ring || which->its_beats.apart != duration{});
}

void detector::count() noexcept
{
    counting_ = static_cast<std::size_t>(
        std::ranges::count_if(watches_, [](auto const& each) { return each.counts(); }));
}

/// After how long a silence of the member this step is due.
duration detector::offset(watch const& which, std::size_t of) const noexcept
{
    auto const h = which.h * which.factor;
    if (!which.is_adopted())
        return sixteenths(h, steps[of].sixteenths);
    using exact = std::chrono::duration<double>;
    auto const beat =
        16 * (exact(std::max(which.its_beats.apart, which.our_beats.apart)) / exact(which.h));
    auto const whole = static_cast<double>(sparse_steps[end].sixteenths);
    auto const haste = std::clamp((steps[end].sixteenths - beat) / whole, greatest_haste, 1.0);
    return share(h, (beat + haste * sparse_steps[of].sixteenths) / 16);
}

time_point detector::due(watch const& which) const noexcept
{
    bool const speaks = which.step == suspicion || which.step == end;
    auto const wait = sixteenths(which.h * which.factor, speaks && which.second ? 1 : 0);
    return which.base + offset(which, which.step) + wait;
}

void detector::begin(watch& which, time_point base) noexcept
{
    which.base = base;
    which.step = 0;
    which.wide = false;
    if (auto const* entry = known_.members().find(which.who->who().id))
        which.h = entry->beat_interval();
    which.factor = self_.local_health.factor();
}

/// Chooses whom to watch; keeps what is known of the members watched already.
void detector::choose(time_point now)
{
    auto const reliable = [&](roster_entry const& entry) {
        auto const* which = find(entry.who().who().id);
        return !which || !which->is_unresponsive();
    };
    auto const failing = static_cast<std::size_t>(std::ranges::count_if(
        watches_, [](auto& each) { return each.in_ring && each.path && each.is_unresponsive(); }));
    bool const any_silent = std::ranges::any_of(
        watches_, [](auto const& each) { return each.in_ring && each.is_unresponsive(); });
    // An observer watches for itself alone; one member is enough to hear of all others.
    auto const enough = self_.observes ? std::size_t{1} : ring::watchers;
    auto const wanted = std::max(enough, failing);
    auto const chosen = rests_ ? std::vector<member_ptr>()
                               : ring::predecessors(known_.members(), position_, link_, reliable,
                                                    wanted, !self_.observes);
    for (auto& each : watches_)
        each.in_ring = false;
    std::size_t rank = 0;
    for (auto const& who : chosen) {
        auto* which = find(who->who().id);
        bool const same = which && which->who->who().life == who->who().life;
        if (!which)
            which = &watches_.emplace_back();
        if (!same) {
            *which = watch{who, now};
            begin(*which, now);
            which->proof_asked = now - which->h;
            if (failing != 0) {
                // It may have died with those that fail, and its own watchers, too.
                which->wide = true;
                which->step = wide_start;
                which->base -= offset(*which, wide_start);
            }
        }
        which->who = who;
        which->in_ring = true;
        which->hearsay = which->sought = false;
        which->second = rank++ != 0;
    }
    std::erase_if(watches_, [](auto const& each) { return !each.is_kept(); });
    chosen_version_ = known_.members().version();
    chosen_wide_ = any_silent;
    chosen_at_ = now;
}

detector::outcome detector::advance(time_point now)
{
    outcome result;
    end_agreements(now);
    if (chosen_version_ != known_.members().version() && chosen_at_ + choice_interval <= now)
        choose(now);
    bool failing = false;
    for (auto& each : watches_) {
        act(each, result, now);
        failing = failing || (each.in_ring && each.is_unresponsive());
    }
    if (failing || chosen_wide_) {
        choose(now);
        for (auto& each : watches_)
            act(each, result, now); // members newly watched may be due at once
    }
    std::erase_if(watches_, [](auto const& each) { return !each.is_kept(); });
    count();
    next_.reset();
    for (auto const& each : watches_) {
        next_ = earlier(next_, due(each));
        auto const* entry = known_.members().find(each.who->who().id);
        bool const ours = entry && entry->who().who().life == each.who->who().life;
        if (ours && !entry->is_proven())
            next_ = earlier(next_, each.proof_asked + each.h / 4);
    }
    return result;
}

/// Whether the member was heard since the counting began; then its silence is counted anew.
bool detector::has_spoken(watch& which, roster_entry const& entry, time_point now)
{
    auto const heard = known_.last_heard(entry);
    if (heard <= which.base || !known_.is_heard_since(entry, which.since))
        return false;
    if (which.step >= suspicious_of_self)
        self_.local_health.worsen(now, self_.config.detection_time);
    auto const patience = which.factor;
    begin(which, heard);
    // With a better own health it may be overdue already, and would be accused without being asked.
    if (due(which) <= now)
        which.factor = patience;
    which.vouched = 0;
    which.denied = which.sought = false;
    which.hearsay = which.hearsay && which.in_ring;
    return true;
}

detector::finding detector::find_out(watch const& which, bool gone) const noexcept
{
    auto const others_asked = which.base + offset(which, unresponsive);
    return {
        .whom = which.who, .gone = gone, .hearsay = which.hearsay, .others_asked = others_asked};
}

/// A member that was looked for as it was silent for long is unheard if it stays silent when asked,
/// or is set aside and only helpers hear it.
detector::finding detector::find_unreached(watch const& which, roster_entry const& entry,
                                           bool spoke) const
{
    bool const silent = which.sought && !spoke;
    bool const unheard = silent && (which.step >= suspicion || entry.is_aside());
    return {.whom = which.who, .unreached = true, .unheard = unheard, .hearsay = which.hearsay};
}

/// Whether the silence of the member means something. One that was never heard on this link may be
/// heard by others, unless these have told that it is not. Where everybody hears everybody and
/// nearer members do not answer, only they can have heard it.
bool detector::has_path(watch const& which, roster_entry const& entry) const noexcept
{
    if (entry.is_heard() || which.denied)
        return true;
    bool const ordinary = known_.members().aside() == 0;
    return ordinary && which.wide;
}

/// A member that was heard, and has never answered us, may not be there any more, or hear multicast
/// only. In that case it speaks when it is called.
bool detector::is_called(watch const& which, roster_entry const& entry) const noexcept
{
    return entry.is_heard() && !entry.answers() && !which.denied;
}

void detector::note_question(watch& which, bool called, time_point now) noexcept
{
    if (which.asked == time_point{})
        which.asked = now;
    which.called = which.called || called;
}

/// Whether the member is not ours to watch: only helpers hear it, or it speaks, but never answers
/// us.
bool detector::is_unreached(watch const& which, roster_entry const& entry,
                            bool spoke) const noexcept
{
    bool const answers_not = entry.is_heard() && !entry.answers();
    if (spoke)
        return answers_not && which.called;
    if (which.vouched >= most_vouched)
        return true;
    if (which.step < suspicion)
        return false;
    bool const partial = known_.members().aside() != 0;
    return !which.path || (which.sought && partial) ||
           (answers_not && known_.last_heard(entry) > which.asked + which.h / 2);
}

void detector::act(watch& which, outcome& into, time_point now)
{
    auto const* entry = known_.members().find(which.who->who().id);
    bool const ours = entry && entry->who().who().life == which.who->who().life;
    if (!ours) {
        which.release();
        begin(which, now);
        return;
    }
    which.who = entry->pointer();
    which.path = has_path(which, *entry);
    auto const h = entry->beat_interval();
    if (std::exchange(which.h, h) != h)
        go_on(which, now); // a new interval says nothing of the silence before
    if (!entry->is_proven() && now - which.proof_asked >= h / 4) {
        which.proof_asked = now;
        note_question(which, false, now);
        into.questions.push_back({which.who, 1, false});
    }
    if (due(which) > now)
        return;
    bool const spoke = has_spoken(which, *entry, now);
    if (is_unreached(which, *entry, spoke)) {
        into.findings.push_back(find_unreached(which, *entry, spoke));
        which.release();
        return;
    }
    if (spoke)
        return;
    while (which.step < end && due(which) <= now) {
        auto const& due_now = which.is_adopted() ? sparse_steps[which.step] : steps[which.step];
        bool const may_ask_others = watches_.size() <= most_indirect && !self_.observes;
        bool const indirectly = due_now.through_others && may_ask_others;
        bool const calls =
            which.step >= calls_from && which.step < suspicion && is_called(which, *entry);
        note_question(which, calls, now);
        into.questions.push_back({which.who, due_now.pings, indirectly, calls});
        if (which.step == suspicion && which.path)
            into.findings.push_back(find_out(which, false));
        ++which.step;
        // Where `advance` comes late, one question makes up for all that were missed.
        while (which.step < suspicion && due(which) <= now)
            ++which.step;
    }
    if (which.step == end && which.path && due(which) <= now) {
        into.findings.push_back(find_out(which, true));
        which.base += sixteenths(h, 4); // should the registry keep it: again in h/4
    }
}

void detector::deny(member const& who, time_point now)
{
    doubt(who, {}, now);
    auto* which = find(who.who().id);
    if (!which || which->who->who().life != who.who().life)
        return;
    which->denied = true;
    which->sought = false;
}

void detector::seek(member const& who, time_point now)
{
    if (find(who.who().id))
        return;
    doubt(who, {}, now);
    if (auto* which = find(who.who().id))
        which->sought = true;
}

void detector::doubt(member const& who, duration delay, time_point now)
{
    if (find(who.who().id))
        return;
    auto const* entry = known_.members().find(who.who().id);
    if (!entry)
        return;
    watch checked{entry->pointer(), now};
    checked.hearsay = true;
    checked.in_ring = false;
    begin(checked, now);
    checked.since = now;
    checked.base += delay;
    checked.base -= sixteenths(checked.h * checked.factor, steps.front().sixteenths);
    watches_.push_back(checked);
    next_ = earlier(next_, due(checked));
}

void detector::hurry(member const& who, int passed, time_point now)
{
    doubt(who, {}, now);
    auto* which = find(who.who().id);
    auto const* entry = known_.members().find(who.who().id);
    if (!which || !entry)
        return;
    auto const silent_since = now - sixteenths(which->h * which->factor, passed);
    which->base = std::min(which->base, std::max(silent_since, known_.last_heard(*entry)));
    next_ = earlier(next_, due(*which));
}

void detector::vouch(identity const& who, duration age, time_point now)
{
    auto* which = find(who.id);
    if (!which || which->who->who().life != who.life || now - age <= which->base)
        return;
    ++which->vouched;
    begin(*which, now - age);
}

void detector::forgive(time_point now)
{
    forgive_within(duration::max(), now);
}

void detector::forgive_within(duration pause, time_point now)
{
    for (auto& each : watches_) {
        if (each.h >= pause)
            continue;
        begin(each, now);
        for (auto* said : {&each.its_beats, &each.our_beats})
            said->renew(now); // no beat could say it again in the pause
    }
    next_.reset();
    for (auto const& each : watches_)
        next_ = earlier(next_, due(each));
}

std::optional<time_point> detector::next_deadline() const noexcept
{
    if (chosen_version_ != known_.members().version())
        return earlier(next_, std::max(chosen_at_ + choice_interval,
                                       known_.changed_at() + std::chrono::milliseconds(1)));
    return next_;
}

} // namespace rollcast::detail
