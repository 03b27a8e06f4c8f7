// SPDX-License-Identifier: BSL-1.0
#include "receive/plain_asio.hpp"

#include "receive/bare_metadata.hpp"
#include "support/run.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>

namespace rollcast::bench {
namespace {

namespace asio = boost::asio;

class async_receive_from_loop : public contender {
public:
    explicit async_receive_from_loop(receive_setup const& setup)
        : socket_(context_, asio::ip::udp::v4(), open_receiver(setup).release())
    {
    }

    void receive(tally& into) override { run(context_, loop(into)); }

private:
    asio::awaitable<void> loop(tally& into)
    {
        asio::ip::udp::endpoint source;
        for (;;) {
            auto const got = co_await socket_.async_receive_from(asio::buffer(bytes_), source,
                                                                 asio::use_awaitable);
            if (!into.add(std::span(bytes_).first(got)))
                co_return;
        }
    }

    asio::io_context context_{1};
    asio::ip::udp::socket socket_;
    std::array<std::byte, 2048> bytes_;
};

} // namespace

std::unique_ptr<contender> make_async_receive_from(receive_setup const& setup)
{
    return std::make_unique<async_receive_from_loop>(setup);
}

} // namespace rollcast::bench
