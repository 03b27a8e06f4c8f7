// SPDX-License-Identifier: BSL-1.0
#include "chart/latency.hpp"

#include "support/measure.hpp"
#include "support/print.hpp"

#include <rollcast/chart.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <fmt/format.h>

#include <memory>
#include <optional>
#include <stdexcept>
#include <vector>

namespace rollcast::bench {
namespace {

using std::chrono::steady_clock;

constexpr std::size_t starts = 20;
constexpr auto patience = std::chrono::seconds(20);

chart_config on_loopback(std::uint64_t id)
{
    chart_config config;
    config.id = id;
    config.service_ports = {8042};
    config.name = fmt::format("latency of {}", steady_clock::now().time_since_epoch().count());
    config.local_discovery = true;
    return config;
}

/// Charts of one process that know each other.
class neighbourhood {
public:
    explicit neighbourhood(std::size_t count) : config_(on_loopback(0))
    {
        for (std::uint64_t id = 1; id <= count; ++id) {
            config_.id = id;
            others_.push_back(std::make_unique<chart>(context_.get_executor(), config_));
            asio::co_spawn(context_, others_.back()->maintain(), asio::detached);
        }
        wait_until([&] { return with(count) == count; });
        // Until the digests of the beginning are over.
        run_for(std::chrono::seconds(1));
    }

    /// Milliseconds from the call of `maintain`.
    struct delays {
        double first = 0;    ///< Until one of the others has the newcomer.
        double all = 0;      ///< Until all of them have it.
        double complete = 0; ///< Until it has all of them.
    };

    delays start_one_more()
    {
        auto const everybody = others_.size() + 1;
        config_.id = everybody;
        chart newcomer(context_.get_executor(), config_);
        std::optional<double> first, all, complete;
        auto const begin = steady_clock::now();
        auto const note = [&](std::optional<double>& when, bool true_now) {
            if (!when && true_now)
                when = in_ms(steady_clock::now() - begin);
        };
        asio::co_spawn(context_, newcomer.maintain(), asio::detached);
        wait_until([&] {
            auto const known = with(everybody);
            note(first, known != 0);
            note(all, known == others_.size());
            note(complete, newcomer.size() == everybody);
            return first && all && complete;
        });
        asio::co_spawn(context_, newcomer.leave(), asio::detached);
        wait_until([&] { return with(everybody) == 0; });
        run_for(std::chrono::milliseconds(300));
        return {*first, *all, *complete};
    }

private:
    static double in_ms(steady_clock::duration value)
    {
        return std::chrono::duration<double, std::milli>(value).count();
    }

    /// How many of them count so many instances.
    std::size_t with(std::size_t size) const
    {
        std::size_t count = 0;
        for (auto const& each : others_)
            count += each->size() == size;
        return count;
    }

    template <class Condition>
    void wait_until(Condition&& condition)
    {
        auto const end = steady_clock::now() + patience;
        while (!condition()) {
            if (steady_clock::now() > end)
                throw std::runtime_error("charts on loopback do not find each other");
            context_.run_one_for(std::chrono::milliseconds(1));
        }
    }

    void run_for(std::chrono::milliseconds how_long)
    {
        context_.run_for(how_long);
        context_.restart();
    }

    asio::io_context context_{1};
    chart_config config_;
    std::vector<std::unique_ptr<chart>> others_;
};

struct aim {
    double first;
    double all;
    double complete;
};

bool report(std::size_t others, std::string_view what, double value, double limit)
{
    bool const met = value <= limit;
    print(fmt::format("{:>3} others: {:<38} {:>8.2f} ms   aim {:>3g}{}", others, what, value, limit,
                      met ? "" : "   !"));
    return met;
}

bool measure(std::size_t others, aim const& limits)
{
    neighbourhood around(others);
    std::vector<double> first, all, complete;
    for (std::size_t i = 0; i < starts; ++i) {
        auto const took = around.start_one_more();
        first.push_back(took.first);
        all.push_back(took.all);
        complete.push_back(took.complete);
    }
    bool met = report(others, "another one has the newcomer", median(first), limits.first);
    met &= report(others, "all others have it", median(all), limits.all);
    met &= report(others, "it has all the others", median(complete), limits.complete);
    return met;
}

} // namespace

bool run_latency()
{
    print(fmt::format("from the call of maintain(), median of {} starts, all in one process",
                      starts));
    bool met = measure(1, {2, 2, 20});
    met &= measure(10, {2, 5, 20});
    met &= measure(50, {5, 5, 20});
    return met;
}

} // namespace rollcast::bench
