// SPDX-License-Identifier: BSL-1.0
#include "end_to_end/measure.hpp"

#include "end_to_end/pipeline.hpp"
#include "support/measure.hpp"
#include "support/sender.hpp"
#include "support/totals.hpp"

#include <atomic>
#include <exception>
#include <stdexcept>
#include <thread>
#include <vector>

namespace rollcast::bench {
namespace {

/// Each pipeline has a group of its own, or every datagram would reach both.
net::group const batch_group{asio::ip::make_address("239.255.77.6"), 47006};
net::group const bare_group{asio::ip::make_address("239.255.77.7"), 47007};

/// The two ends of a measurement run on cores of their own.
struct cores {
    int sending;
    int receiving;
};

cores choose_cores()
{
    auto const usable = usable_cores();
    if (usable.size() < 2)
        throw std::runtime_error("two cores are needed");
    return {usable.back(), usable.front()};
}

class lane {
public:
    lane(pipeline_factory make, net::group const& group, std::size_t size)
        : pipeline_(make(group, size)), marker_(group, size, false)
    {
    }

    totals run_for(std::chrono::nanoseconds duration, int receiving_core)
    {
        window window;
        tally seen(std::byte{1});
        std::atomic<bool> ended = false;
        std::exception_ptr failure;
        std::thread receiver([&] {
            try {
                pin_to(receiving_core);
                pipeline_->receive(seen, window);
            } catch (...) {
                failure = std::current_exception();
            }
            ended = true;
        });
        auto const time = spent_on([&] {
            pipeline_->send(std::chrono::steady_clock::now() + duration, window);
            window.drain();
        });
        end(ended);
        receiver.join();
        if (failure)
            std::rethrow_exception(failure);
        return {time, window.sent(), seen.packets()};
    }

private:
    /// All has been received, so a mark is not lost; but those of the last time may be left.
    void end(std::atomic<bool> const& ended)
    {
        marker_.send_mark(std::byte{1});
        while (!ended)
            std::this_thread::yield();
    }

    std::unique_ptr<pipeline> pipeline_;
    sender marker_;
};

/// What came of one lane in all repetitions.
struct results {
    std::vector<double> speeds;
    std::uint64_t lost = 0;

    void add(totals const& what)
    {
        speeds.push_back(what.packets_per_second());
        lost += what.sent - what.received;
    }
    throughput result() const { return {median(speeds), lost}; }
};

} // namespace

comparison measure(std::size_t size, effort const& how_much)
{
    auto const on = choose_cores();
    pin_to(on.sending);
    lane batch(make_batch, batch_group, size);
    lane bare(make_one_call_per_packet, bare_group, size);
    results batches, singles;
    std::vector<double> ratios;
    batch.run_for(how_much.each, on.receiving); // touches memory and code for the first time
    bare.run_for(how_much.each, on.receiving);
    for (int i = 0; i < how_much.repetitions; ++i) {
        batches.add(batch.run_for(how_much.each, on.receiving));
        singles.add(bare.run_for(how_much.each, on.receiving));
        ratios.push_back(batches.speeds.back() / singles.speeds.back());
    }
    return {batches.result(), singles.result(), median(ratios)};
}

} // namespace rollcast::bench
