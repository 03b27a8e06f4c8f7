// SPDX-License-Identifier: BSL-1.0
#include <rollcast/metrics/record.hpp>

#include <algorithm>

namespace rollcast::metrics {

plain_endpoint::plain_endpoint(asio::ip::udp::endpoint const& endpoint)
    : port_(endpoint.port()), is_v4_(endpoint.address().is_v4())
{
    if (is_v4_) {
        std::ranges::copy(endpoint.address().to_v4().to_bytes(), address_.begin());
    } else {
        auto const address = endpoint.address().to_v6();
        std::ranges::copy(address.to_bytes(), address_.begin());
        scope_ = address.scope_id();
    }
}

plain_endpoint::operator asio::ip::udp::endpoint() const
{
    if (!is_v4_)
        return {asio::ip::address_v6(address_, scope_), port_};
    asio::ip::address_v4::bytes_type bytes;
    std::copy_n(address_.begin(), bytes.size(), bytes.begin());
    return {asio::ip::address_v4(bytes), port_};
}

void subscription_record::delivered(asio::ip::udp::endpoint const& source, std::size_t payload_size)
{
    last.payload_size = payload_size;
    last.source = plain_endpoint(source);
    last.received_at = std::chrono::system_clock::now();
    last.is_there = true;
}

} // namespace rollcast::metrics
