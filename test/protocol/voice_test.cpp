// SPDX-License-Identifier: BSL-1.0
#include "protocol/voice.hpp"
#include "support/sim_lone_engine.hpp"
#include "support/sim_people.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

// What one says on a link, to whom, in what words, and how much of it is paid for.

using namespace rollcast;
using namespace std::chrono_literals;
using boost::test_tools::per_element;
using detail::endpoint;
using detail::self_state;
using detail::voice;
using test::stranger;
using mode = self_state::mode;

namespace {

/// Instance 7 as 10.0.0.7 on link 3, which hears the group at port 8080, and knows two more ports.
struct speaker {
    using port_list = std::vector<net::port_type>;

    static detail::engine_config configured(bool observer)
    {
        detail::engine_config config;
        config.own = {7, {{7}}, 1000};
        config.service_ports = {9000, 9001};
        config.port_names = {"second"};
        config.data = test::bytes_of("data");
        config.discovery_port = 8080;
        config.known_ports = {7000, 7001, 8080};
        config.detection_time = 10s;
        config.observer = observer;
        config.seed = 1;
        return config;
    }

    explicit speaker(bool observer = false) : self(configured(observer))
    {
        self.now_doing = observer ? mode::observing : mode::announcing;
    }

    detail::roster_entry& chart(stranger const& who, bool proven = true)
    {
        auto const value = who.as_member();
        known.learn(value->who(), value->record(), {detail::channel::records, proven, true}, now);
        return *known.members().find(who.who.id);
    }

    announcement ping() const
    {
        auto value = says.speak(message_type::ping);
        value.cookie = 1;
        return value;
    }
    std::size_t size_of_ping() const { return announce::encoded_size(ping()); }
    endpoint at(unsigned host, net::port_type port = 40000) const
    {
        return {asio::ip::make_address_v4(0x0a000000 + host), port};
    }

    /// The extra ports of what was multicast last.
    port_list ports() const { return self.sent.back().ports; }
    announcement last() const
    {
        return announce::decode(self.sent.back().bytes, group_key()).value();
    }
    announcement query() const
    {
        auto value = says.speak(message_type::query);
        value.attempt = 1;
        return value;
    }
    announcement hello() const
    {
        auto value = says.speak(message_type::hello);
        value.record = says.own().record();
        return value;
    }

    /// Whether a record of this one's own, with these numbers, has to be contradicted.
    bool overrules(std::uint64_t incarnation, std::uint32_t sequence, std::string const& data) const
    {
        auto told = announce::unpack(says.own().record());
        told.sequence = sequence;
        told.data = test::bytes_of(data);
        auto const packed = announce::pack(told).value();
        auto who = self.config.own;
        who.incarnation = incarnation;
        return says.overrules(who, announce::view_record(packed).value());
    }

    test::room_for_all const room{};
    detail::time_point now{24h};
    detail::registry known{group_key(), nullptr, room, now};
    detail::link on = test::lone_engine::on(3);
    self_state self;
    voice says{self, on, known};
};

struct observing_speaker : speaker {
    observing_speaker() : speaker(true) {}
};

/// The answers that a stranger with enough postage gets at once.
int answers_at_once(speaker& to, bool member)
{
    detail::asker const who{to.at(99), true, member};
    to.says.hear(who.where, 1, true);
    for (int i = 0; i < 2000; ++i)
        to.says.answer(who, to.ping(), to.now);
    return static_cast<int>(to.self.sent.size());
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(chart_voice, speaker)

BOOST_AUTO_TEST_CASE(the_own_record_says_where_one_is_reached_on_this_link)
{
    self.sequence = 3;
    says.refresh();
    auto const own = announce::unpack(says.own().record());
    BOOST_TEST(own.sequence == 3U);
    BOOST_TEST((own.beat_interval == 2500ms));
    BOOST_TEST(own.discovery_port == 8080);
    BOOST_TEST(own.unicast_port_v4 == 40007);
    BOOST_TEST(own.unicast_port_v6 == 0);
    BOOST_TEST(own.service_ports == (port_list{9000, 9001}), per_element());
    BOOST_TEST(own.port_names == std::vector<std::string>{"second"}, per_element());
    BOOST_TEST_REQUIRE(own.addresses.size() == 1U);
    BOOST_TEST(own.addresses.front() == asio::ip::make_address("10.0.0.7"));
    BOOST_TEST((own.data == self.config.data));
    BOOST_TEST((says.own().who() == self.config.own));
}

BOOST_AUTO_TEST_CASE(the_own_record_changes_when_it_is_refreshed)
{
    self.config.data = test::bytes_of("other");
    BOOST_TEST((announce::unpack(says.own().record()).data == test::bytes_of("data")));
    says.refresh();
    BOOST_TEST((announce::unpack(says.own().record()).data == test::bytes_of("other")));
}

BOOST_AUTO_TEST_CASE(a_digest_counts_oneself_among_the_members)
{
    auto const alone = says.own().hash();
    BOOST_TEST(says.summary().members == 1U);
    BOOST_TEST((says.summary().hash == summary::hash_type{alone.high(), alone.low()}));
    chart(stranger(1));
    self.local_health.worsen(now, 10s);
    auto both = alone;
    both += known.members().hash();
    BOOST_TEST(says.summary().members == 2U);
    BOOST_TEST((says.summary().hash == summary::hash_type{both.high(), both.low()}));
    BOOST_TEST(says.summary().health == 2);
}

BOOST_FIXTURE_TEST_CASE(a_digest_of_an_observer_does_not_count_itself, observing_speaker)
{
    chart(stranger(1));
    auto const other = known.members().hash();
    BOOST_TEST(says.summary().members == 1U);
    BOOST_TEST((says.summary().hash == summary::hash_type{other.high(), other.low()}));
}

BOOST_AUTO_TEST_CASE(oneself_is_in_one_bucket_as_any_other_member)
{
    for (std::uint64_t id = 1; id <= 5; ++id)
        chart(stranger(id));
    observing_speaker nobody;
    for (std::size_t bucket = 0; bucket < announce::bucket_count; ++bucket) {
        bool const ours = bucket == says.own().position() >> 56;
        auto const own = ours ? static_cast<std::uint32_t>(says.own().hash().low()) : 0;
        BOOST_TEST(says.bucket_hash(bucket) == known.members().bucket_hash(bucket) + own);
        BOOST_TEST(nobody.says.bucket_hash(bucket) == 0U);
    }
}

BOOST_AUTO_TEST_CASE(a_record_that_one_never_had_is_contradicted_unless_it_is_older)
{
    self.sequence = 3;
    says.refresh();
    BOOST_TEST(!overrules(1000, 3, "data"));
    BOOST_TEST(overrules(1000, 3, "forged"));
    BOOST_TEST(overrules(1000, 4, "data"));
    BOOST_TEST(!overrules(1000, 2, "forged"));
    BOOST_TEST(!overrules(999, 4, "forged"));
    BOOST_TEST(overrules(1001, 0, "data")); // in any case
    BOOST_TEST(overrules(1001, 3, "data"));
}

BOOST_AUTO_TEST_CASE(a_record_that_one_has_had_is_not_contradicted)
{
    self.config.data = test::bytes_of("later");
    says.refresh(); // under the same number, as on another link
    BOOST_TEST(!overrules(1000, 0, "data"));
    BOOST_TEST(!overrules(1000, 0, "later"));
    BOOST_TEST(overrules(1000, 0, "latest"));
}

BOOST_AUTO_TEST_CASE(everything_is_said_in_ones_own_name)
{
    auto const value = says.speak(message_type::beat);
    BOOST_TEST((value.type == message_type::beat));
    BOOST_TEST((value.who == self.config.own));
    BOOST_TEST(!value.observer);
    BOOST_TEST(observing_speaker().says.speak(message_type::query).observer);
}

BOOST_AUTO_TEST_CASE(what_is_said_is_counted)
{
    says.multicast(hello());
    BOOST_TEST(last().counter == 1U);
    says.hear(at(99), 1, true);
    BOOST_TEST(says.unicast(at(99), ping()));
    BOOST_TEST(last().counter == 2U);
    BOOST_TEST(self.sent.front().link == 3U);
    BOOST_TEST(self.sent.back().link == 3U);
}

// By which one knows its own words when they come back.
BOOST_AUTO_TEST_CASE(what_is_said_to_all_is_remembered)
{
    says.multicast(hello());
    BOOST_TEST((self.past.where_said(1) == 3U));
    says.hear(at(99), 1, true);
    says.unicast(at(99), ping());
    BOOST_TEST(!self.past.where_said(2).has_value());
}

BOOST_AUTO_TEST_CASE(what_is_said_to_all_goes_to_the_main_port_and_to_those_of_members)
{
    says.multicast(hello(), detail::versions::v6);
    BOOST_TEST(ports() == (port_list{7000}), per_element());
    BOOST_TEST((self.sent.back().by == detail::versions::v6));
    BOOST_TEST(!self.sent.back().to.has_value());
    stranger elsewhere(1);
    elsewhere.record.discovery_port = 7005;
    chart(elsewhere);
    stranger unproven(2);
    unproven.record.discovery_port = 7006;
    chart(unproven, false);
    stranger at_the_main_one(3);
    at_the_main_one.record.discovery_port = 7000;
    chart(at_the_main_one);
    chart(stranger(4)); // at ours
    says.multicast(hello());
    BOOST_TEST(ports() == (port_list{7000, 7005}), per_element());
}

BOOST_AUTO_TEST_CASE(a_call_goes_to_all_ports_that_others_may_hear)
{
    stranger elsewhere(1);
    elsewhere.record.discovery_port = 7005;
    chart(elsewhere);
    says.call_everywhere(hello(), detail::versions::v4);
    BOOST_TEST(ports() == (port_list{7000, 7001, 7005}), per_element());
    BOOST_TEST((self.sent.back().by == detail::versions::v4));
}

BOOST_AUTO_TEST_CASE(where_no_main_port_is_known_it_is_said_at_ones_own)
{
    self.config.known_ports.clear();
    says.multicast(hello());
    BOOST_TEST(ports().empty());
    says.call_everywhere(hello());
    BOOST_TEST(ports().empty());
}

// Records may tell any port.
BOOST_AUTO_TEST_CASE(no_more_than_nine_ports_are_spoken_to_but_for_those_one_was_told_of)
{
    for (std::uint64_t id = 1; id <= 20; ++id) {
        stranger elsewhere(id);
        elsewhere.record.discovery_port = static_cast<net::port_type>(6000 + id);
        chart(elsewhere);
    }
    says.multicast(hello());
    BOOST_TEST(ports().size() == 9U);
    BOOST_TEST(ports().front() == 7000);
}

BOOST_AUTO_TEST_CASE(an_address_that_has_proven_nothing_gets_no_more_than_it_has_sent)
{
    BOOST_TEST(!says.unicast(at(99), ping()));
    says.hear(at(99), size_of_ping() - 1, false);
    BOOST_TEST(!says.affords(at(99), ping()));
    BOOST_TEST(!says.unicast(at(99), ping()));
    BOOST_TEST(self.sent.empty());
    says.hear(at(99), 1, false);
    BOOST_TEST(says.affords(at(99), ping()));
    BOOST_TEST(says.unicast(at(99), ping()));
    BOOST_TEST_REQUIRE(self.sent.size() == 1U);
    BOOST_TEST((self.sent.front().to == at(99)));
    BOOST_TEST(!says.unicast(at(99), ping()));
    BOOST_TEST(self.sent.size() == 1U);
    BOOST_TEST(!says.is_proven(at(99)));
}

BOOST_AUTO_TEST_CASE(an_address_that_has_proven_itself_gets_as_much_as_there_is)
{
    says.hear(at(99), 1, true);
    BOOST_TEST(says.is_proven(at(99)));
    for (int i = 0; i < 100; ++i)
        BOOST_TEST(says.unicast(at(99), ping()));
    BOOST_TEST(!says.unicast(at(98), ping()));
}

BOOST_AUTO_TEST_CASE(a_member_that_was_vouched_for_is_asked_by_what_its_tellers_have_sent)
{
    auto& entry = chart(stranger(1));
    auto const whom = entry.pointer();
    says.note_vouched(10 * size_of_ping());
    BOOST_TEST(!says.unicast(at(99), ping(), whom.get()));
    entry.vouch(true);
    BOOST_TEST(says.unicast(at(99), ping(), whom.get()));
    BOOST_TEST(!says.unicast(at(99), ping())); // as an asker
    auto const other = stranger(1, 2).as_member();
    BOOST_TEST(!says.unicast(at(99), ping(), other.get())); // another life than that
    BOOST_TEST(!says.unicast(at(99), ping(), stranger(2).as_member().get()));
}

BOOST_AUTO_TEST_CASE(a_member_that_an_address_has_told_of_is_asked_by_what_came_from_there)
{
    auto const whom = chart(stranger(1)).pointer();
    says.hear(at(50), size_of_ping(), false);
    says.note_told(whom->who().life, at(50));
    BOOST_TEST(!says.unicast(at(99), ping()));
    BOOST_TEST(says.unicast(at(99), ping(), whom.get()));
    BOOST_TEST(!says.unicast(at(99), ping(), whom.get()));
}

BOOST_AUTO_TEST_CASE(answers_leave_from_where_one_was_asked)
{
    says.hear(at(99), 1, true);
    says.unicast(at(99), ping());
    BOOST_TEST(self.sent.back().from.is_unspecified());
    says.asked_at(at(99), asio::ip::make_address("10.0.0.8"));
    says.unicast(at(99), ping());
    BOOST_TEST(self.sent.back().from == asio::ip::make_address("10.0.0.8"));
    says.multicast(hello());
    BOOST_TEST(self.sent.back().from.is_unspecified());
    says.forget_ways();
    says.unicast(at(99), ping());
    BOOST_TEST(self.sent.back().from.is_unspecified());
}

BOOST_AUTO_TEST_CASE(a_stranger_is_answered_a_hundred_times_at_once_and_a_member_a_thousand_times)
{
    BOOST_TEST(answers_at_once(*this, false) == 100);
    speaker other;
    BOOST_TEST(answers_at_once(other, true) == 1000);
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_not_paid_for_uses_up_no_limit)
{
    for (int i = 0; i < 200; ++i)
        says.answer({at(99)}, ping(), now);
    BOOST_TEST(self.sent.empty());
    BOOST_TEST(answers_at_once(*this, false) == 100);
}

BOOST_AUTO_TEST_CASE(nothing_is_said_before_one_begins_and_by_one_that_listens)
{
    says.hear(at(99), 1, true);
    for (auto const each : {mode::idle, mode::silent}) {
        self.now_doing = each;
        says.multicast(hello());
        says.call_everywhere(hello());
        BOOST_TEST(!says.unicast(at(99), ping()));
        BOOST_TEST(self.sent.empty());
    }
    self.now_doing = mode::leaving;
    says.multicast(says.speak(message_type::bye));
    BOOST_TEST(self.sent.size() == 1U);
    BOOST_TEST(last().counter == 1U); // what was not said is not counted
}

BOOST_FIXTURE_TEST_CASE(an_observer_asks_and_says_nothing_else, observing_speaker)
{
    says.hear(at(99), 1, true);
    says.multicast(query());
    BOOST_TEST(self.sent.size() == 1U);
    BOOST_TEST(says.unicast(at(99), ping()));
    auto pull = says.speak(message_type::pull);
    pull.cookie = 1;
    BOOST_TEST(says.unicast(at(99), pull));
    BOOST_TEST(self.sent.size() == 3U);
    auto ack = says.speak(message_type::ack);
    ack.echo = 1;
    BOOST_TEST(!says.unicast(at(99), ack));
    says.multicast(hello());
    BOOST_TEST(self.sent.size() == 3U);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_put_into_a_datagram_is_not_sent)
{
    auto too_long = ping();
    too_long.padding = 2000;
    says.hear(at(99), 1, true);
    says.unicast(at(99), too_long);
    BOOST_TEST(self.sent.empty());
}

BOOST_AUTO_TEST_CASE(a_cookie_holds_for_one_to_two_minutes)
{
    for (auto const later : {0s, 30s, 59s}) {
        auto const cookie = says.cookie(at(99), now + later);
        BOOST_TEST(says.is_cookie(cookie, at(99), now + later));
        BOOST_TEST(says.is_cookie(cookie, at(99), now + 2min - 1ms));
        BOOST_TEST(!says.is_cookie(cookie, at(99), now + 2min));
        BOOST_TEST(!says.is_cookie(cookie, at(99), now - 1ms));
    }
}

BOOST_AUTO_TEST_CASE(a_cookie_holds_for_the_address_and_the_port_that_it_was_sent_to)
{
    auto const cookie = says.cookie(at(99), now);
    BOOST_TEST(!says.is_cookie(cookie, at(98), now));
    BOOST_TEST(!says.is_cookie(cookie, at(99, 40001), now));
    BOOST_TEST(!says.is_cookie(cookie + 1, at(99), now));
    auto const v6 = [](std::string const& text) {
        return endpoint(asio::ip::make_address(text), 40000);
    };
    auto const other = says.cookie(v6("fd09::99"), now);
    BOOST_TEST(says.is_cookie(other, v6("fd09::99"), now));
    BOOST_TEST(!says.is_cookie(other, v6("fd09::98"), now));
    BOOST_TEST(!says.is_cookie(other, at(99), now));
    BOOST_TEST(says.cookie(v6("fe80::9%1"), now) == says.cookie(v6("fe80::9%2"), now));
}

BOOST_AUTO_TEST_CASE(only_we_can_make_our_cookies)
{
    speaker other;
    BOOST_TEST(other.says.is_cookie(says.cookie(at(99), now), at(99), now));
    ++other.self.secret;
    BOOST_TEST(!other.says.is_cookie(says.cookie(at(99), now), at(99), now));
}

BOOST_AUTO_TEST_SUITE_END()
