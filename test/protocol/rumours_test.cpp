// SPDX-License-Identifier: BSL-1.0
#include "support/sim_lone_engine.hpp"
#include "support/sim_printing.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

// Another life of an id, of which others tell.

using namespace rollcast;
using namespace std::chrono_literals;
using boost::test_tools::per_element;
using test::list_of;
using test::lone_engine;
using test::stranger;
using kinds = std::vector<event_kind>;

namespace {

struct rumoured : lone_engine {
    stranger teller{2};
    stranger known{1, 1};
    stranger other{1, 2};

    rumoured()
    {
        teller.source.port(40002);
        teller.record.unicast_port_v4 = 40002;
        known.who.incarnation = 2000;
        other.source.port(40003);
        other.record.unicast_port_v4 = 40003;
        settle_in();
        chart(known);
        chart(teller);
    }

    void tell(identity const& who)
    {
        other.who = who;
        auto const told = other.as_member();
        auto const members = list_of(member_view{told->who(), true, told->record()});
        announcement says;
        says.members = wire_list<member_view>(members);
        says.padding =
            900; // as if it told of others, too: who is told of is asked for no more bytes
        hear(teller, message_type::digest, says);
    }
    void tell_of_later() { tell({1, {{2}}, 3000}); }
    void tell_of_earlier() { tell({1, {{2}}, 1000}); }

    /// Who was pinged since the last call, by port.
    std::vector<unsigned> pinged()
    {
        std::vector<unsigned> ports;
        for (auto const& each : sent(message_type::ping))
            ports.push_back(each.how.to->port());
        return ports;
    }

    bool is_charted(stranger const& who) const
    {
        auto const held = heart.describe(1);
        return held && held->life == who.who.life;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(chart_rumours, rumoured)

BOOST_AUTO_TEST_CASE(a_later_life_is_believed_when_the_known_one_does_not_answer)
{
    tell_of_later();
    BOOST_TEST(pinged() == std::vector<unsigned>(6, known.source.port()), per_element());
    BOOST_TEST(is_charted(known));
    pass(300ms);
    BOOST_TEST(is_charted(other));
    BOOST_TEST(news() == kinds{event_kind::restarted}, per_element());
}

BOOST_AUTO_TEST_CASE(a_later_life_is_not_believed_when_the_known_one_answers)
{
    tell_of_later();
    pass(100ms);
    hear_proof(known);
    pass(1s);
    BOOST_TEST(is_charted(known));
    BOOST_TEST(news().empty()); // it may have been an old story
}

BOOST_AUTO_TEST_CASE(the_known_one_is_asked_again_once_in_its_detection_time)
{
    std::size_t asked = 0;
    for (int second = 0; second < 29; ++second) {
        tell_of_later();
        hear_proof(known);
        asked += static_cast<std::size_t>(std::ranges::count(pinged(), known.source.port()));
        pass(1s);
        sent();
    }
    BOOST_TEST(asked == 3U * 6U);
    tell_of_later();
    pass(1s);
    tell_of_later();
    pass(10s);
    BOOST_TEST(!is_charted(known)); // it has become silent
}

BOOST_AUTO_TEST_CASE(that_the_known_one_is_heard_is_no_answer)
{
    tell_of_later();
    hear(known, message_type::beat);
    pass(300ms);
    BOOST_TEST(is_charted(other));
}

BOOST_AUTO_TEST_CASE(an_earlier_life_is_charted_when_it_answers)
{
    tell_of_earlier();
    BOOST_TEST(pinged() == std::vector<unsigned>(6, other.source.port()), per_element());
    hear_proof(other);
    BOOST_TEST(is_charted(other));
    BOOST_TEST(news() == (kinds{event_kind::restarted, event_kind::id_conflict}), per_element());
}

BOOST_AUTO_TEST_CASE(an_earlier_life_that_does_not_answer_is_asked_once_in_a_detection_time)
{
    std::size_t asked = 0;
    for (int second = 0; second < 29; ++second) {
        tell_of_earlier();
        asked += pinged().size();
        pass_with(known, 1s);
        sent();
    }
    BOOST_TEST(asked == 3U * 6U);
    BOOST_TEST(is_charted(known));
    BOOST_TEST(news().empty());
}

BOOST_AUTO_TEST_CASE(an_earlier_life_is_found_after_the_later_one_has_left_when_it_answers)
{
    hear(known, message_type::bye);
    tell_of_earlier();
    BOOST_TEST(heart.size() == 2U);
    hear_proof(other);
    BOOST_TEST(is_charted(other));
    BOOST_TEST(news() == (kinds{event_kind::left, event_kind::found}), per_element());
}

BOOST_AUTO_TEST_CASE(an_earlier_life_is_not_found_after_the_later_one_has_left_without_an_answer)
{
    hear(known, message_type::bye);
    std::size_t asked = 0;
    for (int i = 0; i < 9; ++i) {
        tell_of_earlier();
        asked += pinged().size();
        pass(1s);
        sent();
    }
    BOOST_TEST(asked == 6U);
    BOOST_TEST(heart.size() == 2U);
}

BOOST_AUTO_TEST_CASE(whoever_claims_an_id_while_its_owner_leaves_is_found)
{
    hear(other, message_type::hello);
    pass(100ms);
    hear(known, message_type::bye);
    pass(200ms);
    BOOST_TEST(is_charted(other));
    BOOST_TEST(news() == (kinds{event_kind::left, event_kind::found}), per_element());
}

BOOST_AUTO_TEST_CASE(an_earlier_life_that_only_seems_to_speak_is_not_charted)
{
    tell_of_earlier();
    hear(other, message_type::beat);
    hear(other, message_type::ack);
    pass(1s);
    BOOST_TEST(is_charted(known));
}

BOOST_AUTO_TEST_CASE(rumours_of_somebody_who_has_proven_nothing_do_not_count)
{
    teller = stranger(3);
    for (int i = 0; i < 6; ++i) {
        tell_of_later();
        tell_of_earlier();
        BOOST_TEST(pinged().empty());
        pass_with(known, 400ms); // less than anybody may be silent
        sent();
    }
    BOOST_TEST(is_charted(known));
}

BOOST_AUTO_TEST_CASE(whoever_is_told_of_and_then_says_hello_claims_the_id)
{
    tell_of_later();
    pass(100ms);
    hear(other, message_type::hello);
    pass(250ms);
    BOOST_TEST(is_charted(known));
    hear(known, message_type::hello);
    pass(1s);
    BOOST_TEST(is_charted(known));
    BOOST_TEST(news() == kinds{event_kind::id_conflict}, per_element());
}

BOOST_AUTO_TEST_SUITE_END()
