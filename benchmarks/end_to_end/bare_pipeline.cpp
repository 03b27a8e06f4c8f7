// SPDX-License-Identifier: BSL-1.0
#include "end_to_end/pipeline.hpp"

#include "support/bare_socket.hpp"
#include "support/system.hpp"

#include <array>
#include <cerrno>
#include <vector>

#include <sys/socket.h>

namespace rollcast::bench {
namespace {

/// Between two looks at the clock, which are calls too.
constexpr int sends_per_look = 64;

class one_call_per_packet : public pipeline {
public:
    one_call_per_packet(net::group const& group, std::size_t size)
        : receiver_(open_receiver(group)), sender_(open_sender(group)), bytes_(size, data_mark)
    {
    }

    void send(time_point end, window& window) override
    {
        while (std::chrono::steady_clock::now() < end)
            for (int i = 0; i < sends_per_look; ++i) {
                window.claim(1);
                send_one();
            }
    }

    void receive(tally& into, window& window) override
    {
        std::array<std::byte, 2048> bytes;
        for (;;) {
            sockaddr_in source;
            socklen_t length = sizeof source;
            auto const got = ::recvfrom(receiver_.get(), bytes.data(), bytes.size(), 0,
                                        reinterpret_cast<sockaddr*>(&source), &length);
            if (got < 0) {
                wait_after_failure("recvfrom", wait_readable, receiver_);
                continue;
            }
            if (!into.add(std::span(bytes).first(static_cast<std::size_t>(got))))
                return;
            window.received(into.packets());
        }
    }

private:
    void send_one()
    {
        while (::send(sender_.get(), bytes_.data(), bytes_.size(), MSG_NOSIGNAL) < 0)
            wait_after_failure("send", wait_writable, sender_);
    }

    static void wait_after_failure(char const* what, void (*wait)(int), bare_socket const& socket)
    {
        if (errno != EAGAIN)
            check(-1, what);
        wait(socket.get());
    }

    bare_socket receiver_;
    bare_socket sender_;
    std::vector<std::byte> bytes_;
};

} // namespace

std::unique_ptr<pipeline> make_one_call_per_packet(net::group const& group, std::size_t size)
{
    return std::make_unique<one_call_per_packet>(group, size);
}

} // namespace rollcast::bench
