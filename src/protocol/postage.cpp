// SPDX-License-Identifier: BSL-1.0
#include "protocol/postage.hpp"

#include <algorithm>
#include <cstring>
#include <span>
#include <tuple>
#include <utility>

namespace rollcast::detail {
namespace {

/// Accounts in a set, all of which are looked at to find one.
constexpr std::size_t ways = 4;
/// Room at the start, doubled as needed.
constexpr std::size_t first_accounts = 64;
static_assert(postage::most_accounts % first_accounts == 0 && first_accounts % ways == 0);

/// In bytes, 64 KiB for an address and 1 MiB for all that are vouched for: no attacker can save up
/// for a flood.
constexpr std::uint32_t most_credit = 0x10000;
constexpr std::uint64_t most_vouched_bytes = 0x100000;

/// Seeded, so that no attacker can choose addresses that share an account, or that push out a
/// certain one.
std::uint64_t mix(std::uint64_t state, std::uint64_t word) noexcept
{
    state = (state ^ word) * 0x9e3779b97f4a7c15;
    state ^= state >> 29;
    state *= 0xbf58476d1ce4e5b9;
    return state ^ state >> 32;
}

template <class Bytes>
std::uint64_t mix_all(std::uint64_t state, Bytes const& bytes) noexcept
{
    for (std::size_t i = 0; i < bytes.size(); i += 4) {
        std::uint32_t word;
        std::memcpy(&word, bytes.data() + i, sizeof word);
        state = mix(state, word);
    }
    return state;
}

} // namespace

// Without the scope of a link-local address, as in a cookie.
std::uint64_t postage::key_of(endpoint const& where) const noexcept
{
    auto const state = mix(secret_, where.port());
    auto const& address = where.address();
    return 1 | (address.is_v4() ? mix_all(state, address.to_v4().to_bytes())
                                : mix_all(state, address.to_v6().to_bytes()));
}

std::uint64_t postage::key_of(life_id const& who) const noexcept
{
    return 1 | mix_all(mix(secret_, ~std::uint64_t{0}), who.bytes);
}

postage::account* postage::find(std::uint64_t key) noexcept
{
    return const_cast<account*>(std::as_const(*this).find(key));
}

postage::account const* postage::find(std::uint64_t key) const noexcept
{
    if (accounts_.empty())
        return nullptr;
    auto const set = (key >> 8) % (accounts_.size() / ways);
    auto const in = std::span(accounts_).subspan(set * ways, ways);
    auto const found = std::ranges::find(in, key, &account::key);
    return found == in.end() ? nullptr : &*found;
}

/// The place for a new account: a free one, or that of an address that has proven nothing and was
/// used longest ago, or else of a proven one.
postage::account* postage::free_in(std::uint64_t key) noexcept
{
    auto const set = (key >> 8) % (accounts_.size() / ways);
    auto const in = std::span(accounts_).subspan(set * ways, ways);
    return &*std::ranges::min_element(in, {}, [](account const& each) {
        return std::tuple(each.key != 0, each.proven, each.touched);
    });
}

void postage::grow()
{
    auto const before = std::exchange(accounts_, {});
    accounts_.resize(std::max(first_accounts, 2 * before.size()));
    for (auto const& each : before)
        if (each.key != 0)
            *free_in(each.key) = each;
}

postage::account& postage::open(std::uint64_t key)
{
    auto* place = find(key);
    if (!place) {
        while (accounts_.empty() || (free_in(key)->key != 0 && accounts_.size() < most_accounts))
            grow();
        place = free_in(key);
        *place = account{key};
    }
    place->touched = ++clock_;
    return *place;
}

void postage::received(endpoint const& from, std::size_t bytes)
{
    auto& with = open(key_of(from));
    with.credit = std::min(most_credit, with.credit + static_cast<std::uint32_t>(bytes));
}

void postage::prove(endpoint const& at)
{
    open(key_of(at)).proven = true;
}

bool postage::is_proven(endpoint const& at) const noexcept
{
    auto const* known = find(key_of(at));
    return known && known->proven;
}

void postage::told(life_id const& who, endpoint const& by)
{
    open(key_of(who)).payer = key_of(by);
}

void postage::vouch(endpoint const& by, std::size_t bytes) noexcept
{
    auto* with = find(key_of(by));
    auto const moved = with ? std::min<std::size_t>(bytes, with->credit) : 0;
    if (with)
        with->credit -= static_cast<std::uint32_t>(moved);
    vouch(moved);
}

void postage::vouch(std::size_t bytes) noexcept
{
    vouched_ = std::min(most_vouched_bytes, vouched_ + bytes);
}

postage::account const* postage::payer_of(recipient const& whom) const noexcept
{
    auto const* known = whom.life == life_id{} ? nullptr : find(key_of(whom.life));
    auto const* payer = known ? find(known->payer) : nullptr;
    return payer && payer->key != key_of(whom.to) ? payer : nullptr;
}

bool postage::affords(recipient const& whom, std::size_t bytes) const noexcept
{
    auto const* own = find(key_of(whom.to));
    auto const* payer = payer_of(whom);
    if (own && own->proven)
        return true;
    auto const credit = [](account const* each) { return each ? each->credit : 0; };
    return credit(own) + credit(payer) + (whom.vouched ? vouched_ : 0) >= bytes;
}

bool postage::pay(recipient const& whom, std::size_t bytes) noexcept
{
    if (!affords(whom, bytes))
        return false;
    auto* own = find(key_of(whom.to));
    if (own && own->proven)
        return true;
    for (auto* each : {own, const_cast<account*>(payer_of(whom))}) {
        auto const paid = each ? std::min<std::size_t>(bytes, each->credit) : 0;
        if (each)
            each->credit -= static_cast<std::uint32_t>(paid);
        bytes -= paid;
    }
    vouched_ -= bytes;
    return true;
}

} // namespace rollcast::detail
