// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/net/network_interface.hpp>
#include <rollcast/receive/subscription.hpp>
#include <rollcast/send/publication.hpp>

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <string>
#include <vector>

namespace rollcast::cli {

namespace asio = boost::asio;

/// Whether what is sent to a group on one interface comes back there, as multicast does.
class self_test {
public:
    self_test(asio::any_io_executor const& executor, net::interface_info on, net::group group);

    net::interface_info const& interface() const noexcept { return on_; }
    net::group const& group() const noexcept { return group_; }

    error_code const& join_error() const noexcept { return join_error_; }
    error_code const& send_error() const noexcept { return send_error_; }
    bool has_heard() const noexcept { return heard_; }

    /// Runs them all at once, for half a second at most where something does not come back.
    static asio::awaitable<void> run(std::vector<std::unique_ptr<self_test>> const& all);

private:
    void begin();
    void send();
    void listen();
    bool is_over() const noexcept { return heard_ || join_error_ || send_error_; }

    net::interface_info on_;
    net::group group_;
    subscription ear_;
    publication mouth_;
    std::string message_;
    error_code join_error_;
    error_code send_error_;
    bool heard_ = false;
};

} // namespace rollcast::cli
