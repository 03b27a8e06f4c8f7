// SPDX-License-Identifier: BSL-1.0
#include "cli/numbering.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <random>

namespace rollcast::cli {
namespace {

/// Takes a number off the head of a text, and what has to follow it.
template <class Number>
std::optional<Number> take(std::string_view& text, int base, char end)
{
    Number number{};
    auto const* const last = text.data() + text.size();
    auto const [rest, ec] = std::from_chars(text.data(), last, number, base);
    if (ec != std::errc{} || rest == last || *rest != end)
        return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(rest - text.data()) + 1);
    return number;
}

} // namespace

std::optional<mark> read_mark(std::span<std::byte const> payload)
{
    std::string_view text(reinterpret_cast<char const*>(payload.data()), payload.size());
    if (!text.starts_with('#'))
        return std::nullopt;
    text.remove_prefix(1);
    auto const run = take<std::uint32_t>(text, 16, ':');
    auto const number = run ? take<std::uint64_t>(text, 10, ' ') : std::nullopt;
    return number ? std::optional(mark{*run, *number}) : std::nullopt;
}

numbering::numbering() : run_(std::random_device{}()) {}

std::string numbering::next(std::string_view payload)
{
    return fmt::format("#{:08x}:{} {}", run_, count_++, payload);
}

void gap_counter::hear(asio::ip::udp::endpoint const& source, mark const& which)
{
    auto found = runs_.find({source, which.run});
    if (found == runs_.end()) {
        if (runs_.size() == most_runs)
            return;
        found = runs_.insert({{source, which.run}, run{which.number, which.number}}).first;
    }
    auto& known = found->second;
    if (which.number + window <= known.last)
        return;
    for (; known.last < which.number && known.last + window >= which.number; ++known.last)
        known.seen.reset((known.last + 1) % window);
    if (known.last < which.number) { // further than the window reaches
        known.last = which.number;
        known.seen.reset();
    }
    known.first = std::min(known.first, which.number);
    auto const at = which.number % window;
    duplicates_ += known.seen[at];
    known.heard += !known.seen[at];
    known.seen.set(at);
}

std::uint64_t gap_counter::missing() const noexcept
{
    std::uint64_t sum = 0;
    for (auto const& [key, known] : runs_)
        sum += known.last - known.first + 1 - known.heard;
    return sum;
}

} // namespace rollcast::cli
