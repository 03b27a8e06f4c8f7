// SPDX-License-Identifier: BSL-1.0
#include "chart/trial.hpp"
#include "announce/codec.hpp"

#include "support/simulated_network.hpp"

#include <algorithm>

namespace rollcast::bench {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::duration;
using test::simulated_network;
using test::time_point;

constexpr auto detection_time = seconds(10);

/// Trickle reaches its longest interval in half of it.
constexpr auto warm_up = seconds(120);
constexpr auto longest_mass_start = seconds(120);
constexpr auto join_window = seconds(10);
constexpr auto after_join = seconds(40);

double in_seconds(duration value)
{
    return std::chrono::duration<double>(value).count();
}

class trial_run {
public:
    explicit trial_run(trial const& what)
        : what_(what),
          dice_(what.seed ^ 0x62656e6368),
          net_(what.seed, simulated_network::checks::off)
    {
        net_.add_segment({.delay = milliseconds(1), .loss = what.phases.front().loss});
        // Ids that have proven nothing may take a quarter of the room, and in a mass start that is
        // all of them.
        member_.max_instances = std::max<std::size_t>(4096, 4 * what.instances);
        member_.terse_events = true;
        net_.add_many(what.instances, member_);
        net_.listen([this](std::size_t, event const& told) { hear(told); });
    }

    std::vector<figures> run()
    {
        std::vector<figures> all;
        for (auto const& phase : what_.phases) {
            now_ = {};
            gone_ = 0;
            auto const from = net_.now();
            net_.segment(0).loss = phase.loss;
            if (all.empty())
                start();
            if (!what_.mass_start_only) {
                net_.run_for(warm_up);
                watch_peace(phase.steady);
                watch_join();
                watch_crash();
            }
            now_.false_gone = static_cast<double>(gone_);
            now_.observed = in_seconds(net_.now() - from);
            all.push_back(now_);
        }
        return all;
    }

private:
    struct count {
        std::uint64_t id = 0;
        std::size_t charts = 0;
    };

    void hear(event const& told)
    {
        if (told.kind == event_kind::found && told.who.id == newcomer_.id)
            ++newcomer_.charts;
        if (told.kind != event_kind::gone)
            return;
        if (told.who.id == victim_.id)
            ++victim_.charts;
        else
            ++gone_;
    }

    void start()
    {
        if (what_.complete) {
            net_.complete();
            return;
        }
        auto const from = net_.now();
        net_.start_all();
        bool const done = net_.run_until([&] { return net_.all_know_all(); }, longest_mass_start);
        now_.mass_start = done ? in_seconds(net_.now() - from) : never;
    }

    void watch_peace(seconds how_long)
    {
        auto const before = net_.total_traffic();
        std::map<message_type, std::size_t> types;
        net_.observe([&](std::size_t, detail::outgoing const& what) {
            ++types[static_cast<message_type>(what.bytes[announce::type_offset])];
        });
        net_.run_for(how_long);
        net_.observe({});
        auto const after = net_.total_traffic();
        auto const passed = in_seconds(how_long);
        for (auto const& [type, count] : types)
            now_.types[type] = static_cast<double>(count) / passed;
        now_.multicasts = static_cast<double>(after.multicasts - before.multicasts) / passed;
        now_.received = static_cast<double>(after.received - before.received) / passed /
                        static_cast<double>(what_.instances);
    }

    void watch_join()
    {
        net_.run_for(some_beats());
        auto const before = net_.total_traffic().multicasts;
        auto const from = net_.now();
        auto const newcomer = net_.add(member_);
        auto const others = count_running();
        auto first_word = from;
        net_.observe([&](std::size_t who, detail::outgoing const&) {
            if (who == newcomer && first_word == from)
                first_word = net_.now();
        });
        newcomer_ = {net_.id(newcomer)};
        net_.start(newcomer);
        bool const done = net_.run_until([&] { return newcomer_.charts >= others; }, join_window);
        now_.charted = done ? in_seconds(net_.now() - first_word) : never;
        net_.observe({});
        net_.run_for(from + join_window - net_.now());
        auto const all = static_cast<double>(net_.total_traffic().multicasts - before);
        now_.join_multicasts = all - now_.multicasts * in_seconds(join_window);
        net_.run_for(after_join);
    }

    void watch_crash()
    {
        net_.run_for(some_beats());
        auto victim = dice_.next() % what_.instances;
        while (!net_.is_running(victim))
            victim = (victim + 1) % what_.instances;
        time_point last_sign{};
        net_.observe([&](std::size_t who, detail::outgoing const&) {
            if (who == victim)
                last_sign = net_.now();
        });
        net_.run_for(detection_time + some_beats());
        auto const crashed = net_.now();
        victim_ = {net_.id(victim)};
        net_.crash(victim);
        auto const others = count_running();
        bool const done =
            net_.run_until([&] { return victim_.charts >= others; }, 3 * detection_time);
        net_.observe({});
        now_.gone_after_crash = done ? in_seconds(net_.now() - crashed) : never;
        now_.gone_after_last_sign = done ? in_seconds(net_.now() - last_sign) : never;
    }

    /// So that what is done falls anywhere between the beats.
    duration some_beats() { return detail::share(detection_time, dice_.unit() / 2); }

    std::size_t count_running() const
    {
        std::size_t running = 0;
        for (std::size_t who = 0; who < net_.count(); ++who)
            running += net_.is_running(who);
        return running;
    }

    trial what_;
    detail::random_source dice_;
    simulated_network net_;
    test::simulated_config member_;
    figures now_;
    count newcomer_;
    count victim_;
    std::size_t gone_ = 0;
};

} // namespace

std::vector<figures> run(trial const& what)
{
    return trial_run(what).run();
}

} // namespace rollcast::bench
