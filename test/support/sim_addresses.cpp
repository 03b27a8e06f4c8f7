// SPDX-License-Identifier: BSL-1.0
#include "support/simulated_network.hpp"

#include "protocol/subnets.hpp"

#include <algorithm>

// The addresses that hosts of a simulated network are given, and which of them can be reached.

namespace rollcast::test {
namespace {

using asio::ip::address;

net::interface_address in_its_subnet(simulated_address const& value)
{
    return {value.address, value.prefix_length};
}

bool share_a_subnet(simulated_address const& own, address const& other)
{
    auto const subnet = in_its_subnet(own);
    return detail::is_in_subnet(other, std::span(&subnet, 1));
}

} // namespace

void simulated_network::set_addresses(std::size_t who, unsigned segment,
                                      std::vector<simulated_address> all)
{
    given_[{who, segment}] = std::move(all);
    renew_links(who);
}

void simulated_network::silence(address const& which, bool on)
{
    for (auto& [place, all] : given_)
        for (auto& each : all)
            if (each.address == which)
                each.answers = !on;
}

bool simulated_network::answers(address const& which) const
{
    return std::ranges::any_of(given_, [&](auto const& place) {
        return std::ranges::any_of(place.second, [&](simulated_address const& each) {
            return each.address == which && each.answers;
        });
    });
}

std::vector<simulated_address> const* simulated_network::given_to(std::size_t who,
                                                                  unsigned segment) const
{
    if (given_.empty())
        return nullptr;
    auto const found = given_.find({who, segment});
    return found == given_.end() ? nullptr : &found->second;
}

bool simulated_network::has_version(std::size_t who, unsigned segment, bool v4) const
{
    auto const* given = given_to(who, segment);
    auto const is_such = [&](auto const& each) { return each.address.is_v4() == v4; };
    return has_version(segment, v4) && (!given || std::ranges::any_of(*given, is_such));
}

/// Where a datagram leaves from; none where it cannot leave.
std::optional<address> simulated_network::source_for(std::size_t who, unsigned segment, bool v4,
                                                     detail::outgoing const& what) const
{
    auto const* given = given_to(who, segment);
    if (!given)
        return address_of(who, segment, v4);
    if (!what.to) {
        // From its first IPv4 address, or its link-local one.
        auto const is_usual = [&](auto const& each) {
            return v4 ? each.address.is_v4() : detail::is_link_local(each.address);
        };
        auto const usual = std::ranges::find_if(*given, is_usual);
        auto const any = std::ranges::find_if(
            *given, [&](auto const& each) { return each.address.is_v4() == v4; });
        return (usual != given->end() ? usual : any)->address;
    }
    for (auto const& each : *given)
        if (what.from == seen_by(who, segment, each.address))
            return each.address;
    return source_to(who, segment, what.to->address());
}

/// The kernel's choice: an address of that subnet, of these one that changes for privacy and none
/// that is deprecated.
std::optional<address> simulated_network::source_to(std::size_t who, unsigned segment,
                                                    address const& destination) const
{
    auto const* given = given_to(who, segment);
    if (!given)
        return address_of(who, segment, destination.is_v4());
    simulated_address const* best = nullptr;
    for (auto const& each : *given) {
        if (!share_a_subnet(each, destination))
            continue;
        auto const worth = [](simulated_address const& value) {
            return value.deprecated ? 0 : value.temporary ? 2 : 1;
        };
        if (!best || worth(*best) < worth(each))
            best = &each;
    }
    return best ? std::optional(best->address) : std::nullopt;
}

bool simulated_network::accepts_source(std::size_t who, datagram const& what) const
{
    auto const* given = given_to(who, what.segment);
    if (!has_version(who, what.segment, what.v4))
        return false;
    if (what.to || !what.v4 || !given || !segments_[what.segment].how.strict)
        return true;
    return std::ranges::any_of(
        *given, [&](auto const& each) { return share_a_subnet(each, what.source.address()); });
}

bool simulated_network::reaches(std::size_t from, std::size_t to, address const& value) const
{
    for (auto const& each : at(from).seats) {
        bool const scoped = detail::is_link_local(value);
        if (scoped && value.to_v6().scope_id() != link_of(from, each.segment))
            continue;
        auto const found = place_of(value, each.segment);
        if (found && found->owner == to && source_to(from, each.segment, value))
            return true;
    }
    return false;
}

std::vector<std::string> simulated_network::misplaced()
{
    std::vector<std::string> found;
    for (std::size_t who = 0; who < count(); ++who) {
        if (!is_running(who) || at(who).silent)
            continue;
        for (auto const& known : engine(who).snapshot()) {
            auto const other = std::ranges::find(
                instances_, known.life, [](auto const& each) { return each->engine->own().life; });
            auto const to = static_cast<std::size_t>(other - instances_.begin());
            auto const works = [&](address const& each) { return reaches(who, to, each); };
            if (other == instances_.end() || std::ranges::none_of(known.addresses, works) ||
                works(known.addresses.front()))
                continue;
            found.push_back(std::to_string(who) + " has " + known.addresses.front().to_string() +
                            " of " + std::to_string(to));
        }
    }
    return found;
}

} // namespace rollcast::test
