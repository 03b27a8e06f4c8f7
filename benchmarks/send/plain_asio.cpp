// SPDX-License-Identifier: BSL-1.0
#include "send/plain_asio.hpp"

#include "support/bare_socket.hpp"
#include "support/run.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <vector>

namespace rollcast::bench {
namespace {

namespace asio = boost::asio;

class async_send_to_loop : public contender {
public:
    explicit async_send_to_loop(send_setup const& setup)
        : socket_(context_, asio::ip::udp::v4(), open_sender(setup.group).release()),
          destination_(setup.group.endpoint()),
          bytes_(setup.size)
    {
    }

    void send(std::size_t batches) override
    {
        run(context_, loop(batches * batch_length(bytes_.size())));
    }

private:
    asio::awaitable<void> loop(std::size_t packets)
    {
        auto const payload = asio::buffer(bytes_);
        for (; packets > 0; --packets)
            co_await socket_.async_send_to(payload, destination_, asio::use_awaitable);
    }

    asio::io_context context_{1};
    asio::ip::udp::socket socket_;
    asio::ip::udp::endpoint destination_;
    std::vector<std::byte> bytes_;
};

} // namespace

std::unique_ptr<contender> make_async_send_to(send_setup const& setup)
{
    return std::make_unique<async_send_to_loop>(setup);
}

} // namespace rollcast::bench
