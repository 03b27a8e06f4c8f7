// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/net/group.hpp>
#include <rollcast/net/packet.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/multicast.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <string>
#include <vector>

#include <netinet/udp.h>
#include <sys/socket.h>

namespace rollcast::test {

/// A group on `lo`, who sends to it, and what was heard of it: numbers, all of one length.
class numbered_stream {
public:
    numbered_stream(asio::io_context& context, net::group const& group, bool in_runs)
        : to_(group.endpoint()), sender_(context, asio::ip::udp::v4()), in_runs_(in_runs)
    {
        sender_.set_option(
            asio::ip::multicast::outbound_interface(asio::ip::address_v4::loopback()));
    }

    std::size_t queued() const noexcept { return sent_ - heard_.size(); }

    /// So many datagrams at once; in one piece where the kernel can.
    void send(int count)
    {
        std::string whole;
        for (int i = 0; i < count; ++i)
            whole += std::to_string(10'000'000 + sent_++);
        int const size = in_runs_ ? 8 : 0;
        (void)::setsockopt(sender_.native_handle(), IPPROTO_UDP, UDP_SEGMENT, &size, sizeof size);
        for (std::size_t at = 0; at < whole.size(); at += in_runs_ ? whole.size() : 8)
            sender_.send_to(asio::buffer(whole.data() + at, in_runs_ ? whole.size() : 8), to_);
    }

    void note(packet const& packet) { heard_.emplace_back(packet.text()); }

    void check() const
    {
        std::vector<std::string> all(sent_);
        for (std::size_t i = 0; i < sent_; ++i)
            all[i] = std::to_string(10'000'000 + i);
        BOOST_TEST(heard_.size() == sent_);
        BOOST_TEST((heard_ == all), "datagrams were lost, repeated or out of order");
    }

private:
    asio::ip::udp::endpoint to_;
    asio::ip::udp::socket sender_;
    bool in_runs_;
    std::size_t sent_ = 0;
    std::vector<std::string> heard_{};
};

} // namespace rollcast::test
