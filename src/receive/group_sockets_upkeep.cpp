// SPDX-License-Identifier: BSL-1.0
#include "receive/group_sockets.hpp"

#include "os/interfaces.hpp"
#include "os/kernel_memberships.hpp"
#include "os/membership_report.hpp"
#include "receive/interface_choice.hpp"

#include <algorithm>
#include <numeric>

// What becomes of memberships while interfaces, routes and neighbours change.

namespace rollcast::receive {

std::size_t group_sockets::repair(subscription_config const& config,
                                  std::vector<unsigned> const& removed, listener const& tell)
{
    if (links_.empty())
        return 0;
    std::vector<std::size_t> plugged_in;
    follow_route(config, tell);
    os::kernel_memberships const kernel(socket_of(0), config.group.address.is_v4());
    for (std::size_t number = 0; number < links_.size(); ++number) {
        auto& interface = links_[number].interface;
        auto const name = os::interface_name(socket_of(number), interface.index);
        bool const is_gone =
            name.empty() || std::ranges::find(removed, interface.index) != removed.end();
        if (links_[number].is_member && !is_gone)
            interface.name = name; // it may have been renamed
        mend(config, number, is_gone || kernel.lacks(interface.index, config.group.address), tell);
        bool const was_running =
            std::exchange(interface.up, os::can_carry(socket_of(number), interface.name));
        // The switch at the other end of a cable that was plugged in may know no membership yet.
        if (links_[number].is_member && interface.up && !was_running)
            plugged_in.push_back(number);
    }
    return renew(config, plugged_in, tell);
}

/// A join that fails is tried again with the next report: an interface comes in several steps.
void group_sockets::mend(subscription_config const& config, std::size_t number, bool is_lost,
                         listener const& tell)
{
    auto& where = links_[number];
    if (where.is_member && is_lost) {
        leave_link(config, number);
        tell(membership_change::lost, where.interface);
    }
    if (where.is_member)
        return;
    auto there = where.interface;
    there.index = os::interface_index(socket_of(number), there.name);
    if (there.index != 0 && !move_to(config, number, there))
        tell(membership_change::rejoined, where.interface);
}

/// Where no interface was named the routing table has the choice, and may choose anew. While it
/// leads nowhere the membership stays where it is.
void group_sockets::follow_route(subscription_config const& config, listener const& tell)
{
    if (!is_chosen_by_route(config) || !os::shares_network_with_thread(socket_of(0)))
        return;
    auto const chosen = interfaces_to_join(config);
    if (!chosen || chosen->front().index == links_.front().interface.index)
        return;
    auto const left = links_.front();
    if (left.is_member)
        leave_link(config, 0);
    if (!move_to(config, 0, chosen->front()))
        tell(membership_change::moved, links_.front().interface);
    else if (left.is_member)
        tell(membership_change::lost, left.interface);
}

error_code group_sockets::move_to(subscription_config const& config, std::size_t number,
                                  net::interface_info const& there)
{
    drop_further_sockets(number); // joining opens them again
    for (auto& each : sockets_)
        if (each.link == number)
            if (auto const ec = move_socket(config, each, there.index))
                return ec;
    links_[number].interface = there;
    return join_link(config, number);
}

void group_sockets::drop_further_sockets(std::size_t number)
{
    bool is_first = true;
    std::erase_if(sockets_, [&](bound_socket& each) {
        if (each.link != number || std::exchange(is_first, false))
            return false;
        retire(each);
        return true;
    });
}

std::size_t group_sockets::renew(subscription_config const& config, listener const& tell)
{
    std::vector<std::size_t> all(links_.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    return renew(config, all, tell);
}

std::size_t group_sockets::renew_silent(subscription_config const& config, listener const& tell)
{
    std::vector<bool> are_heard(links_.size());
    for (auto& socket : sockets_) {
        bool const is_heard = std::exchange(socket.is_heard, false);
        for (std::size_t number = 0; number < links_.size(); ++number)
            are_heard[number] = are_heard[number] || (is_heard && socket.serves(number));
    }
    std::vector<std::size_t> silent;
    for (std::size_t number = 0; number < links_.size(); ++number)
        if (!are_heard[number])
            silent.push_back(number);
    return renew(config, silent, tell);
}

std::size_t group_sockets::renew(subscription_config const& config,
                                 std::vector<std::size_t> const& numbers, listener const& tell)
{
    if (numbers.empty())
        return 0;
    std::size_t renewed = 0;
    os::kernel_memberships const kernel(socket_of(0), config.group.address.is_v4());
    bool const is_here = os::shares_network_with_thread(socket_of(0));
    for (auto const number : numbers) {
        auto const& where = links_[number];
        if (!where.is_member)
            continue;
        auto const version = kernel.igmp_version_on(where.interface.index);
        if (version == 2 && is_here)
            (void)os::report_membership_as_igmp_v2(config.group.address, where.interface.index);
        if (version != 3)
            continue; // leaving may cut this host off, and an old querier asks for members anyway
        auto const holders = kernel.holders(where.interface.index, config.group.address);
        bool const is_lost = kernel.lacks(where.interface.index, config.group.address);
        if (!is_lost && is_here &&
            !os::report_membership(config.group.address, where.interface.index, config.sources))
            continue;
        if (holders > sockets_for(number)) {
            tell_unreported(links_[number], tell);
            continue;
        }
        renewed += renew_link(config, number, tell);
    }
    return renewed;
}

/// The kernel tells the network of a group when its last holder leaves and the first one comes.
bool group_sockets::renew_link(subscription_config const& config, std::size_t number,
                               listener const& tell)
{
    leave_link(config, number);
    bool const failed = join_link(config, number).failed();
    if (failed)
        tell(membership_change::lost, links_[number].interface);
    return !failed;
}

/// Where other sockets of this host hold the group, the kernel tells the network nothing when this
/// subscription leaves and joins.
void group_sockets::tell_unreported(link& where, listener const& tell)
{
    if (!std::exchange(where.is_unreported, true))
        tell(membership_change::unreported, where.interface);
}

std::size_t group_sockets::sockets_for(std::size_t number) const noexcept
{
    return static_cast<std::size_t>(
        std::ranges::count_if(sockets_, [&](auto const& each) { return each.serves(number); }));
}

} // namespace rollcast::receive
