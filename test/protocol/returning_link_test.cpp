// SPDX-License-Identifier: BSL-1.0
#include "support/sim_lone_engine.hpp"
#include "support/sim_printing.hpp"
#include "support/sim_seed.hpp"
#include "support/sim_times.hpp"
#include "support/simulated_network.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

// A link that was away for a while: what was concluded meanwhile, and what must not be.

using namespace rollcast;
using namespace std::chrono_literals;
using test::detection_time;

namespace {

struct thirty : test::simulated_network {
    explicit thirty(std::uint64_t seed, bool observed = false) : simulated_network(seed)
    {
        add({.observer = observed});
        add_many(30);
        start_all();
        run_for(60s);
    }

    void unplug_for(detail::duration how_long)
    {
        detach(0, 0);
        run_for(how_long);
        attach(0, 0);
    }

    bool knows_the_others()
    {
        for (std::size_t other = 1; other < count(); ++other)
            if (!knows(0, other))
                return false;
        return true;
    }
};

/// Link 3 comes back while it holds a life that has ended unnoticed; on link 4 its successor has
/// been told.
struct succeeded_life : test::lone_engine {
    succeeded_life()
    {
        auto const both = std::vector{on(3), on(4)};
        heart.set_links(both, now);
        settle_in();
        chart(was);
        heart.set_links({on(4)}, now);
        is.link = 4;
        is.who.incarnation = 2000;
        hear(is, message_type::hello);
        heart.set_links(both, now);
        BOOST_TEST_REQUIRE((heart.describe(1)->life == is.who.life));
    }

    void advance()
    {
        now = std::max(now, *heart.next_deadline());
        heart.advance(now);
        if (now - heard_ < is.record.beat_interval / 2)
            return;
        heard_ = now;
        hear(is, message_type::beat); // it lives
    }

    bool is_held() { return entry() != nullptr; }
    bool is_suspect() { return is_held() && entry()->is_suspect(); }

    test::stranger was{1, 1};
    test::stranger is{1, 2};

private:
    detail::time_point heard_ = now;

    detail::roster_entry const* entry()
    {
        return heart.segments().front()->known().members().find(1);
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(chart_returning_link)

BOOST_AUTO_TEST_CASE(after_a_short_absence_it_suspects_nobody)
{
    test::test_seed const seed(280);
    thirty net(seed);
    net.detach(0, 0);
    net.run_for(detection_time * 9 / 10);
    auto const before = net.now();
    net.attach(0, 0);
    net.run_for(detection_time);
    for (std::size_t other = 1; other < net.count(); ++other)
        for (auto const kind : {event_kind::suspect, event_kind::gone})
            BOOST_TEST(std::ranges::count(net.told(0, net.id(other), before), kind) == 0);
}

// Nobody has said that they are gone, so none of them has to object.
BOOST_AUTO_TEST_CASE(those_it_lost_by_its_own_absence_are_back_as_they_were)
{
    for (bool const observed : {false, true}) {
        test::test_seed const seed(281);
        thirty net(seed, observed);
        std::vector<std::uint64_t> incarnations;
        for (std::size_t other = 1; other < net.count(); ++other)
            incarnations.push_back(net.engine(other).own().incarnation);
        net.unplug_for(2 * detection_time);
        BOOST_TEST(net.engine(0).size() == (observed ? 0U : 1U));
        BOOST_TEST(net.run_until([&] { return net.knows_the_others(); }, 1s));
        net.run_for(2 * detection_time);
        BOOST_TEST(net.knows_the_others());
        for (std::size_t other = 1; other < net.count(); ++other)
            BOOST_TEST(net.engine(other).own().incarnation == incarnations[other - 1]);
    }
}

// Suspicion and end of the life that counts no more come in one call, as they do after a delay of
// our own: what the second leads to is there when the first is told.
BOOST_AUTO_TEST_CASE(the_end_of_a_life_that_counts_no_more_tells_nothing)
{
    succeeded_life usual;
    while (!usual.is_suspect())
        usual.advance();
    auto const suspected = usual.now;
    while (usual.is_held())
        usual.advance();
    auto const ended = usual.now;

    succeeded_life late;
    while (*late.heart.next_deadline() < suspected)
        late.advance();
    late.heart.take_events();
    late.now = ended;
    late.heart.advance(late.now);
    BOOST_TEST(!late.is_held());
    for (auto const& told : late.heart.take_events())
        BOOST_TEST((!told.arrived() && !told.departed()));
    BOOST_TEST((late.heart.describe(1)->life == late.is.who.life));
}

BOOST_AUTO_TEST_SUITE_END()
