// SPDX-License-Identifier: BSL-1.0
#include <rollcast/receive/arbiter.hpp>

#include "error/explanation.hpp"
#include "receive/reordering.hpp"

#include <rollcast/detail/throw_if.hpp>

#include <utility>

namespace rollcast {
namespace {

constexpr std::size_t most_lines = 64;
constexpr std::size_t longest_window = 65536;
constexpr auto longest_patience = std::chrono::hours(1);

/// At most half of the numbers, or nobody could tell before from after.
std::size_t longest_window_of(int bits)
{
    auto const half = std::uint64_t{1} << (bits - 1);
    return half < longest_window ? static_cast<std::size_t>(half) : longest_window;
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

/// Whose datagram it is, and what becomes of the numbers.
class ROLLCAST_HIDDEN arbiter::state {
public:
    state(numbering number_of, arbiter_config const& config)
        : number_of_(std::move(number_of)),
          order_(config.window, config.patience, config.number_bits),
          lines(config.lines)
    {
    }

    void take(std::size_t line, packet const& what, clock::time_point now, sink const& into)
    {
        auto& heard = lines.at(line);
        ++heard.datagrams;
        auto const number = number_of_(what);
        if (!number) {
            ++order_.counters.unnumbered;
            return;
        }
        heard.first += order_.take(*number, line, what, now, into);
    }

    receive::reordering& order() noexcept { return order_; }
    receive::reordering const& order() const noexcept { return order_; }

private:
    numbering number_of_;
    receive::reordering order_;

public:
    std::vector<line_counters> lines;
};

arbiter::arbiter(numbering number_of, arbiter_config const& config)
{
    detail::throw_if(validate(config), "arbiter",
                     [&](error_code const& ec) { return explain(config, ec); });
    state_ = std::make_unique<state>(std::move(number_of), config);
}

arbiter::arbiter(arbiter&&) noexcept = default;
arbiter& arbiter::operator=(arbiter&&) noexcept = default;
arbiter::~arbiter() = default;

void arbiter::take(std::size_t line, packet const& what, clock::time_point now, sink const& into)
{
    state_->take(line, what, now, into);
}

std::optional<arbiter::clock::time_point> arbiter::deadline() const
{
    return state_->order().deadline();
}

void arbiter::expire(clock::time_point now, sink const& into)
{
    state_->order().expire(now, into);
}

void arbiter::flush(sink const& into)
{
    state_->order().flush(into);
}

arbiter_counters const& arbiter::counters() const
{
    return state_->order().counters;
}

line_counters const& arbiter::counters(std::size_t line) const
{
    return state_->lines.at(line);
}

} // namespace rollcast
