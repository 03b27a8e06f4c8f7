// SPDX-License-Identifier: BSL-1.0
#include "protocol/engine.hpp"

#include <algorithm>
#include <tuple>
#include <vector>

// Which life of an id counts where links hold different ones, as they do when two instances claim
// one id and not everybody is on every link.

namespace rollcast::detail {
namespace {

/// One life that has an id on some link.
struct claim {
    life_id life{};
    bool detached = false; ///< All links that hold it are.
    bool lost = false;     ///< The id, on some link.
    bool told = false;     ///< The application knows it by this life.
    time_point since{};

    bool comes_before(claim const& other) const noexcept
    {
        return std::tuple(detached, lost, !told, since) <
               std::tuple(other.detached, other.lost, !other.told, other.since);
    }
};

} // namespace

/// Whether this life has lost its id on some link, and has not got it back there.
bool engine::has_lost(identity const& who) const noexcept
{
    return std::ranges::any_of(segments_, [&](auto const& each) {
        auto const* entry = each->known().members().find(who.id);
        bool const has_it_again = entry && entry->who().who().life == who.life;
        return each->known().has_lost(who) && !has_it_again;
    });
}

/// The life of this id that counts: one that has lost the id on no link, and of these the one known
/// first; a life that only detached links hold comes last.
std::optional<life_id> engine::charted_life(std::uint64_t id) const
{
    std::vector<claim> claims;
    for (auto const& each : segments_) {
        auto const* entry = each->known().members().find(id);
        if (!entry || entry->is_hidden())
            continue;
        auto const& who = entry->who().who();
        auto const since = each->known().epoch() + entry->first_heard();
        auto const known = std::ranges::find(claims, who.life, &claim::life);
        if (known != claims.end()) {
            known->detached = known->detached && each->detached();
            known->since = std::min(known->since, since);
        } else {
            auto const told = contested_.find(id);
            claims.push_back({who.life, each->detached().has_value(), has_lost(who),
                              told != contested_.end() && told->second == who.life, since});
        }
    }
    if (claims.empty())
        return std::nullopt;
    return std::ranges::min_element(
               claims, [](claim const& a, claim const& b) { return a.comes_before(b); })
        ->life;
}

/// Remembers by which life the application knows an id, as soon as links hold different lives of
/// it; until then it is the life that all links held before this change.
void engine::note_disagreement(segment const& where, change const& what)
{
    auto const id = what.who->who().id;
    if (contested_.contains(id))
        return;
    std::vector<life_id> lives;
    life_id elsewhere{};
    for (auto const& each : segments_)
        if (auto const* entry = each->known().members().find(id)) {
            lives.push_back(entry->who().who().life);
            if (each.get() != &where)
                elsewhere = lives.back();
        }
    auto const told = what.member == membership::begun ? elsewhere
                      : what.before                    ? what.before->who().life
                                                       : what.who->who().life;
    if (std::ranges::any_of(lives, [&](life_id const& each) { return each != told; }))
        contested_.emplace(id, told);
}

/// Whether another life of this id counts from now on than the application was told of.
bool engine::settle_claim(std::uint64_t id)
{
    auto const told = contested_.find(id);
    if (told == contested_.end())
        return false;
    auto const charted = charted_life(id);
    if (!charted || charted == told->second)
        return false;
    told->second = *charted;
    ++links_version_; // addresses are other ones, though no link has changed
    return true;
}

/// Only when every change has been told: the next change may be about the life that has lost.
void engine::forget_settled_claims()
{
    std::erase_if(contested_, [&](auto const& claimed) {
        return std::ranges::all_of(segments_, [&](auto const& each) {
            auto const* entry = each->known().members().find(claimed.first);
            return !entry || entry->who().who().life == claimed.second;
        });
    });
}

} // namespace rollcast::detail
