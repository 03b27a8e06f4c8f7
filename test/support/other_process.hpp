// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <sys/types.h>

namespace rollcast::test {

/// A copy of this process that does something of its own and tells of it, line by line. It is
/// killed when the object goes.
///
/// It has copies of all sockets that are open when it is made, so make it before them.
class other_process {
public:
    using tell = std::function<void(std::string_view line)>;

    other_process(boost::asio::io_context& context, std::function<void(tell const&)> const& body);
    other_process(other_process const&) = delete;
    other_process& operator=(other_process const&) = delete;
    ~other_process();

    /// The next line; throws once there will be none. One at a time.
    boost::asio::awaitable<std::string> line();

    /// Kills it; whoever waits for a line learns of it when the context runs.
    void end() noexcept;

private:
    struct channel;

    std::shared_ptr<channel> channel_; ///< Outlives the object where a line is still waited for.
    pid_t id_ = -1;
};

} // namespace rollcast::test
