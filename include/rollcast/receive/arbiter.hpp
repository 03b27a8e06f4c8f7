// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/detail/initiate.hpp>
#include <rollcast/error.hpp>
#include <rollcast/export.hpp>
#include <rollcast/net/packet.hpp>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>

namespace rollcast {

/// How many lines an arbiter merges, and for how long it waits for what is missing.
struct ROLLCAST_EXPORT arbiter_config {
    /// How many lines there are, 1 to 64: A and B of most feeds.
    std::size_t lines = 2;
    /// So many numbers, from the number that is awaited on, may be held back for it, each datagram
    /// in a copy of its own; 1 to 65,536, and at most half of the numbers there are.
    std::size_t window = 1024;
    /// So long after a later number has come a number is awaited before it counts as missing; 0 to
    /// an hour. The time by which one line is behind the other has to fit.
    std::chrono::nanoseconds patience = std::chrono::milliseconds(10);
    /// Bits of the numbers, which begin anew after the greatest number: 16 of RTP (RFC 3550); 8 to
    /// 64.
    int number_bits = 64;
};
BOOST_DESCRIBE_STRUCT(arbiter_config, (), (lines, window, patience, number_bits))

/// The first rule the configuration breaks, or success: `invalid_window`, `invalid_patience`,
/// `invalid_number_bits`, `invalid_lines`. Asks the system nothing.
ROLLCAST_EXPORT error_code validate(arbiter_config const& config);

/// That error in words, with the value it is about and what would be right.
ROLLCAST_EXPORT std::string explain(arbiter_config const& config, error_code const& ec);

/// What the next entry of the merged stream is.
enum class sequence_kind {
    datagram, ///< The next datagram.
    gap,      ///< Numbers whose datagrams came by no line in time.
    restart,  ///< The numbers go on from elsewhere; the sender may have begun anew.
};
BOOST_DESCRIBE_ENUM(sequence_kind, datagram, gap, restart)

/// What an arbiter makes of the lines, in order.
struct sequenced {
    sequence_kind kind = sequence_kind::datagram;
    /// The number of the datagram, of the first that is missing, or of the first after a restart.
    /// It counts on where the numbers of the feed begin anew, and has their lowest bits.
    std::uint64_t number = 0;
    std::uint64_t missing = 0; ///< How many numbers a gap has.
    std::size_t line = 0;      ///< The line by which a datagram came first, from 0.
    /// The datagram, with a payload that is valid until the function it was handed to returns.
    rollcast::packet packet{};
};

/// What an arbiter has seen since it was made, in datagrams but for `missing` and `restarts`.
struct arbiter_counters {
    std::uint64_t datagrams = 0;  ///< Handed out.
    std::uint64_t repeated = 0;   ///< Came again, or so late that nothing is remembered of them.
    std::uint64_t missing = 0;    ///< Numbers told as gaps.
    std::uint64_t late = 0;       ///< Came after they had been told as missing.
    std::uint64_t unnumbered = 0; ///< Without a number, or far from all others.
    std::uint64_t restarts = 0;
};
BOOST_DESCRIBE_STRUCT(arbiter_counters, (),
                      (datagrams, repeated, missing, late, unnumbered, restarts))

/// What an arbiter has seen of one line.
struct line_counters {
    std::uint64_t datagrams = 0; ///< Heard.
    std::uint64_t first = 0;     ///< Those that came first by this line, and were handed on.
};
BOOST_DESCRIBE_STRUCT(line_counters, (), (datagrams, first))

/// Makes one stream of several that have the same numbered datagrams, as redundant feeds do (A and
/// B lines): in order, each once, and what came by none of them told with its numbers.
///
///     arbiter merged(number_of, {.patience = 5ms});
///     merged.take(0, co_await a.recv(), arbiter::clock::now(), print); // line A; B has 1
///
/// An arbiter has neither sockets nor clocks: hand it what comes (`take`), and call `expire` when
/// `deadline` is over. It begins with the number that comes first. A number that is further off
/// than the window, ahead or back, is believed when another line brings it, too, or when any line
/// brings a number that is within the window after it: so a sender that begins anew is followed,
/// and a stray datagram is not. A line that is behind by more than the window, and goes on as it
/// has begun, brings nothing that counts, unless nothing else has come for `patience`. The arbiter
/// keeps at most as many datagrams in memory as the window has numbers, and one.
///
/// An arbiter that was moved from can be destroyed and assigned to; anything else throws
/// `bad_descriptor`. Threads: one at a time.
class ROLLCAST_EXPORT arbiter {
public:
    using clock = std::chrono::steady_clock;
    /// The number of a datagram, in the lowest bits of the result; none for what is no part of the
    /// stream, such as heartbeats. Called once for each datagram that is taken.
    using numbering = std::function<std::optional<std::uint64_t>(packet const&)>;
    /// What the merged stream goes to, entry by entry.
    using sink = std::function<void(sequenced const&)>;

    /// Throws what `validate` finds. Makes room for the entries of the window at once, and for
    /// payloads as they are held.
    explicit arbiter(numbering number_of, arbiter_config const& config = {});
    arbiter(arbiter&&) noexcept;
    arbiter& operator=(arbiter&&) noexcept;
    ~arbiter();

    /// Takes a datagram that came by a line, from 0, and hands on what is next, if anything: this
    /// datagram without a copy, where it is the next. `into` must not call
    /// the arbiter; what `into` throws comes out of this call, and the next call goes on behind the
    /// entry it was thrown for. A line beyond those of the configuration throws std::out_of_range.
    void take(std::size_t line, packet const& what, clock::time_point now, sink const& into);

    /// When `expire` has something to hand on though no datagram comes; none while no datagram is
    /// held. It may have changed after each call; a timer has to follow.
    std::optional<clock::time_point> deadline() const;

    /// Gives up the numbers that were awaited for longer than `patience`: tells them as a gap, and
    /// hands on what was held for them.
    void expire(clock::time_point now, sink const& into);

    /// Gives up all that is awaited, at the end of a stream. A stray datagram that no other one has
    /// confirmed is not handed on.
    void flush(sink const& into);

    /// Of all lines; the reference is valid until the arbiter is destroyed or assigned to.
    arbiter_counters const& counters() const;
    /// Of one line, from 0; beyond the last line it throws std::out_of_range.
    line_counters const& counters(std::size_t line) const;

private:
    struct state;

    detail::shared_state<state> state_;
};

// As text, for people.
ROLLCAST_EXPORT std::string to_string(arbiter_config const& value);
ROLLCAST_EXPORT std::string to_string(arbiter_counters const& value);
ROLLCAST_EXPORT std::string to_string(line_counters const& value);
ROLLCAST_EXPORT std::string to_string(sequence_kind value);
ROLLCAST_EXPORT std::string
to_string(sequenced const& value); ///< "17 by line 0, 5 bytes", "18 to 20 are missing"
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, arbiter_config const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, arbiter_counters const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, line_counters const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, sequence_kind value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, sequenced const& value);

} // namespace rollcast
