// SPDX-License-Identifier: BSL-1.0
#include "cli/live/cells.hpp"

#include <boost/test/unit_test.hpp>

#include <clocale>
#include <stdexcept>
#include <string>

using namespace rollcast::cli;

namespace {

/// The locale of characters that take several bytes, which every Debian has.
struct utf8_terminal {
    utf8_terminal()
    {
        if (!std::setlocale(LC_CTYPE, "C.UTF-8"))
            throw std::runtime_error("there is no locale C.UTF-8");
    }
    ~utf8_terminal() { std::setlocale(LC_CTYPE, "C"); }
};

} // namespace

BOOST_AUTO_TEST_SUITE(cli_cells)

BOOST_FIXTURE_TEST_CASE(characters_take_no_cell_one_or_two, utf8_terminal)
{
    BOOST_TEST(cells("") == 0U);
    BOOST_TEST(cells("grün") == 4U);
    BOOST_TEST(cells("漢字") == 4U);
    BOOST_TEST(cells("u\u0308") == 1U); // a combining mark
}

BOOST_FIXTURE_TEST_CASE(text_is_filled_or_cut_to_its_width, utf8_terminal)
{
    BOOST_TEST(fitted("grün", 6) == "grün  ");
    BOOST_TEST(fitted_right("grün", 6) == "  grün");
    BOOST_TEST(fitted("grün", 4) == "grün");
    BOOST_TEST(fitted("grünes", 4) == "grü…");
    BOOST_TEST(fitted("漢字", 4) == "漢字");
    BOOST_TEST(fitted("漢字", 3) == "漢…");
    BOOST_TEST(fitted("漢字", 2) == "… "); // half of one cannot be shown
    BOOST_TEST(fitted("漢字", 1) == "…");
    BOOST_TEST(fitted("漢字", 0) == "");
    BOOST_TEST(fitted("", 3) == "   ");
}

BOOST_FIXTURE_TEST_CASE(what_would_disturb_the_screen_becomes_a_question_mark, utf8_terminal)
{
    BOOST_TEST(fitted("a\x1b[2Jb", 6) == "a?[2Jb");
    BOOST_TEST(fitted("a\nb", 3) == "a?b");
    BOOST_TEST(fitted("\u202egood", 5) == "?good"); // would turn the line around
    BOOST_TEST(fitted("\xff\xfe", 2) == "??");
    BOOST_TEST(fitted("gr\xc3", 3) == "gr?");
}

BOOST_AUTO_TEST_CASE(a_terminal_of_ascii_gets_ascii)
{
    BOOST_TEST(fitted("grün", 5) == "gr?n ");
    BOOST_TEST(fitted("long text", 5) == "long~");
}

BOOST_AUTO_TEST_SUITE_END()
