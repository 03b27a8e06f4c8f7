// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "cli/doctor/findings.hpp"

#include <rollcast/error.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/address_v4.hpp>

#include <chrono>
#include <set>

namespace rollcast::cli {

/// Who asks for IGMP reports within a time. Errors: `access_denied` or `operation_not_permitted`
/// for those who may not listen to raw IP.
struct queriers {
    std::set<asio::ip::address_v4> heard{};
    error_code why_not{};
};

asio::awaitable<queriers> watch_for_queriers(std::chrono::nanoseconds how_long);

/// The check `querier`, for who was seen in so long; 0 is not to have looked.
finding told(queriers const& seen, std::chrono::nanoseconds waited);

} // namespace rollcast::cli
