// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "protocol/engine.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace rollcast::test {

/// What must be true of every chart at every time, whatever happens on the network.
///
/// It is shown what each chart is told, hears and sends, and throws a `std::logic_error` that
/// names the seed when something cannot be right:
///  - In one chart an incarnation never falls, and who is called suspect or gone, or has left,
///  lives
///    on with a higher incarnation only. On several links one may know more than the others, and of
///    several lives of one id only the last is remembered, and nothing of who is unreachable and
///    was never heard.
///  - Nobody who has proven its address is called gone by a chart on one link that heard it itself
///    within a quarter of its detection time.
///  - A chart holds no more than it may.
///  - To an address that has echoed no cookie nobody answers with more bytes than came from there,
///    nor sends it a PULL or a BEAT that is longer; and all such addresses together get no more
///    than was heard, whatever it is and whoever has told of them.
class sim_invariants {
public:
    explicit sim_invariants(std::uint64_t seed) : seed_(seed) {}

    /// A new process that knows nothing.
    void begin(std::size_t who, std::size_t max_instances, detail::duration detection_time);

    /// It only listens, and has to believe what others say.
    void listens(std::size_t who) { charts_[who].silent = true; }

    /// It is nobody's concern: it cannot make anybody object, and finds out for itself.
    void observes(std::size_t who) { charts_[who].silent = charts_[who].observer = true; }

    void sent(std::size_t who, detail::outgoing const& what, announcement const& meaning,
              detail::time_point now);
    /// A cookie has found its way to an address without being sent.
    void has_got(std::size_t who, detail::endpoint const& where, std::uint64_t cookie);
    /// It has been told of so much before it began.
    void introduced(std::size_t who, std::size_t bytes) { charts_[who].received += bytes; }
    /// What is forged is no sign of life, though a chart may take it for one; nor is what an
    /// observer says, in whose name somebody may have made up a member.
    void heard(std::size_t who, detail::endpoint const& source, announcement const& meaning,
               std::size_t bytes, bool forged, detail::time_point now);
    void told(std::size_t who, event const& what, std::size_t links, detail::time_point now);
    void forgotten(std::size_t who, std::uint64_t id);
    /// Its links have changed: whom it heard where it is no longer, it may call gone, and what it
    /// remembers of a link it forgets with that.
    void moved(std::size_t who, detail::time_point now);

    /// To be called after everything else a chart did.
    void weigh(std::size_t who, detail::engine const& chart, detail::time_point now) const;
    /// Takes longer.
    void inspect(std::size_t who, detail::engine const& chart, detail::time_point now);

private:
    /// What a chart has been told of one life.
    struct trace {
        std::uint64_t id = 0;
        std::uint64_t incarnation = 0;
        instance_state state = instance_state::alive;
        bool proven = false; ///< It has echoed a cookie.
        bool unreachable = false;
        bool is_accused = false; ///< Somebody has said that it ended.
        detail::time_point heard{};
        detail::time_point changed{};
        detail::duration detection_time{}; ///< As it was told last; its end is remembered by that.
    };
    /// What a chart and an address have sent each other.
    struct account {
        std::uint64_t received = 0;
        std::uint64_t answered = 0; ///< While it had proven nothing.
        std::vector<std::uint64_t> cookies{};
        bool proven = false;

        void gets(std::uint64_t cookie);
    };
    struct chart_record {
        std::size_t max_instances = 0;
        detail::duration detection_time{};
        bool silent = false;
        bool observer = false;
        std::optional<detail::time_point> moved{};
        std::size_t links = 0; ///< As it was inspected last.
        std::uint64_t received = 0;
        std::uint64_t given_away = 0; ///< Sent to those that had proven nothing.
        std::unordered_map<std::uint64_t, trace> lives{}; ///< By `key_of`.
        std::map<detail::endpoint, account> accounts{};
    };

    static void note_accusations(chart_record& chart, announcement const& meaning);
    void forget_other_lives(std::size_t who, instance const& charted);
    bool is_settled(std::size_t who, instance const& about, std::size_t links,
                    detail::time_point now) const;
    void lives_on(std::size_t who, trace& known, event const& what, std::size_t links,
                  detail::time_point now) const;
    void ends(std::size_t who, trace& known, event const& what, std::size_t links,
              detail::time_point now) const;
    [[noreturn]] void complain(std::size_t who, detail::time_point now,
                               std::string const& what) const;

    std::uint64_t seed_;
    std::vector<chart_record> charts_;
};

} // namespace rollcast::test
