// SPDX-License-Identifier: BSL-1.0
#include "receive/subscriptions.hpp"

#include "receive/run.hpp"

#include <rollcast/receive/subscription.hpp>

namespace rollcast::bench {
namespace {

subscription_config config_of(receive_setup const& setup)
{
    auto config = subscription_config::any_source(setup.group);
    config.interfaces = {"lo"};
    config.receive_buffer = queue_bytes;
    config.metadata = setup.all_metadata ? metadata_mask::all : metadata_mask::none;
    config.coalesce = setup.coalesce;
    return config;
}

bool add_all(batch const& from, tally& into)
{
    for (auto const& packet : from)
        if (!into.add(packet.payload))
            return false;
    return true;
}

class recv_loop : public contender {
public:
    explicit recv_loop(receive_setup const& setup)
        : subscription_(context_.get_executor(), config_of(setup))
    {
        subscription_.join();
    }

    void receive(tally& into) override { run(context_, loop(into)); }

private:
    asio::awaitable<void> loop(tally& into)
    {
        for (;;) {
            auto const packet = co_await subscription_.recv();
            if (!into.add(packet.payload))
                co_return;
        }
    }

    asio::io_context context_{1};
    subscription subscription_;
};

class recv_batch_loop : public contender {
public:
    explicit recv_batch_loop(receive_setup const& setup)
        : subscription_(context_.get_executor(), config_of(setup))
    {
        subscription_.join();
    }

    void receive(tally& into) override { run(context_, loop(into)); }

private:
    asio::awaitable<void> loop(tally& into)
    {
        for (;;) {
            co_await subscription_.recv_batch(batch_);
            if (!add_all(batch_, into))
                co_return;
        }
    }

    asio::io_context context_{1};
    subscription subscription_;
    batch batch_{batch_length};
};

} // namespace

std::unique_ptr<contender> make_recv(receive_setup const& setup)
{
    return std::make_unique<recv_loop>(setup);
}

std::unique_ptr<contender> make_recv_batch(receive_setup const& setup)
{
    return std::make_unique<recv_batch_loop>(setup);
}

} // namespace rollcast::bench
