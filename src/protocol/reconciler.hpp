// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "protocol/registry.hpp"
#include "protocol/voice.hpp"

#include <bitset>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace rollcast::detail {

/// Makes two charts of one link equal when their hashes differ: a PULL tells the partial hashes of
/// 256 buckets, RECORDS bring all members of the buckets that differ, and what the peer turned out
/// not to have is sent back.
class reconciler {
public:
    reconciler(registry& known, voice& out, self_state& self)
        : known_(known), out_(out), self_(self)
    {
    }

    /// An instance whose chart is compared with ours.
    struct peer {
        std::uint64_t id = 0;
        endpoint where{};
    };

    /// The peer's chart amounts to this; a difference leads to a pull after the delay. An urgent
    /// pull does not wait until the own chart has settled.
    void compare(peer const& with, summary const& theirs, std::optional<std::uint64_t> cookie,
                 duration delay, time_point now, bool urgent = false);

    /// Whether the difference to a chart with this hash stays: it survived two pulls.
    bool is_agreed(summary::hash_type const& theirs) const;

    /// Whether a difference means nothing yet, because the own chart has only just changed.
    bool is_young(time_point now) const noexcept;

    /// The source has echoed a cookie. A peer that was asked for that proof can now be pulled from.
    void hear_proof(announcement const& heard, arrival const& from, time_point now);

    void hear_pull(announcement const& heard, asker const& from, time_point now);

    /// `hear_records` is to be called before what the datagram tells is learned, `heard_records`
    /// after.
    void hear_records(announcement const& heard, arrival const& from, time_point now);
    void heard_records(announcement const& heard, arrival const& from, time_point now);

    /// Members that a peer does not hold, although it was told of them: their watchers may have
    /// called them gone. Only some, where there are many.
    std::vector<member_ptr> take_unshared();

    /// Whether a peer with another chart could not be asked for a proof, for want of postage;
    /// `find_words` forgets that.
    bool is_out_of_words() const noexcept { return out_of_words_; }
    void find_words() noexcept { out_of_words_ = false; }

    void advance(time_point now);
    std::optional<time_point> next_deadline() const;
    void stop();

private:
    using buckets = std::bitset<announce::bucket_count>;

    /// To pull from a peer, as soon as that may be.
    struct wish {
        peer with;
        summary::hash_type theirs{};
        std::optional<std::uint64_t> cookie{}; ///< The peer's, to be echoed.
        time_point at{};
        bool urgent = false;
        bool proof_asked = false;
        std::uint32_t members = 0; ///< Of the peer's chart.
        int failures = 0;          ///< So often the peer was asked in vain.
        time_point since{}; ///< When a difference was found first, to this peer or to another.
    };
    struct mention {
        std::uint64_t id;
        std::uint64_t hash; ///< The low half of it.
    };
    /// A PULL of ours, and the RECORDS that answer it.
    struct exchange {
        peer with;
        summary::hash_type theirs{};
        time_point until{};
        std::vector<bool> parts{}; ///< Which parts have come.
        std::size_t part_count = 0;
        std::size_t last_part = parts_unknown;
        buckets differing{};
        std::vector<mention> mentioned{};      ///< No more than a chart may have.
        std::optional<std::uint64_t> cookie{}; ///< The peer's that our PULL has echoed.
        int failures = 0;

        static constexpr std::size_t parts_unknown = ~std::size_t{0};
    };
    /// RECORDS of ours to one host: the answer to a PULL, or a push, which brings back what a peer
    /// that has answered us does not have.
    struct stream {
        endpoint to;
        std::optional<std::uint64_t> echo;
        buckets which{};
        std::vector<mention> without{}; ///< For a push: what the peer has, sorted by id.
        bool push = false;
        bool observer = false; ///< The receiver is one.
        bool own_told = false;
        bool tombstones_told = false;
        std::uint64_t position = 0; ///< On the ring, of the member told last.
        bool begun = false;         ///< A member has been told.
        std::uint16_t index = 0;    ///< Of the next part.
    };

    void seek(wish const& which, time_point now);
    void ask_for_proof(wish which, time_point now);
    bool pull(wish const& which, bool whole, time_point now);
    void give_up(time_point now);
    bool finish();
    void note_unshared(stream const& what);
    void start_stream(stream value, time_point now);
    void transmit(time_point now);
    bool step(stream& which, time_point now);
    bool fill(stream& which, announcement const& head, std::vector<std::byte>& members);
    bool fill_ended(stream const& which, announcement const& head, std::vector<std::byte>& ended,
                    time_point now) const;
    bool is_left_out(stream const& which, member const& who) const;

    registry& known_;
    voice& out_;
    self_state& self_;
    std::optional<wish> wish_;
    std::optional<exchange> exchange_;
    bool out_of_words_ = false;
    std::vector<stream> streams_;
    time_point next_burst_{};
    time_point pulled_at_{};

    /// How an exchange has ended.
    struct outcome {
        std::uint64_t with;
        summary::hash_type theirs;
        summary::hash_type mine;
        friend bool operator==(outcome const&, outcome const&) = default;
    };
    std::optional<outcome> last_outcome_;
    std::vector<std::pair<summary::hash_type, summary::hash_type>> agreed_; ///< Theirs, ours.
    std::vector<member_ptr> unshared_;
};

} // namespace rollcast::detail
