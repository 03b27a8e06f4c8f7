// SPDX-License-Identifier: BSL-1.0
#include "testing/switchboard.hpp"

#include "testing/memory_carrier.hpp"

#include <algorithm>
#include <stdexcept>

namespace rollcast::testing::detail {
namespace {

constexpr unsigned interface_index = 2;
constexpr unsigned most_machines = 65534;

} // namespace

net::interface_info machine::interface() const
{
    net::interface_info result;
    result.name = "net0";
    result.index = interface_index;
    result.mtu = 1500;
    result.up = plugged_in;
    result.multicast = true;
    result.addresses = {{v4, 16}, {v6, 64}};
    return result;
}

std::shared_ptr<machine> switchboard::add_machine(std::shared_ptr<switchboard> const& self)
{
    if (machines_ == most_machines)
        throw std::length_error("add_host: a network has room for 65534 hosts");
    auto result = std::make_shared<machine>();
    result->board = self;
    result->number = ++machines_;
    result->v4 = asio::ip::address_v4(0x0a4d0000 + result->number); // 10.77.0.0/16
    auto bytes = asio::ip::make_address_v6("fd77::").to_bytes();
    bytes[14] = static_cast<unsigned char>(result->number >> 8);
    bytes[15] = static_cast<unsigned char>(result->number);
    result->v6 = asio::ip::address_v6(bytes);
    return result;
}

void switchboard::disconnect(memory_carrier const& which)
{
    std::erase_if(carriers_, [&](auto const& each) {
        auto const carrier = each.lock();
        return !carrier || carrier.get() == &which;
    });
}

std::vector<std::shared_ptr<memory_carrier>> switchboard::carriers_of(machine const& host) const
{
    std::vector<std::shared_ptr<memory_carrier>> result;
    for (auto const& each : carriers_)
        if (auto carrier = each.lock(); carrier && &carrier->where() == &host)
            result.push_back(std::move(carrier));
    return result;
}

void switchboard::carry(memory_carrier const& from, endpoint const& source, net::group const& to,
                        std::span<std::byte const> bytes)
{
    auto const content = std::make_shared<std::vector<std::byte> const>(bytes.begin(), bytes.end());
    for (auto const& each : carriers_)
        if (auto const carrier = each.lock(); carrier && carrier->hears(to))
            deliver(from, carrier, content, {interface_index, source, true, {}});
}

void switchboard::carry(memory_carrier const& from, endpoint const& source, endpoint const& to,
                        std::span<std::byte const> bytes)
{
    auto const content = std::make_shared<std::vector<std::byte> const>(bytes.begin(), bytes.end());
    for (auto const& each : carriers_)
        if (auto const carrier = each.lock(); carrier && carrier->is_at(to))
            deliver(from, carrier, content, {interface_index, source, false, to.address()});
}

/// What stays on a host is neither lost nor late.
void switchboard::deliver(memory_carrier const& from, std::shared_ptr<memory_carrier> const& to,
                          std::shared_ptr<std::vector<std::byte> const> const& bytes,
                          arrival const& how)
{
    bool const stays = &to->where() == &from.where();
    bool const is_lost = std::bernoulli_distribution(how_.loss)(chance_);
    bool const is_cut = cuts_.contains({from.where().number, to->where().number});
    if (!from.reaches(*to, how.multicast) || (!stays && (is_lost || is_cut)))
        return;
    auto const when = plans_.later(stays ? duration() : time_on_the_way());
    plans_.add(when, [weak = std::weak_ptr(to), bytes, how] {
        if (auto const receiver = weak.lock())
            receiver->receive(bytes, how);
    });
}

duration switchboard::time_on_the_way()
{
    auto const most = std::chrono::duration_cast<duration>(how_.jitter).count();
    duration const more(std::uniform_int_distribution<duration::rep>(0, most)(chance_));
    auto const least = std::chrono::duration_cast<duration>(how_.delay);
    return more < duration::max() - least ? least + more : duration::max();
}

} // namespace rollcast::testing::detail
