// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "cli/options.hpp"
#include "cli/problem.hpp"
#include "cli/stop.hpp"

#include <boost/asio/awaitable.hpp>

namespace rollcast::cli {

asio::awaitable<status> run_recv(recv_options options, stop& end);
asio::awaitable<status> run_send(send_options options, stop& end);
asio::awaitable<status> run_chart(chart_options options, stop& end);
asio::awaitable<status> run_list(list_options options, stop& end);
asio::awaitable<status> run_doctor(doctor_options options, stop& end);

} // namespace rollcast::cli
