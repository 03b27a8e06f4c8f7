// SPDX-License-Identifier: BSL-1.0
#include "cli/numbering.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

using namespace rollcast::cli;
using rollcast::kernel_time;
using namespace std::chrono_literals;

namespace {

std::optional<mark> read(std::string_view payload)
{
    return read_mark(std::as_bytes(std::span(payload)));
}

} // namespace

BOOST_AUTO_TEST_SUITE(cli_numbering)

BOOST_AUTO_TEST_CASE(a_mark_has_run_and_number_and_perhaps_a_time)
{
    numbering numbers(0x001f3a9c, 17);
    BOOST_TEST(numbers.next("hello") == "#001f3a9c:17 hello");
    kernel_time const at(1764489600123456789ns);
    BOOST_TEST(numbers.next("hello", at) == "#001f3a9c:18:1764489600123456 hello");
    BOOST_TEST(numbers.next("") == "#001f3a9c:19 ");
}

BOOST_AUTO_TEST_CASE(both_forms_are_read)
{
    auto const plain = read("#1f3a9c07:17 hello");
    BOOST_REQUIRE(plain.has_value());
    BOOST_TEST(plain->run == 0x1f3a9c07U);
    BOOST_TEST(plain->number == 17U);
    BOOST_TEST(!plain->sent_at.has_value());

    auto const timed = read("#1f3a9c07:18:1764489600123456 ");
    BOOST_REQUIRE(timed.has_value());
    BOOST_TEST(timed->run == 0x1f3a9c07U);
    BOOST_TEST(timed->number == 18U);
    BOOST_TEST(timed->sent_at.value() == 1764489600123456U);

    auto const greatest = read("#ffffffff:18446744073709551615:18446744073709551615 ");
    BOOST_REQUIRE(greatest.has_value());
    BOOST_TEST(greatest->number == UINT64_MAX);
    BOOST_TEST(greatest->sent_at.value() == UINT64_MAX);
}

BOOST_AUTO_TEST_CASE(what_only_looks_like_a_mark_is_none)
{
    for (auto const* text : {"",
                             "#",
                             "#1",
                             "#1:",
                             "#1:2",
                             "#1:2x ",
                             "#:2 ",
                             "#1: ",
                             "1:2 ",
                             "# 1:2 ",
                             "#-1:2 ",
                             "#1:-2 ",
                             "#100000000:2 ",
                             "#1:18446744073709551616 ",
                             "#1:2:",
                             "#1:2: ",
                             "#1:2:3",
                             "#1:2:x ",
                             "#1:2:3:4 ",
                             "#1:2:-3 ",
                             "#1::3 ",
                             "#1:2:18446744073709551616 "})
        BOOST_TEST(!read(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(no_mark_is_longer_than_the_longest)
{
    BOOST_TEST(numbering(UINT32_MAX, UINT64_MAX).next("").size() == numbering::longest_mark(false));
    BOOST_TEST(numbering(UINT32_MAX, UINT64_MAX).next("", kernel_time::max()).size() ==
               numbering::longest_mark(true));
}

BOOST_AUTO_TEST_SUITE_END()
