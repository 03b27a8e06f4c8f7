// SPDX-License-Identifier: BSL-1.0
#include "protocol/beat_pace.hpp"
#include "protocol/detector.hpp"

#include <algorithm>

// Agreements: one of two members counts on the other to watch it, whether or not they are next to
// each other on the ring, and its beats come so far apart.

namespace rollcast::detail {
namespace {

/// An agreement ends when so many beats should have come since it was renewed last.
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

/// The silence of the member is counted in another way from now on. Of the steps that this makes
/// overdue the next one is due now, and the others follow as in the table.
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
