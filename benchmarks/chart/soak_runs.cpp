// SPDX-License-Identifier: BSL-1.0
#include "chart/soak_runs.hpp"

#include "support/print.hpp"
#include "support/sim_soak.hpp"

#include <fmt/format.h>

#include <atomic>
#include <cstdio>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>

namespace rollcast::bench {
namespace {

constexpr std::size_t usual_seeds = 100;

class soak_series {
public:
    explicit soak_series(options const& wanted)
        : wanted_(wanted),
          end_(wanted.seed + wanted.seeds.value_or(usual_seeds)),
          next_(wanted.seed)
    {
    }

    bool run()
    {
        {
            std::vector<std::jthread> hands;
            for (std::size_t i = 0; i < wanted_.threads; ++i)
                hands.emplace_back([this] { work(); });
        }
        print(fmt::format("seeds {} to {}: {} faults, {} events, {} failed", wanted_.seed, end_ - 1,
                          faults_, events_, failed_));
        return failed_ == 0;
    }

private:
    void work()
    {
        for (auto seed = next_++; seed < end_; seed = next_++)
            attempt({seed, wanted_.duration, narrator()});
    }

    std::function<void(std::string const&)> narrator() const
    {
        if (!wanted_.verbose)
            return {};
        return [](std::string const& what) { std::puts(what.c_str()); };
    }

    void attempt(test::soak_options const& how)
    {
        try {
            auto const done = test::soak(how);
            std::lock_guard const lock(mutex_);
            faults_ += done.faults;
            events_ += done.events;
        } catch (std::exception const& failure) {
            std::lock_guard const lock(mutex_);
            ++failed_;
            print(fmt::format("{}\n  {}", failure.what(), test::replay_command(how)));
        }
    }

    options const& wanted_;
    std::uint64_t end_;
    std::atomic<std::uint64_t> next_;
    std::mutex mutex_;
    std::size_t faults_ = 0;
    std::size_t events_ = 0;
    std::size_t failed_ = 0;
};

} // namespace

bool run_soak(options const& wanted)
{
    return soak_series(wanted).run();
}

} // namespace rollcast::bench
