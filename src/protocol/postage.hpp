// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "announce/announcement.hpp"
#include "protocol/endpoint.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace rollcast::detail {

/// The one gate for all that is sent to a single address. An address that has proven nothing may be
/// that of a victim: it gets no more bytes than came from it, or from the address that told of an
/// instance there. So no attacker can make this instance send more to a victim than the attacker
/// has sent itself.
///
/// Bounded: of very many addresses those heard last are remembered, and proven ones before others.
/// An address that was forgotten has to speak, or to prove itself, again.
class postage {
public:
    /// Of addresses, and of lives that were told of. With more a flood of forged sources pushes out
    /// fewer strangers, and costs more memory.
    static constexpr std::size_t most_accounts = 1024;

    explicit postage(std::uint64_t secret) noexcept : secret_(secret) {}

    void received(endpoint const& from, std::size_t bytes);

    /// An instance receives at this address: it has echoed a cookie that only this address was
    /// told.
    void prove(endpoint const& at);
    bool is_proven(endpoint const& at) const noexcept;

    /// The address `by` has told where this life is to be reached, and pays for what is sent to the
    /// life there.
    void told(life_id const& who, endpoint const& by);

    /// An instance that has proven its address `by` has told of others, in so many of the bytes
    /// that came from there. They may be spent on any recipient that is vouched for.
    void vouch(endpoint const& by, std::size_t bytes) noexcept;
    void vouch(std::size_t bytes) noexcept; ///< The same, with no address to take them from.

    /// Whom a datagram is for.
    struct recipient {
        endpoint to{};
        life_id life{};       ///< Zeros for an asker, which may be nobody that is known.
        bool vouched = false; ///< An instance that has proven its address told of it.
    };
    bool affords(recipient const& whom, std::size_t bytes) const noexcept;
    /// Whether so many bytes may be sent; then they count as sent.
    bool pay(recipient const& whom, std::size_t bytes) noexcept;

    std::size_t size() const noexcept { return accounts_.size(); }

private:
    struct account {
        std::uint64_t key = 0;     ///< 0 for none.
        std::uint64_t payer = 0;   ///< Of a life: the key of the address that told of it.
        std::uint64_t touched = 0; ///< By `clock_`: the smallest is forgotten first.
        std::uint32_t credit = 0;  ///< In bytes.
        bool proven = false;
    };

    std::uint64_t key_of(endpoint const& where) const noexcept;
    std::uint64_t key_of(life_id const& who) const noexcept;
    account* find(std::uint64_t key) noexcept;
    account const* find(std::uint64_t key) const noexcept;
    account const* payer_of(recipient const& whom) const noexcept;
    account& open(std::uint64_t key);
    account* free_in(std::uint64_t key) noexcept;
    void grow();

    std::uint64_t secret_;
    std::uint64_t clock_ = 0;       ///< Counts the uses of accounts.
    std::uint64_t vouched_ = 0;     ///< In bytes.
    std::vector<account> accounts_; ///< In sets of a few; an account has its place in one of them.
};

} // namespace rollcast::detail
