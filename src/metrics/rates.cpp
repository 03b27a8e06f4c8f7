// SPDX-License-Identifier: BSL-1.0
#include <rollcast/metrics/delta.hpp>

namespace rollcast::metrics {
namespace {

double per_second(std::uint64_t count, double seconds) noexcept
{
    return seconds > 0 ? static_cast<double>(count) / seconds : 0;
}

receive_rates receive_rates_of(subscription_counters const& grown, double seconds)
{
    return {per_second(grown.packets_received, seconds), per_second(grown.bytes_received, seconds),
            per_second(grown.would_block_count, seconds),
            per_second(grown.receive_errors, seconds)};
}

send_rates send_rates_of(publication_counters const& grown, double seconds)
{
    return {per_second(grown.send_calls, seconds), per_second(grown.packets_sent, seconds),
            per_second(grown.bytes_sent, seconds), per_second(grown.send_errors, seconds)};
}

} // namespace

receive_rates rates(subscription_delta const& delta)
{
    return receive_rates_of(delta, delta.interval_secs);
}

receive_rates rates(receiver_delta const& delta)
{
    return receive_rates_of(delta, delta.interval_secs);
}

send_rates rates(publication_delta const& delta)
{
    return send_rates_of(delta, delta.interval_secs);
}

send_rates rates(sender_delta const& delta)
{
    return send_rates_of(delta, delta.interval_secs);
}

} // namespace rollcast::metrics
