// SPDX-License-Identifier: BSL-1.0
#include "cli/live/cells.hpp"
#include "cli/live/chart_table.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

using namespace rollcast;
using namespace std::chrono_literals;
using cli::chart_table;
using cli::extent;
using cli::style;
using cli::styled_line;

namespace {

constexpr extent usual{24, 100};

std::string text_of(styled_line const& line)
{
    std::string text;
    for (auto const& each : line)
        text += each.text;
    return text;
}

bool contains(std::string const& text, std::string const& part)
{
    return text.find(part) != std::string::npos;
}

/// A table with a clock that a test moves.
struct table_fixture {
    std::vector<std::string> draw(extent screen = usual)
    {
        lines = table.draw({"the title", "the keys", observing}, charted, screen, now);
        std::vector<std::string> texts;
        for (auto const& each : lines)
            texts.push_back(text_of(each));
        return texts;
    }

    /// The one line that says this, or none.
    std::string line_with(std::string const& part, extent screen = usual)
    {
        auto const texts = draw(screen);
        auto const found =
            std::ranges::find_if(texts, [&](auto const& each) { return contains(each, part); });
        return found == texts.end() ? std::string() : *found;
    }

    style style_of_state(std::string const& state)
    {
        draw();
        for (auto const& line : lines)
            for (auto const& each : line)
                if (each.text.starts_with(state))
                    return each.how;
        return style::plain;
    }

    void pass(std::chrono::milliseconds time)
    {
        now.steady += time;
        now.wall += time;
    }

    instance some(std::uint64_t id, instance_state state = instance_state::alive) const
    {
        instance who;
        who.id = id;
        who.state = state;
        who.service_ports = {8042};
        who.addresses = {asio::ip::make_address("10.0.0.2"), asio::ip::make_address("fd00::2")};
        who.first_heard = who.last_heard = now.steady;
        return who;
    }

    void tell(event_kind kind, instance who)
    {
        event what;
        what.kind = kind;
        what.who = std::move(who);
        table.happened(what, now);
    }

    cli::moment now{std::chrono::steady_clock::time_point(1000h),
                    std::chrono::system_clock::time_point(480000h)};
    chart_table table;
    std::vector<instance> charted;
    bool observing = false;
    std::vector<styled_line> lines;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(cli_table, table_fixture)

BOOST_AUTO_TEST_CASE(it_fills_the_screen_and_never_more)
{
    for (std::uint64_t id = 1; id <= 40; ++id)
        charted.push_back(some(id * 12345678901));
    for (int i = 0; i < 20; ++i)
        tell(event_kind::found, some(7));
    for (std::size_t rows = 1; rows <= 60; ++rows)
        for (std::size_t columns = 1; columns <= 130; columns += 3) {
            auto const texts = draw({rows, columns});
            BOOST_TEST(texts.size() <= rows);
            BOOST_TEST((rows < 4 || texts.size() == rows));
            for (auto const& each : texts)
                BOOST_TEST(cli::cells(each) <= columns, rows << " x " << columns << ": " << each);
        }
}

BOOST_AUTO_TEST_CASE(a_narrow_screen_cuts_no_port)
{
    for (std::uint64_t const id : {2ULL, 6768785460901163ULL})
        for (std::string const address :
             {"10.0.0.2", "192.168.100.100", "fe80::5054:ff:fe12:3456%2"}) {
            auto who = some(id);
            who.addresses = {asio::ip::make_address(address)};
            auto const data = std::as_bytes(std::span("some data of some length", 24));
            who.data.assign(data.begin(), data.end());
            charted = {who};
            for (std::size_t columns = 46; columns <= 130; ++columns)
                BOOST_TEST(!line_with(":8042", {24, columns}).empty(), columns << " " << address);
        }
}

BOOST_AUTO_TEST_CASE(data_that_is_no_text_is_told_by_its_size_and_what_can_be_read)
{
    auto who = some(9);
    auto const data = std::as_bytes(std::span("\x04node\0\0eth0\1", 12));
    who.data.assign(data.begin(), data.end());
    charted = {who};
    BOOST_TEST(contains(line_with("10.0.0.2"), "12 bytes: node eth0"));
}

BOOST_AUTO_TEST_CASE(it_is_framed_by_its_title_and_the_keys)
{
    auto const texts = draw();
    BOOST_TEST(texts.front().starts_with("the title "));
    BOOST_TEST(texts.back().starts_with("the keys "));
}

BOOST_AUTO_TEST_CASE(a_row_has_all_that_is_known_of_an_instance)
{
    auto who = some(9);
    auto const data = std::as_bytes(std::span("v1.2", 4));
    who.data.assign(data.begin(), data.end());
    charted = {who};
    pass(75s);
    auto const row = line_with("10.0.0.2");
    for (auto const* part : {" 9 ", "alive", "10.0.0.2:8042, [fd00::2]:8042", "v1.2", "1m15s"})
        BOOST_TEST(contains(row, part), row << " lacks " << part);
    auto const since = std::chrono::system_clock::to_time_t(now.wall - 75s);
    char expected[16];
    std::strftime(expected, sizeof expected, "%H:%M:%S", std::localtime(&since));
    BOOST_TEST(contains(row, expected), row << " lacks " << expected);
    auto const heading = line_with("ENDPOINTS");
    for (auto const* part : {"ID", "STATE", "DATA", "AGE", "SINCE"})
        BOOST_TEST(contains(heading, part));
}

BOOST_AUTO_TEST_CASE(ages_stay_short)
{
    for (auto const& [age, text] : {std::pair<std::chrono::seconds, std::string>(0s, "0s"),
                                    {59s, "59s"},
                                    {60s, "1m00s"},
                                    {3599s, "59m59s"},
                                    {3600s, "1h00m"},
                                    {86399s, "23h59m"},
                                    {86400s, "1d00h"}}) {
        charted = {some(1)};
        charted.front().last_heard -= age;
        BOOST_TEST(contains(line_with("10.0.0.2"), " " + text + " "), text);
    }
}

BOOST_AUTO_TEST_CASE(states_have_their_colours)
{
    charted = {some(1), some(2, instance_state::suspect)};
    tell(event_kind::gone, some(3, instance_state::gone));
    tell(event_kind::left, some(4, instance_state::left));
    BOOST_TEST((style_of_state("alive") == style::good));
    BOOST_TEST((style_of_state("suspect") == style::doubtful));
    BOOST_TEST((style_of_state("gone") == style::bad));
    BOOST_TEST((style_of_state("left") == style::faint));
    BOOST_TEST(!line_with("3 instances, this one included, 1 suspect, 1 gone, 1 left").empty());
}

BOOST_AUTO_TEST_CASE(one_that_observes_does_not_count_itself)
{
    observing = true;
    BOOST_TEST(!line_with("nobody is here").empty());
    charted = {some(1)};
    BOOST_TEST(line_with("1 instance").starts_with("1 instance "));
    charted = {some(1), some(2, instance_state::suspect)};
    BOOST_TEST(!line_with("2 instances, 1 suspect").empty());
}

BOOST_AUTO_TEST_CASE(the_departed_are_shown_for_a_minute)
{
    tell(event_kind::gone, some(3, instance_state::gone));
    pass(59s);
    BOOST_TEST(contains(line_with("10.0.0.2"), "gone"));
    pass(2s);
    BOOST_TEST(line_with("  gone  ").empty());
    BOOST_TEST(!line_with("gone 3").empty()); // among the events it stays
    BOOST_TEST(!line_with("only this instance").empty());
}

BOOST_AUTO_TEST_CASE(one_that_comes_back_is_there_once)
{
    tell(event_kind::gone, some(3, instance_state::gone));
    charted = {some(3)};
    BOOST_TEST(contains(line_with("10.0.0.2"), "alive"));
    BOOST_TEST(line_with("  gone  ").empty());
}

BOOST_AUTO_TEST_CASE(a_long_chart_is_scrolled)
{
    for (std::uint64_t id = 1001; id <= 1100; ++id)
        charted.push_back(some(id));
    BOOST_TEST(!line_with("1 to 12 of 100").empty());
    BOOST_TEST(!line_with("1001  alive").empty());
    table.scroll(1);
    BOOST_TEST(!line_with("2 to 13 of 100").empty());
    BOOST_TEST(line_with("1001  alive").empty());
    table.scroll(static_cast<std::ptrdiff_t>(table.page()));
    BOOST_TEST(!line_with("14 to 25 of 100").empty());
    table.scroll_to_end();
    BOOST_TEST(!line_with("89 to 100 of 100").empty());
    table.scroll(5); // beyond the end is the end
    draw();
    table.scroll(-1);
    BOOST_TEST(!line_with("88 to 99 of 100").empty());
    table.scroll(-1000);
    BOOST_TEST(!line_with("1 to 12 of 100").empty());
    table.scroll_to_end();
    draw();
    charted.resize(3); // the others have left
    BOOST_TEST(!line_with("1001  alive").empty());
}

BOOST_AUTO_TEST_CASE(endpoints_that_do_not_fit_are_counted)
{
    auto who = some(1);
    who.service_ports = {1, 2, 3, 4, 5};
    charted = {who};
    BOOST_TEST(contains(line_with("10.0.0.2:1"), " +"));
    BOOST_TEST(!contains(line_with("10.0.0.2:1", {24, 200}), " +"));
    BOOST_TEST(contains(line_with("10.0.0.2:1", {24, 50}), "10.0.0.2:1 +9"));
}

BOOST_AUTO_TEST_CASE(hundreds_of_endpoints_cost_no_more_than_the_screen)
{
    auto who = some(1);
    who.service_ports.assign(64, 12345);
    who.addresses.assign(8, asio::ip::make_address("fd00:1234:5678:9abc:def0:1234:5678:9abc"));
    charted = {who};
    BOOST_TEST(contains(line_with("[fd00"), " +511"));
    BOOST_TEST(contains(line_with("[fd00", {24, 250}), " +508"));
}

BOOST_AUTO_TEST_CASE(the_last_events_are_at_the_bottom)
{
    for (std::uint64_t id = 1; id <= 200; ++id) {
        auto who = some(id);
        who.addresses.clear();
        tell(event_kind::refuted, who);
    }
    table.told("data of 9999 bytes: too large", now);
    auto const texts = draw();
    BOOST_TEST(contains(texts[texts.size() - 2], "data of 9999 bytes"));
    BOOST_TEST(contains(texts[texts.size() - 3], "refuted 200"));
    BOOST_TEST(line_with("refuted 150").empty());
}

BOOST_AUTO_TEST_CASE(data_of_others_cannot_write_on_the_screen)
{
    auto who = some(1);
    auto const data = std::as_bytes(std::span("\x1b[2Jowned\r\n", 11));
    who.data.assign(data.begin(), data.end());
    charted = {who};
    tell(event_kind::found, who);
    table.told("\x1b[2J", now);
    for (auto const& line : draw())
        BOOST_TEST(std::ranges::none_of(line, [](char each) { return each >= 0 && each < ' '; }));
}

BOOST_AUTO_TEST_SUITE_END()
