// SPDX-License-Identifier: BSL-1.0
#include "cli/numbering.hpp"

#include <fmt/format.h>

#include <charconv>
#include <chrono>

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
    if (!run)
        return std::nullopt;
    if (auto const number = take<std::uint64_t>(text, 10, ' '))
        return mark{*run, *number};
    auto const number = take<std::uint64_t>(text, 10, ':');
    auto const sent_at = number ? take<std::uint64_t>(text, 10, ' ') : std::nullopt;
    return sent_at ? std::optional(mark{*run, *number, sent_at}) : std::nullopt;
}

std::string numbering::next(std::string_view payload, std::optional<kernel_time> sent_at)
{
    auto const number = count_++;
    if (!sent_at)
        return fmt::format("#{:08x}:{} {}", run_, number, payload);
    auto const since_1970 =
        std::chrono::duration_cast<std::chrono::microseconds>(sent_at->time_since_epoch());
    return fmt::format("#{:08x}:{}:{} {}", run_, number, since_1970.count(), payload);
}

} // namespace rollcast::cli
