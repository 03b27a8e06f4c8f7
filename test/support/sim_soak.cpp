// SPDX-License-Identifier: BSL-1.0
#include "support/sim_soak.hpp"

#include "support/sim_ledger.hpp"
#include "support/simulated_network.hpp"

#include <rollcast/announce/codec.hpp>

#include <boost/describe/enum_to_string.hpp>

#include <algorithm>
#include <array>
#include <set>
#include <stdexcept>

namespace rollcast::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t most_instances = 30;
constexpr std::size_t most_twins = 2;
constexpr std::size_t most_observers = 3;
constexpr double worst_loss = 0.4;

/// After the last fault the charts have so long, and so many of the longest detection time.
constexpr auto quiet_time = seconds(60);
constexpr int quiet_detection_times = 3;

class soak_run {
public:
    explicit soak_run(soak_options const& how)
        : how_(how), dice_(how.seed ^ 0x736f616b), net_(how.seed)
    {
        if (how_.narrate)
            narrate_all();
        net_.read([this](std::size_t who, std::span<event const> told) { enter(who, told); });
        build();
    }

    soak_report run()
    {
        auto const end = net_.now() + how_.duration;
        while (net_.now() < end) {
            net_.run_for(between(milliseconds(0), milliseconds(3000)));
            auto const& [name, what] = faults[below(faults.size())];
            say(name);
            (this->*what)();
            ++report_.faults;
        }
        make_peace();
        net_.run_for(quiet_time + quiet_detection_times * longest_detection_time_);
        judge();
        report_.instances = net_.count();
        for (std::size_t who = 0; who < net_.count(); ++who)
            report_.events += net_.events(who).size();
        return report_;
    }

private:
    struct fault {
        char const* name;
        void (soak_run::*what)();
    };

    void say(std::string const& what) const
    {
        auto const since = net_.now().time_since_epoch() - std::chrono::hours(24);
        if (how_.narrate)
            how_.narrate(std::to_string(std::chrono::duration<double>(since).count()) +
                         " s: " + what);
    }

    void narrate_all()
    {
        net_.listen([this](std::size_t who, event const& what) {
            say("chart " + std::to_string(who) + " is told " +
                boost::describe::enum_to_string(what.kind, "?") + " of " +
                std::to_string(what.who.id) + " (" + to_string(what.who.life).substr(0, 4) + ", " +
                std::to_string(what.who.incarnation) + ")");
        });
        net_.observe([this](std::size_t who, detail::outgoing const& what) {
            auto const meaning = announce::decode(what.bytes, group_key());
            if (!meaning)
                return;
            auto text = std::to_string(who) + " sends " +
                        boost::describe::enum_to_string(meaning->type, "?") + " of " +
                        std::to_string(what.bytes.size()) + " bytes";
            if (what.to)
                text += " to " + what.to->address().to_string();
            for (auto const& each : meaning->subjects)
                text += ", on " + std::to_string(each.id) + " (" +
                        to_string(each.life).substr(0, 4) + ", " +
                        std::to_string(each.incarnation) + ")";
            say(text);
        });
    }

    void enter(std::size_t who, std::span<event const> told)
    {
        try {
            ledger_.read(who, told, net_.engine(who));
        } catch (std::logic_error const& wrong) {
            auto const since = net_.now().time_since_epoch() - std::chrono::hours(24);
            throw std::logic_error("seed " + std::to_string(how_.seed) + ", " +
                                   std::to_string(std::chrono::duration<double>(since).count()) +
                                   " s, chart " + std::to_string(who) + ": " + wrong.what());
        }
    }

    std::size_t below(std::size_t limit) { return dice_.next() % limit; }
    bool chance(double probability) { return dice_.unit() < probability; }
    milliseconds between(milliseconds least, milliseconds most)
    {
        return least + milliseconds(below(static_cast<std::size_t>((most - least).count()) + 1));
    }

    void build()
    {
        segments_ = chance(0.3) ? 2 : 1;
        for (unsigned i = 0; i < segments_; ++i)
            net_.add_segment(conditions_now());
        crowded_ = chance(0.1);
        auto const count = 2 + below(most_instances - 1 - most_twins);
        for (std::size_t who = 0; who < count; ++who)
            net_.add(config_now());
        listener_ = chance(0.2) ? std::optional(below(count)) : std::nullopt;
        for (auto observers = below(most_observers + 1); observers > 0; --observers) {
            auto config = config_now();
            config.observer = true;
            observers_.insert(net_.add(std::move(config)));
        }
        for (std::size_t who = 0; who < net_.count(); ++who)
            start(who);
    }

    void start(std::size_t who)
    {
        if (listener_ == who)
            net_.listen_only(who);
        else
            net_.start(who);
    }

    conditions conditions_now()
    {
        conditions how;
        how.delay = between(milliseconds(1), milliseconds(5));
        how.jitter = chance(0.5) ? between(milliseconds(0), milliseconds(60)) : milliseconds(0);
        how.loss = chance(0.3) ? 0 : worst_loss * dice_.unit();
        how.duplication = chance(0.3) ? 0.2 * dice_.unit() : 0;
        how.ipv6 = chance(0.5);
        report_.loss = std::max(report_.loss, how.loss);
        return how;
    }

    simulated_config config_now()
    {
        static constexpr std::array detection_times{seconds(1), seconds(2), seconds(5),
                                                    seconds(10)};
        simulated_config config;
        config.detection_time = detection_times[below(detection_times.size())];
        longest_detection_time_ = std::max(longest_detection_time_, config.detection_time);
        config.data.assign(below(100), 'd');
        if (crowded_)
            config.max_instances = 1 + below(most_instances);
        if (segments_ == 2)
            config.segments = std::array<std::vector<unsigned>, 3>{{{0}, {1}, {0, 1}}}[below(3)];
        return config;
    }

    // Whom a fault befalls.
    template <class Condition>
    std::optional<std::size_t> any(Condition&& holds)
    {
        auto const first = below(net_.count());
        for (std::size_t i = 0; i < net_.count(); ++i)
            if (auto const who = (first + i) % net_.count(); holds(who)) {
                say("it befalls " + std::to_string(who));
                return who;
            }
        return std::nullopt;
    }
    std::optional<std::size_t> any_running()
    {
        return any([&](std::size_t who) { return net_.is_running(who); });
    }
    std::optional<std::size_t> any_ended()
    {
        return any([&](std::size_t who) { return is_ended(who); });
    }
    bool is_ended(std::size_t who) const { return !net_.is_running(who) && !net_.is_paused(who); }

    void crash()
    {
        if (auto const who = any_running())
            net_.crash(*who);
    }

    void revive()
    {
        if (auto const who = any_ended())
            begin_again(*who);
    }

    void restart_at_once()
    {
        if (auto const who = any_running())
            begin_again(*who);
    }

    void begin_again(std::size_t who)
    {
        if (listener_ == who)
            listener_.reset();
        net_.restart(who);
    }

    void restart_with_another_clock()
    {
        auto const who = any_ended();
        if (!who)
            return;
        net_.set_clock(*who, -between(seconds(1), seconds(7200)));
        begin_again(*who);
    }

    void leave()
    {
        if (auto const who = any_running(); who && who != listener_)
            net_.leave(*who);
    }

    void pause()
    {
        auto const who = any_running();
        if (!who)
            return;
        net_.pause(*who);
        net_.after(between(milliseconds(100), seconds(25)), [this, who = *who] {
            if (net_.is_paused(who))
                net_.resume(who);
        });
    }

    void partition()
    {
        std::array<std::vector<std::size_t>, 2> sides;
        for (std::size_t who = 0; who < net_.count(); ++who)
            sides[below(2)].push_back(who);
        net_.part(sides[0], sides[1]);
        heal_later();
    }

    void cut_one_way()
    {
        net_.cut(below(net_.count()), below(net_.count()));
        heal_later();
    }

    void heal_later()
    {
        net_.after(between(milliseconds(500), seconds(30)), [this] { net_.heal(); });
    }

    void update()
    {
        if (auto const who = any_running())
            net_.update(*who, std::string(below(200), static_cast<char>('a' + below(26))));
    }

    void change_conditions()
    {
        auto& how = net_.segment(static_cast<unsigned>(below(segments_)));
        auto const ipv6 = how.ipv6; // an interface keeps its addresses
        how = conditions_now();
        how.ipv6 = ipv6;
    }

    void claim_an_id_twice()
    {
        auto const who = any_running();
        if (!who || twins_ == most_twins || who == listener_)
            return;
        ++twins_;
        auto config = config_now();
        config.id = net_.id(*who);
        net_.start(net_.add(std::move(config)));
    }

    void forget()
    {
        if (auto const who = any_running())
            net_.forget(*who, net_.id(below(net_.count())));
    }

    /// The link of one goes down for some time.
    void unplug()
    {
        auto const who = any_running();
        auto const segment = static_cast<unsigned>(below(segments_));
        if (!who || !net_.is_on(*who, segment) || unplugged_.contains({*who, segment}))
            return;
        net_.detach(*who, segment);
        unplugged_.emplace(*who, segment);
        net_.after(between(milliseconds(100), seconds(20)),
                   [this, who = *who, segment] { plug_in(who, segment); });
    }

    void plug_in(std::size_t who, unsigned segment)
    {
        if (unplugged_.erase({who, segment}) != 0)
            net_.attach(who, segment);
    }

    static constexpr std::array faults{
        fault{"crash", &soak_run::crash},
        fault{"revive", &soak_run::revive},
        fault{"revive", &soak_run::revive},
        fault{"restart_at_once", &soak_run::restart_at_once},
        fault{"restart_with_another_clock", &soak_run::restart_with_another_clock},
        fault{"leave", &soak_run::leave},
        fault{"pause", &soak_run::pause},
        fault{"partition", &soak_run::partition},
        fault{"cut_one_way", &soak_run::cut_one_way},
        fault{"update", &soak_run::update},
        fault{"change_conditions", &soak_run::change_conditions},
        fault{"claim_an_id_twice", &soak_run::claim_an_id_twice},
        fault{"forget", &soak_run::forget},
        fault{"unplug", &soak_run::unplug},
    };

    void make_peace()
    {
        net_.heal();
        for (unsigned i = 0; i < segments_; ++i) {
            auto& how = net_.segment(i);
            how.jitter = {};
            how.loss = how.duplication = 0;
        }
        for (auto const& [who, segment] : std::exchange(unplugged_, {}))
            net_.attach(who, segment);
        std::set<std::uint64_t> ids;
        for (std::size_t who = 0; who < net_.count(); ++who) {
            if (net_.is_paused(who))
                net_.resume(who);
            if (is_charted(who) && !ids.insert(net_.id(who)).second)
                net_.crash(who); // of two with one id only one can be charted by everybody
        }
    }

    bool is_charted(std::size_t who) const
    {
        return net_.is_running(who) && who != listener_ && !observers_.contains(who);
    }

    bool are_neighbours(std::size_t a, std::size_t b) const
    {
        for (unsigned i = 0; i < segments_; ++i)
            if (net_.is_on(a, i) && net_.is_on(b, i))
                return true;
        return false;
    }

    void judge()
    {
        if (crowded_)
            return; // charts that are full differ
        for (std::size_t who = 0; who < net_.count(); ++who)
            if (net_.is_running(who) && who != listener_)
                judge(who);
        for (unsigned i = 0; i < segments_; ++i)
            if (!net_.all_agree(i))
                complain("the charts of segment " + std::to_string(i) + " differ");
    }

    void judge(std::size_t who)
    {
        std::size_t neighbours = 0;
        for (std::size_t other = 0; other < net_.count(); ++other) {
            if (other == who || !is_charted(other) || !are_neighbours(who, other))
                continue;
            ++neighbours;
            if (!net_.knows(who, other))
                complain("chart " + std::to_string(who) + " does not hold instance " +
                         std::to_string(other));
        }
        auto const right = neighbours + !observers_.contains(who);
        if (auto const size = net_.engine(who).size(); size != right)
            complain("chart " + std::to_string(who) + " holds " + std::to_string(size) +
                     " instances instead of " + std::to_string(right));
    }

    [[noreturn]] void complain(std::string const& what) const
    {
        throw std::logic_error("seed " + std::to_string(how_.seed) + ", in the end: " + what);
    }

    soak_options how_;
    detail::random_source dice_;
    simulated_network net_;
    sim_ledger ledger_;
    soak_report report_;
    milliseconds longest_detection_time_{};
    unsigned segments_ = 1;
    std::size_t twins_ = 0;
    std::optional<std::size_t> listener_;
    std::set<std::size_t> observers_;
    std::set<std::pair<std::size_t, unsigned>> unplugged_;
    bool crowded_ = false;
};

} // namespace

soak_report soak(soak_options const& how)
{
    return soak_run(how).run();
}

std::string replay_command(soak_options const& how)
{
    return "build/release/bin/chart_bench --soak --seed " + std::to_string(how.seed) +
           " --seeds 1 --duration " + std::to_string(how.duration.count());
}

} // namespace rollcast::test
