// SPDX-License-Identifier: BSL-1.0
#include "receive/methods.hpp"

#include "support/measure.hpp"
#include "support/probe.hpp"
#include "support/sender.hpp"
#include "support/totals.hpp"

#include <atomic>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

namespace rollcast::bench {
namespace {

/// Each contender has a group of its own, or every datagram would reach both.
net::group const case_group{asio::ip::make_address("239.255.77.1"), 47001};
net::group const bare_group{asio::ip::make_address("239.255.77.2"), 47002};

/// With the mark that ends it, a whole number of batches.
constexpr std::size_t most_datagrams = 32 * batch_length - 1;
constexpr std::size_t most_runs = 16 * batch_length - 1;

/// A contender, and somebody who sends to it.
class lane {
public:
    lane(bench_case const& which, workload const& load, net::group const& group)
        : contender_(which.make({group, load.metadata, which.coalesce})),
          sender_(group, load.size, which.coalesce)
    {
    }

    totals drain(std::size_t sends)
    {
        tally seen(next_mark());
        sender_.send(sends);
        sender_.send_mark(mark_);
        auto const time = spent_on([&] { contender_->receive(seen); });
        return {time, sends * sender_.packets_per_send(), seen.packets()};
    }

    totals flood(std::chrono::nanoseconds duration, int sending_core)
    {
        tally seen(next_mark());
        std::uint64_t sent = 0;
        std::atomic<bool> received = false;
        std::thread flooder([&] {
            pin_to(sending_core);
            sent = send_for(duration);
            send_marks_until(received);
        });
        auto const time = spent_on([&] { contender_->receive(seen); });
        received = true;
        flooder.join();
        return {time, sent, seen.packets()};
    }

private:
    /// Another one each time, so that what is left of the last measurement does not end this one.
    std::byte next_mark() noexcept
    {
        auto const value = std::to_integer<unsigned>(mark_) % 255 + 1;
        return mark_ = static_cast<std::byte>(value);
    }

    std::uint64_t send_for(std::chrono::nanoseconds duration)
    {
        std::uint64_t sends = 0;
        auto const end = std::chrono::steady_clock::now() + duration;
        for (; std::chrono::steady_clock::now() < end; sends += 16)
            sender_.send(16);
        return sends * sender_.packets_per_send();
    }

    /// The queue may be full at first.
    void send_marks_until(std::atomic<bool> const& received)
    {
        while (!received) {
            sender_.send_mark(mark_);
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
    }

    std::unique_ptr<contender> contender_;
    sender sender_;
    std::byte mark_ = data_mark;
};

/// How many datagrams, or runs of them, one drain is about.
std::size_t sends_of(bench_case const& which, std::size_t size)
{
    auto const most = which.coalesce ? most_runs : most_datagrams;
    return sends_that_fit({size, which.coalesce, which.coalesce}, most);
}

/// One repetition of a case.
class trial {
public:
    trial(workload const& load, effort const& how_much, std::size_t sends)
        : load_(load), effort_(how_much), sends_(sends), cores_(usable_cores())
    {
        if (load_.method == method::flood && cores_.size() < 2)
            throw std::runtime_error("a flood needs two cores");
        pin_to(cores_.back());
    }

    /// What each lane did; they take turns, and in the order of the last time turned round.
    std::vector<totals> run(std::vector<lane>& lanes)
    {
        std::vector<totals> results(lanes.size());
        int const turns = load_.method == method::drain ? effort_.drains : 1;
        for (int turn = 0; turn < turns; ++turn) {
            backwards_ = !backwards_;
            for (std::size_t i = 0; i < lanes.size(); ++i) {
                auto const which = backwards_ ? lanes.size() - 1 - i : i;
                results[which] += one_turn(lanes[which]);
            }
        }
        return results;
    }

private:
    totals one_turn(lane& of)
    {
        if (load_.method == method::drain)
            return of.drain(sends_);
        return of.flood(effort_.flood, cores_.front());
    }

    workload load_;
    effort effort_;
    std::size_t sends_;
    std::vector<int> cores_;
    bool backwards_ = false;
};

std::vector<lane> make_lanes(bench_case const& which, workload const& load)
{
    std::vector<lane> lanes;
    lanes.emplace_back(which, load, case_group);
    if (!which.is_bare())
        lanes.emplace_back(*find_case(which.bare), load, bare_group);
    return lanes;
}

} // namespace

figures measure(bench_case const& which, workload const& load, effort const& how_much)
{
    trial trial(load, how_much, sends_of(which, load.size));
    auto lanes = make_lanes(which, load);
    trial.run(lanes); // the first touches memory and code for the first time
    std::vector<double> speeds, costs, ratios;
    std::uint64_t lost = 0;
    for (int i = 0; i < how_much.repetitions; ++i) {
        auto const results = trial.run(lanes);
        auto const& own = results.front();
        auto const& bare = results.back();
        speeds.push_back(own.packets_per_second());
        costs.push_back(own.cpu_ns_per_packet());
        ratios.push_back(bare.cpu_ns_per_packet() / own.cpu_ns_per_packet());
        lost += own.sent - own.received;
    }
    return {median(speeds), median(costs), median(ratios), lost};
}

std::map<std::string, metadata_mask> const& metadata_names()
{
    static std::map<std::string, metadata_mask> const names{
        {"always", metadata_mask::none},
        {"all", metadata_mask::all},
        {"hop_limit", metadata_mask::hop_limit},
        {"traffic_class", metadata_mask::traffic_class},
        {"receive_time", metadata_mask::receive_time}};
    return names;
}

} // namespace rollcast::bench
