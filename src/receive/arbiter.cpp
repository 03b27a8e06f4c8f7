// SPDX-License-Identifier: BSL-1.0
#include <rollcast/receive/arbiter.hpp>

#include "error/explanation.hpp"
#include "receive/reordering.hpp"

#include <rollcast/error.hpp>

#include <utility>

namespace rollcast {
namespace {

constexpr std::size_t most_lines = 64;
constexpr std::size_t longest_window = 65536;
constexpr auto longest_patience = std::chrono::hours(1);

/// At most half of the numbers, or a number before could not be told from one after.
std::size_t longest_window_of(int bits)
{
    auto const half = std::uint64_t{1} << (bits - 1);
    return half < longest_window ? static_cast<std::size_t>(half) : longest_window;
}

arbiter_config const& checked(arbiter_config const& config)
{
    detail::throw_if(validate(config), "arbiter",
                     [&](error_code const& ec) { return explain(config, ec); });
    return config;
}

} // namespace

error_code validate(arbiter_config const& config)
{
    if (config.lines == 0 || config.lines > most_lines)
        return error::invalid_lines;
    if (config.number_bits < 8 || config.number_bits > 64)
        return error::invalid_number_bits;
    if (config.window == 0 || config.window > longest_window_of(config.number_bits))
        return error::invalid_window;
    if (config.patience.count() < 0 || config.patience > longest_patience)
        return error::invalid_patience;
    return {};
}

std::string explain(arbiter_config const& config, error_code const& ec)
{
    if (ec == error::invalid_lines)
        return detail::explanation(std::to_string(config.lines), ec);
    if (ec == error::invalid_number_bits)
        return detail::explanation(std::to_string(config.number_bits), ec);
    if (ec == error::invalid_window)
        return detail::explanation(std::to_string(config.window), ec);
    if (ec == error::invalid_patience)
        return detail::explanation(std::to_string(config.patience.count()) + " ns", ec);
    return detail::explanation({}, ec);
}

struct ROLLCAST_HIDDEN arbiter::state {
    state(numbering of, arbiter_config const& config) : number_of(std::move(of)), order(config) {}

    numbering number_of;
    receive::reordering order;
};

arbiter::arbiter(numbering number_of, arbiter_config const& config)
    : state_(std::make_shared<state>(std::move(number_of), checked(config)))
{
}

arbiter::arbiter(arbiter&&) noexcept = default;
arbiter& arbiter::operator=(arbiter&&) noexcept = default;
arbiter::~arbiter() = default;

void arbiter::take(std::size_t line, packet const& what, clock::time_point now, sink const& into)
{
    auto& order = state_->order;
    ++order.lines.at(line).datagrams;
    if (auto const number = state_->number_of(what))
        order.take(*number, line, what, now, into);
    else
        ++order.counters.unnumbered;
}

std::optional<arbiter::clock::time_point> arbiter::deadline() const
{
    return state_->order.deadline();
}

void arbiter::expire(clock::time_point now, sink const& into)
{
    state_->order.expire(now, into);
}

void arbiter::flush(sink const& into)
{
    state_->order.flush(into);
}

arbiter_counters const& arbiter::counters() const
{
    return state_->order.counters;
}

line_counters const& arbiter::counters(std::size_t line) const
{
    return state_->order.lines.at(line);
}

} // namespace rollcast
