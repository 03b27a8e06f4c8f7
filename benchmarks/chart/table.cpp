// SPDX-License-Identifier: BSL-1.0
#include "chart/table.hpp"

#include "chart/targets.hpp"
#include "chart/trial.hpp"
#include "chart/workers.hpp"
#include "support/measure.hpp"
#include "support/print.hpp"
#include "support/system.hpp"

#include <boost/describe/enum_to_string.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <mutex>
#include <string>

#include <sys/resource.h>

namespace rollcast::bench {
namespace {

/// Bigger ones take so much memory that there is room for one only.
constexpr std::size_t large = 5000;

/// As many seeds as fit into a quarter of an hour on two cores.
std::size_t usual_seeds(std::size_t instances)
{
    return instances <= 100 ? 20 : instances <= 1000 ? 5 : 1;
}

/// False accusations are counted for an hour where there is loss enough to cause some.
std::chrono::seconds steady_time(std::size_t instances, double loss)
{
    if (instances >= large)
        return loss >= 0.3 ? std::chrono::seconds(600) : std::chrono::seconds(120);
    return loss >= 0.3 ? std::chrono::seconds(3600) : std::chrono::seconds(600);
}

/// What all seeds gave, by size and loss.
class results {
public:
    void add(std::size_t size, double loss, figures const& what)
    {
        std::lock_guard const lock(mutex_);
        all_[{size, loss}].push_back(what);
    }

    /// Those that were measured, of one line.
    std::vector<double> values(std::size_t size, double loss, line const& which) const
    {
        std::vector<double> values;
        if (auto const found = all_.find({size, loss}); found != all_.end())
            for (auto const& each : found->second)
                if (!std::isnan(each.*which.value))
                    values.push_back(each.*which.value * which.scale);
        return values;
    }

private:
    std::mutex mutex_;
    std::map<std::pair<std::size_t, double>, std::vector<figures>> all_;
};

std::string percent(double loss)
{
    return fmt::format("{:.0f} %", 100 * loss);
}

trial trial_of(std::size_t instances, std::vector<double> const& losses, std::uint64_t seed)
{
    trial what;
    what.instances = instances;
    what.seed = seed;
    for (auto const loss : losses)
        what.phases.push_back({loss, steady_time(instances, loss)});
    return what;
}

job job_of(trial what, results& into)
{
    auto name = fmt::format("{} instances, seed {}", what.instances, what.seed);
    if (what.phases.size() == 1)
        name += ", " + percent(what.phases.front().loss);
    if (what.mass_start_only)
        name += ", mass start";
    bool const is_large = what.instances >= large;
    auto work = [what = std::move(what), &into] {
        auto const all = run(what);
        for (std::size_t i = 0; i < all.size(); ++i)
            into.add(what.instances, what.phases[i].loss, all[i]);
    };
    return {name, std::move(work), is_large};
}

void add_large(std::vector<job>& to, options const& wanted, std::size_t size, std::uint64_t seed,
               results& into)
{
    auto what = trial_of(size, wanted.losses, seed);
    what.complete = true; // once for all losses: it takes long
    to.push_back(job_of(what, into));
}

/// From the longest to the shortest, so that all threads end at about the same time.
std::vector<job> all_jobs(options const& wanted, results& into)
{
    std::vector<job> jobs;
    auto sizes = wanted.sizes;
    std::ranges::sort(sizes, std::greater());
    for (auto const size : sizes)
        for (std::size_t i = 0; i < wanted.seeds.value_or(usual_seeds(size)); ++i) {
            auto const seed = wanted.seed + i;
            if (size >= large)
                add_large(jobs, wanted, size, seed, into);
            else
                for (auto const loss : wanted.losses)
                    jobs.push_back(job_of(trial_of(size, {loss}, seed), into));
        }
    return jobs;
}

std::string text_of(double value, line const& which)
{
    if (std::isinf(value))
        return "never";
    return fmt::format("{:.{}f}", value, which.decimals);
}

struct cell {
    std::string text;
    bool missed = false;
};

cell cell_of(std::vector<double> const& values, double limit, line const& which)
{
    if (values.empty())
        return {"-"};
    auto const value = median(values);
    auto const worst = *std::ranges::max_element(values);
    // What is printed is what counts: 0.204 is 0.20.
    auto const unit = std::pow(10, which.decimals);
    bool const missed = !std::isnan(limit) && std::round(value * unit) > std::round(limit * unit);
    auto text = text_of(value, which);
    if (worst > value)
        text += fmt::format(" ({})", text_of(worst, which));
    if (!std::isnan(limit))
        text += fmt::format(" {} {}", missed ? "! >" : "<=", text_of(limit, which));
    return {text, missed};
}

std::size_t print_line(options const& wanted, results const& from, line const& which, double loss)
{
    auto text = fmt::format("{:<29} {:>5}", which.name, percent(loss));
    std::size_t missed = 0;
    for (auto const size : wanted.sizes) {
        auto const limit = target(which, size, loss);
        auto const next = cell_of(from.values(size, loss, which), limit, which);
        text += fmt::format("  {:<21}", next.text);
        missed += next.missed;
    }
    print(text);
    return missed;
}

void print_head(options const& wanted)
{
    auto text = fmt::format("{:<29} {:>5}", "median (worst), target", "loss");
    for (auto const size : wanted.sizes)
        text += fmt::format("  {:<21}", fmt::format("N = {}", size));
    print(text);
}

void print_foot(options const& wanted, spent const& time)
{
    std::string seeds;
    for (auto const size : wanted.sizes)
        seeds += fmt::format("{}{} for N = {}", seeds.empty() ? "" : ", ",
                             wanted.seeds.value_or(usual_seeds(size)), size);
    rusage used{};
    check(::getrusage(RUSAGE_SELF, &used), "getrusage");
    print(fmt::format("\nSeeds: {}. After two minutes of warming up the steady state lasts an hour "
                      "at 30 %,\nten minutes otherwise; for N >= {} ten and two, from complete "
                      "charts. False accusations are\ncounted from the start, join and crash "
                      "included.",
                      seeds, large));
    print(fmt::format("{:.0f} s, at most {:.2f} GiB of memory",
                      std::chrono::duration<double>(time.wall).count(),
                      static_cast<double>(used.ru_maxrss) / 1024 / 1024));
}

} // namespace

bool run_table(options const& wanted)
{
    results all;
    bool worked = true;
    auto const time = spent_on([&] { worked = work_off(all_jobs(wanted, all), wanted.threads); });
    print_head(wanted);
    std::size_t missed = 0;
    for (auto const& each : table_lines())
        for (auto const loss : wanted.losses)
            missed += print_line(wanted, all, each, loss);
    print_foot(wanted, time);
    if (missed != 0)
        print(fmt::format("{} figures miss their targets", missed));
    return worked && missed == 0;
}

bool run_replay(options const& wanted)
{
    for (auto const size : wanted.sizes)
        for (auto const loss : wanted.losses) {
            auto what = trial_of(size, {loss}, wanted.seed);
            what.complete = wanted.complete || size >= large;
            auto const got = run(what).front();
            print(fmt::format("{} instances, {}, seed {}", size, percent(loss), wanted.seed));
            for (auto const& each : table_lines())
                print(fmt::format("  {:<29} {}", each.name,
                                  text_of(got.*each.value * each.scale, each)));
            for (auto const& [type, rate] : got.types)
                print(fmt::format("  {:<29} {:.3f}/s of all together",
                                  boost::describe::enum_to_string(type, "?"), rate));
        }
    return true;
}

} // namespace rollcast::bench
