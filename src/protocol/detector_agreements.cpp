// SPDX-License-Identifier: BSL-1.0
#include "protocol/beat_pace.hpp"
#include "protocol/detector.hpp"

#include <algorithm>

// With whom an instance has agreed that one of them watches the other, though they are not next to
// each other on the ring, and how far apart the beats are that pass between them.

namespace rollcast::detail {
namespace {

/// So many beats it holds after it was said last.
constexpr int beats_of_agreement = 4;

} // namespace

detector::watch& detector::take_on(member_ptr const& who, time_point now)
{
    if (auto* found = find(who->who().id)) {
        counting_ += !found->counts();
        return *found;
    }
    ++counting_;
    auto& which = watches_.emplace_back(watch{who, now});
    which.in_ring = false;
    begin(which, now);
    which.proof_asked = now;
    return which;
}

void detector::agree(watch& with, agreement& on, duration apart, time_point now)
{
    bool const changed = on.apart != apart;
    on.apart = apart;
    on.renew(now);
    if (changed)
        go_on(with, now);
    next_ = earlier(next_, due(with));
}

void detector::adopt(member_ptr const& who, time_point now)
{
    auto& which = take_on(who, now);
    agree(which, which.its_beats, spacing_of_beats(counting_, which.h), now);
}

void detector::rely_on(member_ptr const& who, duration apart, time_point now)
{
    auto& which = take_on(who, now);
    agree(which, which.our_beats, apart, now);
}

void detector::agreement::renew(time_point now) noexcept
{
    until = now + beats_of_agreement * apart;
}

bool detector::agreement::ends(time_point now) noexcept
{
    if (apart == duration{} || now < until)
        return false;
    apart = {};
    return true;
}

/// Its silence is counted in another way from now on; nothing that this makes overdue is skipped.
void detector::go_on(watch& which, time_point now) const noexcept
{
    which.base = std::max(which.base, now - offset(which, which.step));
}

void detector::end_agreements(time_point now)
{
    for (auto& each : watches_) {
        bool const its = each.its_beats.ends(now);
        bool const ours = each.our_beats.ends(now);
        if (its || ours)
            go_on(each, now);
    }
}

} // namespace rollcast::detail
