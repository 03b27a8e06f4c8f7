// SPDX-License-Identifier: BSL-1.0
#include "send/aftermath.hpp"

#include "os/error_queue.hpp"

namespace rollcast::send {

aftermath::news aftermath::take_from(os::native_socket socket,
                                     asio::ip::udp::endpoint const& destination)
{
    news result;
    while (auto const each = os::take_queued_report(socket)) {
        bool const has_left = each->kind == os::report_kind::departure;
        if (has_left && each->source != net::time_source::none) {
            times_.push({each->number, each->at, each->source});
            ++result.times;
        } else if (!has_left && each->kind != os::report_kind::other) {
            bool const is_on_its_way = each->kind == os::report_kind::network;
            add({is_on_its_way ? each->destination : destination, each->reporter, each->error,
                 each->mtu, each->launch});
            ++result.errors;
            result.interrupts |= is_on_its_way;
        }
    }
    return result;
}

void aftermath::add(network_error const& told)
{
    if (errors_.size() == most_errors)
        errors_.pop_front();
    errors_.push_back(told);
}

std::optional<network_error> aftermath::pop_error()
{
    if (errors_.empty())
        return std::nullopt;
    std::optional<network_error> oldest(std::move(errors_.front()));
    errors_.pop_front();
    return oldest;
}

} // namespace rollcast::send
