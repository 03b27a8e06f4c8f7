// SPDX-License-Identifier: BSL-1.0
#include "send/methods.hpp"

#include "send/queue.hpp"
#include "support/measure.hpp"
#include "support/probe.hpp"
#include "support/totals.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <stdexcept>
#include <vector>

namespace rollcast::bench {
namespace {

/// Each contender has a group of its own, or every datagram would reach both.
net::group const case_group{asio::ip::make_address("239.255.77.4"), 47004};
net::group const other_group{asio::ip::make_address("239.255.77.5"), 47005};

/// About as long for those who need a call for each datagram as for those who send runs.
constexpr std::size_t most_batches = 2;
constexpr std::size_t most_batches_of_runs = 32;

bool coalesces(workload const& load) noexcept
{
    return load.method == method::coalescing_receiver;
}

/// A contender, and perhaps somebody who receives what it sends.
class lane {
public:
    lane(bench_case const& which, workload const& load, net::group const& group)
        : contender_(which.make({group, load.size})),
          batch_length_(batch_length(load.size)),
          batches_(batches_that_fit(which, load))
    {
        if (load.method != method::no_receiver)
            queue_.emplace(group, coalesces(load));
    }

    totals turn()
    {
        auto const time = spent_on([&] { contender_->send(batches_); });
        auto const sent = batches_ * batch_length_;
        return {time, sent, queue_ ? queue_->empty() : sent};
    }

private:
    static std::size_t batches_that_fit(bench_case const& which, workload const& load)
    {
        auto const most = which.in_runs ? most_batches_of_runs : most_batches;
        if (load.method == method::no_receiver)
            return most;
        auto const sends_per_batch = which.in_runs ? runs_per_call : batch_length(load.size);
        auto const fit =
            sends_that_fit({load.size, which.in_runs, coalesces(load)}, most * sends_per_batch);
        if (fit < sends_per_batch)
            throw std::runtime_error("the receiver's queue (net.core.rmem_max) holds no batch");
        return fit / sends_per_batch;
    }

    std::unique_ptr<contender> contender_;
    std::optional<queue> queue_;
    std::size_t batch_length_;
    std::size_t batches_;
};

std::vector<lane> make_lanes(bench_case const& which, bench_case const& other, workload const& load)
{
    std::vector<lane> lanes;
    lanes.emplace_back(which, load, case_group);
    if (other.name != which.name)
        lanes.emplace_back(other, load, other_group);
    return lanes;
}

/// What each lane did; they take turns, and in the order of the last time turned round.
std::vector<totals> take_turns(std::vector<lane>& lanes, int turns)
{
    std::vector<totals> results(lanes.size());
    for (int turn = 0; turn < turns; ++turn)
        for (std::size_t i = 0; i < lanes.size(); ++i) {
            auto const which = turn % 2 == 0 ? lanes.size() - 1 - i : i;
            results[which] += lanes[which].turn();
        }
    return results;
}

} // namespace

figures measure(bench_case const& which, bench_case const& other, workload const& load,
                effort const& how_much)
{
    pin_to(usable_cores().back());
    auto lanes = make_lanes(which, other, load);
    take_turns(lanes, how_much.turns); // the first touches memory and code for the first time
    std::vector<double> speeds, costs, ratios;
    std::uint64_t lost = 0;
    for (int i = 0; i < how_much.repetitions; ++i) {
        auto const results = take_turns(lanes, how_much.turns);
        auto const& own = results.front();
        speeds.push_back(own.packets_per_second());
        costs.push_back(own.cpu_ns_per_packet());
        ratios.push_back(results.back().cpu_ns_per_packet() / own.cpu_ns_per_packet());
        lost += own.sent - own.received;
    }
    return {median(speeds), median(costs), median(ratios), lost};
}

std::map<std::string, method> const& method_names()
{
    static std::map<std::string, method> const names{
        {"no_receiver", method::no_receiver},
        {"receiver", method::receiver},
        {"coalescing_receiver", method::coalescing_receiver}};
    return names;
}

} // namespace rollcast::bench
