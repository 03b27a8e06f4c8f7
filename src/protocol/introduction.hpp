// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "protocol/clock.hpp"
#include "protocol/random_source.hpp"

#include <cstdint>
#include <optional>

namespace rollcast::detail {

/// When this instance multicasts its hellos and goodbyes on a link: three copies, 0, 40 and 120 ms
/// after the cause.
class introduction {
public:
    static constexpr int copies = 3;

    enum class kind { hello, bye };

    struct transmission {
        kind what;
        std::uint8_t attempt; ///< For a hello: 1, 2 or 3 asks for an answer, 0 does not.
    };

    explicit introduction(random_source& random) noexcept : random_(random) {}

    void introduce(time_point now);       ///< To members that do not know us: start, a new link.
    void announce_change(time_point now); ///< To members that do.
    void leave(time_point now);           ///< Only goodbyes, until it introduces itself again.
    void stop() noexcept { burst_.reset(); }

    void answered() noexcept { answered_ = true; } ///< No further copy asks for an answer.
    void hear_hello(time_point now);               ///< Of another instance.

    /// What is due, at most one per call.
    std::optional<transmission> take_due(time_point now);
    std::optional<time_point> next_deadline() const noexcept;

    bool is_leaving() const noexcept { return leaving_; }
    bool has_left() const noexcept { return leaving_ && !burst_; }
    bool is_asking() const noexcept { return asking_ && !answered_; }

private:
    struct burst {
        int sent = 0;
        bool asks = false;
        time_point next{};
    };

    void start_burst(bool asks, time_point first);
    void step_burst(time_point now);

    random_source& random_;
    std::optional<burst> burst_;
    time_point last_sent_{};
    bool asking_ = false;
    bool answered_ = false;
    bool leaving_ = false;
};

} // namespace rollcast::detail
