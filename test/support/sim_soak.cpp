// SPDX-License-Identifier: BSL-1.0
#include "support/sim_soak.hpp"
#include "announce/codec.hpp"

#include "support/sim_dice.hpp"
#include "support/sim_ledger.hpp"
#include "support/sim_soak_attack.hpp"
#include "support/sim_soak_network.hpp"
#include "support/sim_times.hpp"
#include "support/simulated_network.hpp"

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

/// After the last fault the charts have so long, and so many of the longest detection time.
constexpr auto quiet_time = seconds(60);
constexpr int quiet_detection_times = 3;

/// The same where not everybody heard everybody: whoever is set aside is asked again after 16
/// detection times at most. Where there are several addresses, they are asked one after the other.
constexpr auto long_quiet_time = seconds(240);
constexpr int long_quiet_detection_times = 20;

/// Then nothing happens for so long.
constexpr auto rest_time = seconds(60);
constexpr double most_received = 6; ///< A second, by each on each link, at D = 3 s.
constexpr double most_multicasts = 4;
constexpr double most_asked_by_observer = 1.1;

/// And where one has heard somebody that others have not, or not any more, since it was made up or
/// died where they do not hear it: so long that each of those that are held then had its turn to
/// speak to all, and could be asked after.
milliseconds quiet_of_unheard(std::size_t held)
{
    constexpr auto of_each = 8 * detail::trickle::longest / 2 + seconds(10);
    return held * of_each + std::chrono::minutes(5);
}

class soak_run {
public:
    explicit soak_run(soak_options const& how)
        : how_(how),
          dice_(how.seed ^ 0x736f616b),
          net_(how.seed),
          network_(net_, dice_),
          attack_(net_, how.seed)
    {
        if (how_.narrate)
            narrate_events();
        net_.observe([this](std::size_t who, detail::outgoing const& what) {
            multicasts_ += !what.to;
            attack_.overhear(what);
            if (how_.narrate)
                narrate(who, what);
        });
        net_.read([this](std::size_t who, std::span<event const> told) { enter(who, told); });
        build();
    }

    soak_report run()
    {
        auto const end = net_.now() + how_.duration;
        // Elsewhere whoever is made to seem heard is charted for longer than anybody would wait
        // here.
        if (!network_.is_heard_in_part())
            attack_.plan(network_.segments(), how_.duration);
        while (net_.now() < end) {
            net_.run_for(dice_.between(milliseconds(0), milliseconds(3000)));
            auto const& [name, what] = faults[dice_.below(faults.size())];
            say(name);
            (this->*what)();
            ++report_.faults;
        }
        make_peace();
        net_.run_for(quiet());
        if (may_hold_the_dead())
            net_.run_for(quiet_of_unheard(held()));
        judge();
        rest();
        report_.instances = net_.count();
        report_.loss = network_.worst_loss();
        for (std::size_t who = 0; who < net_.count(); ++who)
            report_.events += net_.events(who).size();
        return report_;
    }

    /// What it looks like.
    std::string network() const
    {
        return network_.describe() + (was_heard_in_part_ ? ", at times heard in part" : "") +
               (attack_.has_begun() ? ", attacked" : "");
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

    void narrate_events()
    {
        net_.listen([this](std::size_t who, event const& what) {
            say("chart " + std::to_string(who) + " is told " +
                boost::describe::enum_to_string(what.kind, "?") + " of " +
                std::to_string(what.who.id) + " (" + to_string(what.who.life).substr(0, 4) + ", " +
                std::to_string(what.who.incarnation) + ")");
        });
    }

    void narrate(std::size_t who, detail::outgoing const& what) const
    {
        auto const meaning = announce::decode(what.bytes, group_key());
        if (!meaning)
            return;
        auto text = std::to_string(who) + " sends " +
                    boost::describe::enum_to_string(meaning->type, "?") + " of " +
                    std::to_string(what.bytes.size()) + " bytes";
        if (what.to)
            text += " to " + what.to->address().to_string();
        for (auto const& each : meaning->subjects)
            text += ", on " + std::to_string(each.id) + " (" + to_string(each.life).substr(0, 4) +
                    ", " + std::to_string(each.incarnation) + ")";
        say(text);
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

    void build()
    {
        crowded_ = dice_.chance(0.1);
        is_restricted_ = dice_.chance(0.25);
        auto const count = 2 + dice_.below(most_instances - 1 - most_twins);
        for (std::size_t who = 0; who < count; ++who)
            add(config_now());
        listener_ = dice_.chance(0.2) ? std::optional(dice_.below(count)) : std::nullopt;
        for (auto observers = dice_.below(most_observers + 1); observers > 0; --observers) {
            auto config = config_now();
            config.observer = true;
            observers_.insert(add(std::move(config)));
        }
        for (std::size_t who = 0; who < net_.count(); ++who)
            start(who);
    }

    std::size_t add(simulated_config config)
    {
        auto const who = net_.add(std::move(config));
        network_.admit(who);
        return who;
    }

    void start(std::size_t who)
    {
        if (listener_ == who)
            net_.listen_only(who);
        else
            net_.start(who);
    }

    simulated_config config_now()
    {
        static constexpr std::array detection_times{seconds(1), seconds(2), seconds(5),
                                                    seconds(10)};
        simulated_config config;
        config.detection_time = detection_times[dice_.below(detection_times.size())];
        longest_detection_time_ = std::max(longest_detection_time_, config.detection_time);
        shortest_detection_time_ = std::min(shortest_detection_time_, config.detection_time);
        config.data.assign(dice_.below(100), 'd');
        config.foreign = dice_.chance(0.2);
        if (crowded_)
            config.max_instances = 1 + dice_.below(most_instances);
        config.segments = network_.some_segments();
        return config;
    }

    // Whom a fault befalls.
    template <class Condition>
    std::optional<std::size_t> any(Condition&& holds)
    {
        auto const first = dice_.below(net_.count());
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
        net_.set_clock(*who, -dice_.between(seconds(1), seconds(7200)));
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
        net_.after(dice_.between(milliseconds(100), seconds(25)), [this, who = *who] {
            if (net_.is_paused(who))
                net_.resume(who);
        });
    }

    void partition()
    {
        std::array<std::vector<std::size_t>, 2> sides;
        for (std::size_t who = 0; who < net_.count(); ++who)
            sides[dice_.below(2)].push_back(who);
        net_.part(sides[0], sides[1]);
        heal_later();
    }

    void cut_one_way()
    {
        net_.cut(dice_.below(net_.count()), dice_.below(net_.count()));
        heal_later();
    }

    void heal_later()
    {
        net_.after(dice_.between(milliseconds(500), seconds(30)), [this] { network_.heal(); });
    }

    void update()
    {
        if (auto const who = any_running())
            net_.update(*who,
                        std::string(dice_.below(200), static_cast<char>('a' + dice_.below(26))));
    }

    void change_conditions() { network_.change_conditions(); }
    void silence_an_address() { network_.silence_an_address(); }

    /// For some time not everybody hears everybody.
    void restrict_hearing()
    {
        if (!is_restricted_)
            return;
        auto const how = dice_.one_of<hearing>({by_hub, in_chain, in_cells(1 + dice_.below(6))});
        auto const ways = dice_.below(3);
        if (ways != 1)
            test::restrict_hearing(net_, how, cast::multicast);
        if (ways != 2)
            test::restrict_hearing(net_, how, cast::unicast);
        was_heard_in_part_ = true;
        heal_later();
    }

    void claim_an_id_twice()
    {
        auto const who = any_running();
        if (!who || twins_ == most_twins || who == listener_)
            return;
        ++twins_;
        auto config = config_now();
        config.id = net_.id(*who);
        net_.start(add(std::move(config)));
    }

    void forget()
    {
        if (auto const who = any_running())
            net_.forget(*who, net_.id(dice_.below(net_.count())));
    }

    /// The link of one goes down for some time.
    void unplug()
    {
        auto const who = any_running();
        auto const segment = static_cast<unsigned>(dice_.below(network_.segments()));
        if (!who || !net_.is_on(*who, segment) || unplugged_.contains({*who, segment}))
            return;
        net_.detach(*who, segment);
        unplugged_.emplace(*who, segment);
        net_.after(dice_.between(milliseconds(100), seconds(20)),
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
        fault{"restrict_hearing", &soak_run::restrict_hearing},
        fault{"silence_an_address", &soak_run::silence_an_address},
    };

    void make_peace()
    {
        network_.calm();
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

    milliseconds quiet()
    {
        return quiet_of_network() +
               (attack_.has_begun() ? quiet_of_unheard(held()) : milliseconds(0));
    }

    /// By all together, charted or not: who is held by one only is soon held by everybody.
    std::size_t held()
    {
        std::set<std::uint64_t> ids;
        for (std::size_t who = 0; who < net_.count(); ++who)
            if (net_.is_running(who))
                for (auto const& link : net_.engine(who).segments())
                    for (auto const& each : link->known().members().all())
                        if (each)
                            ids.insert(each.who().who().id);
        return ids.size();
    }

    milliseconds quiet_of_network() const
    {
        if (was_heard_in_part_ || network_.is_heard_in_part() || network_.has_several_addresses())
            return long_quiet_time + long_quiet_detection_times * longest_detection_time_;
        return quiet_time + quiet_detection_times * longest_detection_time_;
    }

    void judge()
    {
        if (crowded_)
            return; // charts that are full differ
        for (std::size_t who = 0; who < net_.count(); ++who)
            if (net_.is_running(who) && who != listener_)
                judge(who);
        // Of those that nobody near hears one may have heard another rumour than the next; and
        // those that were made up may be held by some who do not chart them.
        bool const rumours = network_.is_heard_in_part() || attack_.has_begun();
        for (unsigned i = 0; i < network_.segments() && !rumours; ++i)
            if (!net_.all_agree(i))
                complain("the charts of segment " + std::to_string(i) + " differ");
        for (auto const& each : net_.misplaced())
            complain(each);
    }

    void judge(std::size_t who)
    {
        std::size_t neighbours = 0;
        for (std::size_t other = 0; other < net_.count(); ++other) {
            if (other == who || !is_charted(other) || !network_.are_neighbours(who, other))
                continue;
            ++neighbours;
            if (!net_.knows(who, other))
                complain("chart " + std::to_string(who) + " does not hold instance " +
                         std::to_string(other));
        }
        auto const right = neighbours + !observers_.contains(who);
        auto const size = net_.engine(who).size();
        if (size != right)
            complain("chart " + std::to_string(who) + " holds " + std::to_string(size) +
                     " instances instead of " + std::to_string(right) + describe_superfluous(who));
    }

    std::string standing(std::size_t who, std::uint64_t id)
    {
        std::string all;
        for (auto const& link : net_.engine(who).segments())
            if (auto const* entry = link->known().members().find(id))
                all += std::string(entry->is_proven() ? " proven" : " unproven") +
                       (entry->is_heard() ? " heard" : "") + (entry->is_aside() ? " aside" : "") +
                       (entry->answers() ? " answers" : "");
        return all;
    }

    /// The instances that this chart holds though none of its neighbours is one: of two with one id
    /// it may hold the dead one, while the other lives where it hears nobody.
    std::vector<instance> superfluous(std::size_t who)
    {
        auto all = net_.engine(who).snapshot();
        std::erase_if(all, [&](instance const& each) {
            for (std::size_t other = 0; other < net_.count(); ++other)
                if (is_charted(other) && net_.id(other) == each.id &&
                    network_.are_neighbours(who, other))
                    return true;
            return false;
        });
        return all;
    }

    std::string describe_superfluous(std::size_t who)
    {
        std::string all;
        for (auto const& each : superfluous(who))
            all += ", " + std::to_string(each.id) + " since " +
                   std::to_string(duration_cast<seconds>(net_.now() - each.first_heard).count()) +
                   " s" + standing(who, each.id);
        return all;
    }

    /// Whoever died while it was set aside is held for as long as one that is heard now and then
    /// would be silent.
    bool may_hold_the_dead()
    {
        for (std::size_t who = 0; who < net_.count(); ++who)
            if (!crowded_ && net_.is_running(who) && who != listener_)
                for (auto const& each : superfluous(who))
                    if (was_heard_in_part_ || standing(who, each.id).ends_with(" aside"))
                        return true;
        return false;
    }

    /// Nothing happens: nothing is told, and little is said.
    void rest()
    {
        if (crowded_)
            return;
        auto const since = net_.now();
        auto const multicasts = multicasts_;
        std::vector<std::uint64_t> received;
        for (std::size_t who = 0; who < net_.count(); ++who)
            received.push_back(net_.traffic_of(who).received);
        net_.run_for(rest_time);
        if (auto const rate = per_second(multicasts_ - multicasts, rest_time);
            rate > most_multicasts * network_.segments())
            complain(std::to_string(rate) + " multicasts a second at rest");
        for (std::size_t who = 0; who < net_.count(); ++who)
            if (net_.is_running(who))
                judge_rest(who, net_.traffic_of(who).received - received[who], since);
    }

    /// Of one who died at the far end of a chain others may still tell each other.
    bool is_late_rumour(event_kind kind) const
    {
        return network_.is_heard_in_part() &&
               (kind == event_kind::found || kind == event_kind::unreachable);
    }

    void judge_rest(std::size_t who, std::uint64_t received, time_point since) const
    {
        for (auto const& each : net_.events(who))
            if (each.at >= since && who != listener_ && !is_late_rumour(each.what.kind))
                complain("chart " + std::to_string(who) + " is told " +
                         boost::describe::enum_to_string(each.what.kind, "?") + " of " +
                         std::to_string(each.what.who.id) + " at rest");
        auto const hurry =
            std::max(1.0, 3000.0 / static_cast<double>(shortest_detection_time_.count()));
        // An observer watches one of them for itself.
        auto const observers = most_asked_by_observer * static_cast<double>(observers_.size());
        auto const most = (most_received + observers) * hurry * network_.segments();
        // Whoever has set aside those that were made up asks the others for more than they would
        // say.
        if (auto const rate = per_second(received, rest_time); rate > most && !attack_.has_begun())
            complain("chart " + std::to_string(who) + " receives " + std::to_string(rate) +
                     " datagrams a second at rest");
    }

    [[noreturn]] void complain(std::string const& what) const
    {
        throw std::logic_error("seed " + std::to_string(how_.seed) + ", in the end: " + what);
    }

    soak_options how_;
    sim_dice dice_;
    simulated_network net_;
    soak_network network_;
    soak_attack attack_;
    sim_ledger ledger_;
    soak_report report_;
    milliseconds longest_detection_time_{};
    milliseconds shortest_detection_time_ = milliseconds::max();
    bool is_restricted_ = false; ///< Now and then.
    bool was_heard_in_part_ = false;
    std::uint64_t multicasts_ = 0; ///< Of all.
    std::size_t twins_ = 0;
    std::optional<std::size_t> listener_;
    std::set<std::size_t> observers_;
    std::set<std::pair<std::size_t, unsigned>> unplugged_;
    bool crowded_ = false;
};

} // namespace

soak_report soak(soak_options const& how)
{
    soak_run run(how);
    try {
        return run.run();
    } catch (std::logic_error const& wrong) {
        throw std::logic_error(wrong.what() + (" (" + run.network() + ')'));
    }
}

std::string replay_command(soak_options const& how)
{
    return "build/release/bin/chart_bench --soak --seed " + std::to_string(how.seed) +
           " --seeds 1 --duration " + std::to_string(how.duration.count());
}

} // namespace rollcast::test
