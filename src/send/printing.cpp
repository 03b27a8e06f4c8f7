// SPDX-License-Identifier: BSL-1.0
#include <rollcast/send.hpp>

#include "detail/printing.hpp"

#include <fmt/format.h>

#include <ostream>

namespace rollcast {
namespace {

std::string size_text(std::size_t bytes)
{
    return fmt::format("{} byte{}", bytes, bytes == 1 ? "" : "s");
}

} // namespace

std::string to_string(send_report const& value)
{
    return fmt::format("{}, {} > {}", size_text(value.bytes), net::to_string(value.source),
                       net::to_string(value.destination));
}

std::string to_string(send_failure const& value)
{
    return fmt::format("datagram {} of the batch: {}", value.index, value.error.message());
}

std::string to_string(batch_report const& value)
{
    auto text = fmt::format("{} datagram{} of {}, {} > {}", value.packets,
                            value.packets == 1 ? "" : "s", size_text(value.bytes),
                            net::to_string(value.source), net::to_string(value.destination));
    if (!value.failures.empty())
        text += fmt::format(", {} failed, the first for: {}", value.failures.size(),
                            value.failures.front().error.message());
    if (value.ended)
        text += fmt::format(", ended before datagram {}: {}", value.next, value.ended.message());
    return text;
}

std::string to_string(delivery const& value)
{
    auto const what = value.error ? value.error.message() : to_string(value.report);
    return fmt::format("publication {}: {}", value.report.publication, what);
}

std::string to_string(network_error const& value)
{
    auto const reporter = value.reporter.is_unspecified() ? std::string("the egress queue")
                                                          : net::to_string(value.reporter);
    auto const what = fmt::format("{}: {} (told by {})", net::to_string(value.destination),
                                  value.error.message(), reporter);
    return value.mtu == 0 ? what : fmt::format("{}; at most {} bytes pass", what, value.mtu);
}

std::string to_string(egress_event const& value)
{
    auto const missed =
        value.missed == 0 ? std::string() : fmt::format(", {} missed", value.missed);
    return fmt::format("{} {} ({}){}", to_string(value.change), value.interface,
                       value.interface_index, missed);
}

std::string to_string(reply const& value)
{
    return fmt::format("{} from {}{}", size_text(value.bytes), net::to_string(value.source),
                       value.truncated ? ", truncated" : "");
}

ROLLCAST_PRINTED(publication_config)
ROLLCAST_STREAMED(send_report)
ROLLCAST_STREAMED(send_failure)
ROLLCAST_STREAMED(batch_report)
ROLLCAST_STREAMED(delivery)
ROLLCAST_STREAMED(network_error)
ROLLCAST_PRINTED(send_time)
ROLLCAST_PRINTED_ENUM(egress_change)
ROLLCAST_STREAMED(egress_event)
ROLLCAST_STREAMED(reply)

} // namespace rollcast
