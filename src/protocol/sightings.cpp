// SPDX-License-Identifier: BSL-1.0
#include "protocol/sightings.hpp"

#include "announce/codec.hpp"
#include "protocol/presence.hpp"
#include "protocol/subnets.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

namespace rollcast::detail {
namespace {

/// PINGs without an answer. At 30 percent loss each way a working address fails so often once in 15
/// times; that another address is preferred then does no harm.
constexpr unsigned failures = 4;

/// In beat intervals of the member: after so long an address that has failed is tried again, if it
/// would be preferred to one that works. So seldom that it costs nothing.
constexpr int rest_after_failure = 64;

/// Equals stay in their order. Done for every datagram, so without allocating memory.
template <class Places, class Key>
void sort_few(Places& all, Key const& key)
{
    for (auto each = all.begin(); each != all.end(); ++each)
        std::rotate(std::ranges::upper_bound(all.begin(), each, key(*each), {}, key), each,
                    std::next(each));
}

/// So long after a PING its answer may be under way.
duration answer_time(member const& whom)
{
    return std::min<duration>(std::chrono::milliseconds(250), whom.beat_interval() / 10);
}

} // namespace

bool sightings::place::has_failed() const noexcept
{
    return unanswered >= failures;
}

/// The addresses at which the member can be reached by the IP versions of this link, with what was
/// seen of them.
sightings::places sightings::places_of(member const& who) const
{
    auto const found = all_.find(who.who().id);
    bool const known = found != all_.end() && found->second.life == who.who().life;
    auto const value = announce::unpack(who.record());
    places all;
    for (auto const& each : value.addresses) {
        bool const v4 = each.is_v4();
        bool const leads_home = each.is_loopback() && !link_.is_loopback();
        if (!who.speaks(v4) || !link_.speaks(v4) || leads_home)
            continue;
        place fresh{each, v4 ? value.unicast_port_v4 : value.unicast_port_v6};
        if (known) {
            auto const& seen = found->second.all;
            auto const same = std::ranges::find(seen, each, &place::address);
            if (same != seen.end()) {
                fresh = *same;
                fresh.port = v4 ? value.unicast_port_v4 : value.unicast_port_v6;
            }
        }
        all.push_back(fresh);
    }
    return all;
}

/// The best address first, which for the protocol is one that has answered. Applications get
/// another order (`best_first`): theirs begins with what needs no scope and no luck.
sightings::places sightings::ranked(member const& who) const
{
    auto all = places_of(who);
    if (all.size() < 2)
        return all;
    auto const key = [&](place const& each) {
        bool const near = is_in_subnet(each.address, link_.addresses);
        int const distance = is_link_local(each.address) ? 1 : near ? 0 : 2;
        return std::tuple(each.has_failed(), !each.answered, distance,
                          !each.answered && !each.spoke,
                          128 - common_prefix(each.address, link_.addresses));
    };
    sort_few(all, key);
    return all;
}

std::optional<endpoint> sightings::best(member const& whom) const
{
    auto const all = ranked(whom);
    return all.empty() ? std::nullopt : std::optional(all.front().where(link_.index));
}

std::vector<endpoint> sightings::in_turn(member const& whom, time_point now) const
{
    auto all = ranked(whom);
    if (all.empty())
        return {};
    // The answer to a PING sent just now may still be under way.
    auto const last = std::ranges::max_element(all, {}, &place::asked);
    if (last->unanswered != 0 && now - last->asked < answer_time(whom))
        return {last->where(link_.index)};
    return least_asked_first(std::move(all));
}

std::vector<endpoint> sightings::least_asked_first(places all) const
{
    sort_few(all, [](place const& each) { return each.unanswered; });
    std::vector<endpoint> turns;
    for (auto const& each : all)
        turns.push_back(each.where(link_.index));
    return turns;
}

std::vector<endpoint> sightings::unseen(member const& whom, time_point now) const
{
    auto all = places_of(whom);
    if (all.size() < 2)
        return {};
    auto const rest = rest_after_failure * whom.beat_interval();
    // As if no address had failed, so that one that would be best without its failures is tried.
    auto hopeful = known(whom);
    for (auto& each : hopeful)
        each.failed = false;
    places unknown;
    for (auto const& address : best_first(presence{&link_, hopeful})) {
        auto const each = std::ranges::find(all, unscoped(address), &place::address);
        if (each == all.end() || (each->answered && !each->has_failed()))
            break;
        if (each->has_failed() && now - each->asked < rest)
            continue;
        unknown.push_back(*each);
    }
    return least_asked_first(std::move(unknown));
}

void sightings::answered(member const& who, endpoint const& source)
{
    auto* seen = remember(who, unscoped(source.address()));
    if (!seen || (seen->answered && seen->unanswered == 0))
        return;
    version_ += !seen->answered || seen->has_failed();
    seen->answered = true;
    seen->unanswered = 0;
}

void sightings::spoke(member const& who, endpoint const& source)
{
    auto* seen = remember(who, unscoped(source.address()));
    if (!seen || seen->spoke)
        return;
    ++version_;
    seen->spoke = true;
}

std::optional<endpoint> sightings::best_to_ask(member const& whom, time_point now) const
{
    auto const all = ranked(whom);
    bool const is_due = all.size() > 1 && now - all.front().asked >= whom.beat_interval() / 2;
    return is_due ? std::optional(all.front().where(link_.index)) : std::nullopt;
}

void sightings::asked(member const& whom, endpoint const& where, time_point now)
{
    auto* seen = remember(whom, unscoped(where.address()));
    if (!seen)
        return;
    ++seen->unanswered;
    seen->asked = now;
    version_ += seen->unanswered == failures;
}

bool sightings::hears_at(member const& who, endpoint const& where) const
{
    auto const all = ranked(who);
    return std::ranges::any_of(all, [&](place const& each) {
        return (each.answered || &each == &all.front()) && each.where(link_.index) == where;
    });
}

std::vector<known_address> sightings::known(member const& who) const
{
    auto const places = places_of(who);
    std::vector<known_address> all;
    for (auto const& each : announce::unpack(who.record()).addresses) {
        auto const found = std::ranges::find(places, each, &place::address);
        if (found == places.end())
            all.push_back({each});
        else
            all.push_back(
                {each, found->answered && !found->has_failed(), found->spoke, found->has_failed()});
    }
    return all;
}

void sightings::forget() noexcept
{
    all_.clear();
    ++version_;
}

/// What is kept of this address; none if it is not one of several that the member tells of itself.
/// Called for every datagram, so it unpacks the record only where the address is new.
sightings::place* sightings::remember(member const& who, asio::ip::address const& which)
{
    if (!who.has_several_addresses())
        return nullptr;
    auto found = all_.find(who.who().id);
    if (found != all_.end() && found->second.life == who.who().life) {
        auto const same = std::ranges::find(found->second.all, which, &place::address);
        if (same != found->second.all.end()) {
            found->second.used = ++uses_;
            return &*same;
        }
    }
    auto all = places_of(who);
    if (all.size() < 2 || std::ranges::find(all, which, &place::address) == all.end())
        return nullptr;
    if (found == all_.end())
        make_room();
    auto& kept = all_[who.who().id];
    kept = {who.who().life, std::move(all), ++uses_};
    return &*std::ranges::find(kept.all, which, &place::address);
}

void sightings::make_room()
{
    if (all_.size() < most_remembered)
        return;
    all_.erase(
        std::ranges::min_element(all_, {}, [](auto const& each) { return each.second.used; }));
}

} // namespace rollcast::detail
