// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "protocol/engine.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace rollcast::bench {

/// One chart, and others on its link that exist only as what they say.
class crowd {
public:
    /// @param data_size  Of each of them.
    crowd(std::size_t others, std::size_t data_size);

    detail::engine& chart() noexcept { return chart_; }
    detail::time_point now() const noexcept { return now_; }
    std::size_t size() const noexcept { return others_.size(); }

    /// The chart learns of them all, as those who have answered it.
    void introduce_all();

    /// What one of them sends all the time: it is alive, and its chart is the same.
    std::vector<std::byte> beat(std::size_t who);
    /// What it sends when something has changed.
    std::vector<std::byte> hello(std::size_t who, std::uint32_t sequence);

    detail::arrival source(std::size_t who, bool multicast) const;

private:
    struct other {
        identity who;
        std::vector<std::byte> packed;
    };

    std::vector<std::byte> record_of(std::size_t who, std::uint32_t sequence) const;

    std::size_t data_size_;
    detail::time_point now_{std::chrono::hours(24)};
    std::vector<other> others_;
    detail::engine chart_;
    std::uint64_t counter_ = 0;
};

} // namespace rollcast::bench
