// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "protocol/clock.hpp"
#include "protocol/member.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace rollcast::detail {

/// One member of a link in 24 bytes, for charts of ten thousand. Times are kept in milliseconds
/// since the epoch of the registry.
class roster_entry {
public:
    explicit operator bool() const noexcept { return who_ != nullptr; }
    member const& who() const noexcept { return *who_; }
    member_ptr const& pointer() const noexcept { return who_; }

    bool is_suspect() const noexcept { return suspect_ != 0; }
    bool is_proven() const noexcept { return proven_ != 0; }
    /// The member was heard on this link itself; otherwise all that is known of it is what others
    /// say.
    bool is_heard() const noexcept { return heard_ != 0; }
    /// The member has answered us, so that each of us hears the other.
    bool answers() const noexcept { return answers_ != 0; }
    /// The member answers nothing: it neither watches us nor is watched by us until it does.
    bool is_aside() const noexcept { return aside_ != 0; }
    /// Others vouch for the member, but it is neither heard nor reached on this link: it is not
    /// charted.
    bool is_hidden() const noexcept { return is_aside() && !is_heard(); }
    std::chrono::milliseconds last_heard() const noexcept
    {
        return std::chrono::milliseconds(last_heard_);
    }
    std::chrono::milliseconds first_heard() const noexcept
    {
        return std::chrono::milliseconds(std::uint64_t{first_heard_high_} << 32 | first_heard_low_);
    }

    void heard(std::chrono::milliseconds when) noexcept
    {
        last_heard_ = static_cast<std::uint64_t>(when.count()) & mask_44;
    }
    void suspect(bool value) noexcept { suspect_ = value; }

    /// How long the member's silence may mean nothing. A record may say any interval, and a long
    /// one is not believed before the member has answered.
    std::chrono::milliseconds beat_interval() const noexcept
    {
        auto const told = who_->beat_interval();
        return is_proven() ? told : std::min(told, longest_unproven_beat);
    }
    /// With more a forged HELLO of nobody would stay charted longer, for an hour at 900 s.
    static constexpr auto longest_unproven_beat = std::chrono::milliseconds(2500);

    /// An instance that has proven its address has told of this member as it is held; see
    /// `postage`.
    bool is_vouched() const noexcept { return vouched_ != 0; }
    void vouch(bool value) noexcept { vouched_ = value; }

private:
    friend class roster;
    static constexpr std::uint64_t mask_44 = (std::uint64_t{1} << 44) - 1; // 557 years

    member_ptr who_;
    std::uint64_t last_heard_ : 44 = 0;
    std::uint64_t first_heard_high_ : 12 = 0;
    std::uint64_t suspect_ : 1 = 0;
    std::uint64_t proven_ : 1 = 0;
    std::uint64_t heard_ : 1 = 0;
    std::uint64_t answers_ : 1 = 0;
    std::uint64_t aside_ : 1 = 0;
    std::uint64_t vouched_ : 1 = 0;
    std::uint32_t first_heard_low_ = 0;
    std::uint32_t position_ = 0; ///< The upper half of the ring position.
};
static_assert(sizeof(roster_entry) == 24);

/// The members of a link in the order of the ring, without oneself.
///
/// A hash table with linear probing whose hash is the ring position and which keeps its entries
/// sorted: finding by id costs a probe or two, and neighbours on the ring are neighbours in the
/// table.
class roster {
public:
    explicit roster(group_key const& key) : key_(key) {}

    std::size_t size() const noexcept { return size_; }
    std::size_t unproven() const noexcept { return unproven_; }
    std::size_t aside() const noexcept { return aside_; }
    std::size_t hidden() const noexcept { return hidden_; }
    std::size_t heard() const noexcept { return heard_; }
    set_hash const& hash() const noexcept { return hash_; }
    std::uint64_t version() const noexcept { return version_; } ///< Grows with every change.
    std::size_t memory() const noexcept { return entries_.capacity() * sizeof(roster_entry); }

    /// How many members have no address of this IP version.
    std::size_t without(bool v4) const noexcept { return v4 ? without_v4_ : without_v6_; }

    /// The ports at which proven members hear the group, and how many members each has, the most
    /// used port first.
    std::span<std::pair<net::port_type, std::size_t> const> ports() const noexcept
    {
        return ports_;
    }

    roster_entry* find(std::uint64_t id) noexcept;
    roster_entry const* find(std::uint64_t id) const noexcept;

    // Entries stay where they are until the next insert or erase.
    roster_entry& insert(member_ptr who, std::chrono::milliseconds now);
    void replace(roster_entry& entry, member_ptr who);
    void prove(roster_entry& entry);
    void hear(roster_entry& entry);   ///< From now on the member counts as heard.
    void answer(roster_entry& entry); ///< From now on the member answers.
    void set_aside(roster_entry& entry);
    void miss(roster_entry& entry); ///< As if the member had never been heard.
    void erase(std::uint64_t id);

    /// The entry after this position on the ring, which wraps round; none in an empty roster.
    roster_entry* after(std::uint64_t position) noexcept;
    roster_entry* before(std::uint64_t position) noexcept;
    roster_entry* next(roster_entry const& entry) noexcept;
    roster_entry* previous(roster_entry const& entry) noexcept;

    /// All entries, with empty ones between.
    std::span<roster_entry const> all() const noexcept { return entries_; }
    /// The first entry of this bucket or behind it; the end of `all` if there is none.
    std::size_t bucket_begin(std::size_t bucket) const noexcept;

    static std::size_t bucket_of(std::uint64_t position) noexcept { return position >> 56; }
    std::uint32_t bucket_hash(std::size_t bucket) const noexcept { return buckets_[bucket]; }

private:
    std::size_t home(std::uint32_t position) const noexcept
    {
        return static_cast<std::size_t>(std::uint64_t{position} * capacity_ >> 32);
    }
    static bool is_before(roster_entry const& a, std::uint64_t position, std::uint64_t id) noexcept;
    std::size_t lower_bound(std::uint64_t position, std::uint64_t id) const noexcept;
    void make_room();
    void place(roster_entry entry);
    void count(roster_entry const& entry, bool in);
    void count_port(net::port_type port, bool in);

    group_key key_;
    std::vector<roster_entry> entries_; ///< `capacity_`, and room for entries moved past it.
    std::size_t capacity_ = 0;
    std::size_t size_ = 0;
    std::size_t unproven_ = 0;
    std::size_t aside_ = 0;
    std::size_t hidden_ = 0;
    std::size_t heard_ = 0;
    std::size_t without_v4_ = 0;
    std::size_t without_v6_ = 0;
    std::vector<std::pair<net::port_type, std::size_t>> ports_;
    std::uint64_t version_ = 0;
    set_hash hash_;
    std::array<std::uint32_t, 256> buckets_{};
};

} // namespace rollcast::detail
