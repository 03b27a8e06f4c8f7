// SPDX-License-Identifier: BSL-1.0
#include "cli/numbered_arrivals.hpp"

#include <algorithm>

namespace rollcast::cli {

void numbered_arrivals::run::advance_to(std::uint64_t number) noexcept
{
    if (number > last && number - last >= window) {
        seen.reset();
        last = number;
    }
    while (last < number)
        seen.reset(++last % window);
}

void numbered_arrivals::hear(asio::ip::udp::endpoint const& source, mark const& which,
                             std::optional<kernel_time> at)
{
    auto* const known = run_of(source, which);
    if (known == nullptr)
        return;
    known->is_recent = true;
    bool const is_behind = which.number < known->last;
    if (is_behind && known->last - which.number >= window)
        return;
    known->advance_to(which.number);
    auto const place = which.number % window;
    if (known->seen[place]) {
        ++repeated_;
        return;
    }
    known->seen.set(place);
    known->first = std::min(known->first, which.number);
    ++known->heard;
    reordered_ += is_behind;
    if (at)
        known->variation.hear(which, *at);
}

std::uint64_t numbered_arrivals::missing() const noexcept
{
    std::uint64_t sum = 0;
    for (auto const& [key, known] : runs_) {
        auto const gaps = known.last - known.first - (known.heard - 1);
        sum += std::min(gaps, UINT64_MAX - sum); // what is forged may have gaps of any size
    }
    return sum;
}

std::optional<seconds_double> numbered_arrivals::jitter_of_all() const noexcept
{
    std::optional<seconds_double> greatest; // nothing is less than any value
    for (auto const& [key, known] : runs_)
        greatest = std::max(greatest, known.variation.value());
    return greatest;
}

std::optional<seconds_double> numbered_arrivals::take_recent_jitter() noexcept
{
    std::optional<seconds_double> greatest;
    for (auto& [key, known] : runs_)
        if (std::exchange(known.is_recent, false))
            greatest = std::max(greatest, known.variation.value());
    return greatest;
}

numbered_arrivals::run* numbered_arrivals::run_of(asio::ip::udp::endpoint const& source,
                                                  mark const& which)
{
    std::pair const key(source, which.run);
    auto found = runs_.find(key);
    if (found == runs_.end()) {
        if (runs_.size() == most_runs)
            return nullptr;
        found = runs_.emplace(key, run{which.number, which.number}).first;
    }
    return &found->second;
}

} // namespace rollcast::cli
