// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/error.hpp>

#include <boost/asio/error.hpp>

/// What the kernel means when it refuses to send.
namespace rollcast::send {

inline bool is_unconnected(error_code const& ec)
{
    return ec == boost::system::errc::destination_address_required;
}

/// Whether the source or the route of a socket is gone; another source may do.
inline bool asks_for_another_source(error_code const& ec)
{
    return ec == asio::error::network_unreachable || ec == asio::error::host_unreachable ||
           ec == boost::system::errc::address_not_available ||
           ec == asio::error::invalid_argument || is_unconnected(ec);
}

/// What the kernel says of runs, but not of single datagrams: too long to be cut, or neither the
/// kernel nor the adapter cuts them.
inline bool is_about_runs(error_code const& ec)
{
    return ec == asio::error::invalid_argument || ec == asio::error::message_size ||
           ec == boost::system::errc::io_error || ec == asio::error::operation_not_supported;
}

} // namespace rollcast::send
