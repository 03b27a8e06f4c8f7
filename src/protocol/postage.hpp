// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "protocol/endpoint.hpp"

#include <rollcast/announce/announcement.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace rollcast::detail {

/// The one gate for all that is sent to a single address: whoever has proven nothing may be
/// somebody else's address, and gets no more bytes than came from there, or from whoever told that
/// somebody is there. So nobody can make this instance send more to a victim than it has sent
/// itself.
///
/// Bounded: of very many sources those heard last are remembered, and proven ones before others.
/// Whoever is forgotten has to speak, or to prove itself, again.
class postage {
public:
    static constexpr std::size_t most_accounts = 1024;

    explicit postage(std::uint64_t secret) noexcept : secret_(secret) {}

    void received(endpoint const& from, std::size_t bytes);

    /// Somebody receives there: it has echoed what only that address was told.
    void prove(endpoint const& at);
    bool is_proven(endpoint const& at) const noexcept;

    /// This source has told where that life is to be reached, and pays for what is sent there.
    void told(life_id const& who, endpoint const& by);

    /// In so many of the bytes that have come from there one that was asked has told of others:
    /// these may be asked for that, whoever they are.
    void vouch(endpoint const& by, std::size_t bytes) noexcept;
    void vouch(std::size_t bytes) noexcept; ///< The same, as if there had been somebody.

    /// Whom something is for.
    struct recipient {
        endpoint to{};
        life_id life{}; ///< Zeros for somebody who has asked, and may be nobody that is known.
        bool vouched = false; ///< One that was asked has told of it.
    };
    bool affords(recipient const& whom, std::size_t bytes) const noexcept;
    /// Whether it may be sent; then it counts as sent.
    bool pay(recipient const& whom, std::size_t bytes) noexcept;

    std::size_t size() const noexcept { return accounts_.size(); }

private:
    struct account {
        std::uint64_t key = 0; ///< 0 for none.
        std::uint64_t payer = 0;
        std::uint64_t touched = 0;
        std::uint32_t credit = 0;
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
    std::uint64_t clock_ = 0;
    std::uint64_t vouched_ = 0;
    std::vector<account> accounts_; ///< In sets, of which a key has one.
};

} // namespace rollcast::detail
