// SPDX-License-Identifier: BSL-1.0
#include "send/publications.hpp"

#include "support/payloads.hpp"
#include "support/run.hpp"

#include <rollcast/send/publication.hpp>

#include <stdexcept>
#include <vector>

namespace rollcast::bench {
namespace {

/// As the bare loops' socket is.
publication_config config_of(send_setup const& setup)
{
    publication_config config;
    config.group = setup.group;
    config.interface = "lo";
    config.hop_limit = 0;
    return config;
}

class send_loop : public contender {
public:
    explicit send_loop(send_setup const& setup)
        : publication_(context_.get_executor(), config_of(setup)), bytes_(setup.size)
    {
        publication_.open();
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
            co_await publication_.send(payload);
    }

    asio::io_context context_{1};
    publication publication_;
    std::vector<std::byte> bytes_;
};

class send_batch_loop : public contender {
public:
    send_batch_loop(send_setup const& setup, std::size_t distance)
        : publication_(context_.get_executor(), config_of(setup)),
          payloads_(setup.size, distance, runs_per_call)
    {
        publication_.open();
    }

    void send(std::size_t batches) override { run(context_, loop(batches)); }

private:
    asio::awaitable<void> loop(std::size_t batches)
    {
        for (; batches > 0; --batches) {
            auto const report = co_await publication_.send_batch(payloads_.all());
            if (report.packets != payloads_.all().size())
                throw std::runtime_error("a batch was not sent as a whole");
        }
    }

    asio::io_context context_{1};
    publication publication_;
    payloads payloads_;
};

} // namespace

std::unique_ptr<contender> make_send(send_setup const& setup)
{
    return std::make_unique<send_loop>(setup);
}

std::unique_ptr<contender> make_send_batch(send_setup const& setup)
{
    return std::make_unique<send_batch_loop>(setup, setup.size);
}

std::unique_ptr<contender> make_send_batch_apart(send_setup const& setup)
{
    return std::make_unique<send_batch_loop>(setup, setup.size + 64);
}

} // namespace rollcast::bench
