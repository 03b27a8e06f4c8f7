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
/// 256 buckets, RECORDS bring all of the buckets that differ, and what the other one turned out
/// not to have is sent back.
class reconciler {
public:
    reconciler(registry& known, voice& out, self_state& self)
        : known_(known), out_(out), self_(self)
    {
    }

    struct peer {
        std::uint64_t id = 0;
        endpoint where{};
    };

    /// Somebody's chart amounts to this; a difference leads to a pull after the delay. An urgent
    /// one does not wait until the own chart has settled.
    void compare(peer const& with, summary const& theirs, std::optional<std::uint64_t> cookie,
                 duration delay, time_point now, bool urgent = false);

    /// Whether the difference to this chart is one that stays: it survived two pulls.
    bool is_agreed(summary::hash_type const& theirs) const;

    /// Whether a difference means nothing yet, because the own chart has only just changed.
    bool is_young(time_point now) const noexcept;

    /// The address has shown that somebody receives there, who may be waited for.
    void hear_proof(announcement const& heard, arrival const& from, time_point now);

    void hear_pull(announcement const& heard, asker const& from, time_point now);

    /// To be called before and after what the datagram tells is learned.
    void hear_records(announcement const& heard, arrival const& from, time_point now);
    void heard_records(announcement const& heard, arrival const& from, time_point now);

    /// Members that another chart does not hold, although it was told of them: those who watch
    /// them may have called them gone. Only some, where there are many.
    std::vector<member_ptr> take_unshared();

    /// Whether there was something to ask, and nothing may be said any more to whoever knows it.
    bool is_out_of_words() const noexcept { return out_of_words_; }
    void find_words() noexcept { out_of_words_ = false; }

    void advance(time_point now);
    std::optional<time_point> next_deadline() const;
    void stop();

private:
    using buckets = std::bitset<announce::bucket_count>;

    struct wish {
        peer with;
        summary::hash_type theirs{};
        std::optional<std::uint64_t> cookie{};
        time_point at{};
        bool urgent = false;
        bool proof_asked = false;
        std::uint32_t members = 0; ///< Of the other chart.
        int failures = 0;          ///< So often it was asked in vain.
        time_point since{};        ///< Something has been different.
    };
    struct mention {
        std::uint64_t id;
        std::uint64_t hash;
    };
    struct exchange {
        peer with;
        summary::hash_type theirs{};
        time_point until{};
        std::vector<bool> parts{}; ///< Those that have come.
        std::size_t part_count = 0;
        std::size_t last_part = parts_unknown;
        buckets differing{};
        std::vector<mention> mentioned{};      ///< No more than a chart may have.
        std::optional<std::uint64_t> cookie{}; ///< It was asked with.
        int failures = 0;

        static constexpr std::size_t parts_unknown = ~std::size_t{0};
    };
    struct stream {
        endpoint to;
        std::optional<std::uint64_t> echo;
        buckets which{};
        std::vector<mention> without{}; ///< Those the other one has, sorted; for a push.
        bool push = false;
        bool observer = false; ///< The other one is.
        bool own_told = false;
        bool tombstones_told = false;
        std::uint64_t position = 0; ///< Of the last one told.
        bool begun = false;
        std::uint16_t index = 0;
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
