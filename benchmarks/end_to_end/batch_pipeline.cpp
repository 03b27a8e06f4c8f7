// SPDX-License-Identifier: BSL-1.0
#include "end_to_end/pipeline.hpp"

#include "support/bare_socket.hpp"
#include "support/payloads.hpp"
#include "support/run.hpp"

#include <rollcast/receive/subscription.hpp>
#include <rollcast/send/publication.hpp>

#include <stdexcept>

namespace rollcast::bench {
namespace {

/// Several batches fit into the window, so that both ends have something to do.
constexpr std::size_t runs_per_batch = 8;

subscription_config receiving_from(net::group const& group)
{
    auto config = subscription_config::any_source(group);
    config.interfaces = {"lo"};
    config.receive_buffer = queue_bytes;
    config.metadata = metadata_mask::none;
    return config;
}

publication_config sending_to(net::group const& group)
{
    publication_config config;
    config.group = group;
    config.interface = "lo";
    config.hop_limit = 0;
    return config;
}

class batch_to_batch : public pipeline {
public:
    batch_to_batch(net::group const& group, std::size_t size)
        : subscription_(receiving_.get_executor(), receiving_from(group)),
          publication_(sending_.get_executor(), sending_to(group)),
          payloads_(size, size, runs_per_batch)
    {
        subscription_.join();
        publication_.open();
    }

    void send(time_point end, window& window) override { run(sending_, send_loop(end, window)); }

    void receive(tally& into, window& window) override
    {
        run(receiving_, receive_loop(into, window));
    }

private:
    asio::awaitable<void> send_loop(time_point end, window& window)
    {
        auto const batch = payloads_.all();
        while (std::chrono::steady_clock::now() < end) {
            window.claim(batch.size());
            auto const report = co_await publication_.send_batch(batch);
            if (report.packets != batch.size())
                throw std::runtime_error("a batch was not sent as a whole");
        }
    }

    asio::awaitable<void> receive_loop(tally& into, window& window)
    {
        for (bool more = true; more;) {
            co_await subscription_.recv_batch(received_);
            for (auto const& packet : received_)
                more = into.add(packet.payload) && more;
            window.received(into.packets());
        }
    }

    asio::io_context receiving_{1};
    asio::io_context sending_{1};
    subscription subscription_;
    publication publication_;
    batch received_;
    payloads payloads_;
};

} // namespace

std::unique_ptr<pipeline> make_batch(net::group const& group, std::size_t size)
{
    return std::make_unique<batch_to_batch>(group, size);
}

} // namespace rollcast::bench
