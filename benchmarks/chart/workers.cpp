// SPDX-License-Identifier: BSL-1.0
#include "chart/workers.hpp"

#include "support/measure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <cstdio>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>

namespace rollcast::bench {
namespace {

class crew {
public:
    explicit crew(std::vector<job> jobs) : waiting_(std::move(jobs)), all_(waiting_.size()) {}

    void work()
    {
        while (auto next = take()) {
            auto const time = spent_on([&] { attempt(*next); });
            std::lock_guard const lock(mutex_);
            large_runs_ = large_runs_ && !next->large;
            fmt::print(stderr, "[{}/{}] {}: {:.1f} s\n", ++done_, all_, next->name,
                       std::chrono::duration<double>(time.cpu).count());
            changed_.notify_all();
        }
    }

    bool has_failed() const noexcept { return failed_; }

private:
    std::optional<job> take()
    {
        std::unique_lock lock(mutex_);
        for (;;) {
            auto const fits = [&](job const& each) { return !each.large || !large_runs_; };
            auto const next = std::ranges::find_if(waiting_, fits);
            if (next != waiting_.end()) {
                auto taken = std::move(*next);
                waiting_.erase(next);
                large_runs_ = large_runs_ || taken.large;
                return taken;
            }
            if (waiting_.empty())
                return std::nullopt;
            changed_.wait(lock);
        }
    }

    void attempt(job const& what)
    {
        try {
            what.work();
        } catch (std::exception const& failure) {
            std::lock_guard const lock(mutex_);
            failed_ = true;
            fmt::print(stderr, "{}: {}\n", what.name, failure.what());
        }
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<job> waiting_;
    std::size_t all_;
    std::size_t done_ = 0;
    bool large_runs_ = false;
    bool failed_ = false;
};

} // namespace

bool work_off(std::vector<job> jobs, std::size_t threads)
{
    crew all(std::move(jobs));
    {
        std::vector<std::jthread> hands;
        for (std::size_t i = 0; i < threads; ++i)
            hands.emplace_back([&] { all.work(); });
    }
    return !all.has_failed();
}

} // namespace rollcast::bench
