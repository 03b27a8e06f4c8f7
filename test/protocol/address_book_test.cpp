// SPDX-License-Identifier: BSL-1.0
#include "protocol/address_book.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace rollcast;
using detail::address_book;

namespace {

struct reader {
    address_book book;
    int written = 0;

    address_book::page look_up(address_book::port const& which, std::uint64_t version)
    {
        return book.look_up(which, version, [&] {
            ++written;
            return std::vector<detail::best_address>(static_cast<std::size_t>(written));
        });
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(chart_address_book, reader)

BOOST_AUTO_TEST_CASE(a_page_is_written_once_for_each_version_of_the_chart)
{
    auto const first = look_up(std::size_t{0}, 1);
    BOOST_TEST((look_up(std::size_t{0}, 1) == first));
    BOOST_TEST(written == 1);
    BOOST_TEST(look_up(std::size_t{0}, 2)->size() == 2U);
    BOOST_TEST(look_up(std::size_t{0}, 1)->size() == 3U);
    BOOST_TEST(first->size() == 1U); // whoever has it may go on reading
}

BOOST_AUTO_TEST_CASE(each_port_has_a_page)
{
    auto const by_number = look_up(std::size_t{1}, 1);
    auto const by_name = look_up(std::string("http"), 1);
    BOOST_TEST((by_number != by_name));
    BOOST_TEST((look_up(std::size_t{1}, 1) == by_number));
    BOOST_TEST((look_up(std::string("http"), 1) == by_name));
    BOOST_TEST(written == 2);
}

BOOST_AUTO_TEST_CASE(of_many_names_the_last_eight_are_kept)
{
    for (int i = 0; i < 9; ++i)
        look_up(std::to_string(i), 1);
    BOOST_TEST(written == 9);
    for (int i = 8; i > 0; --i)
        look_up(std::to_string(i), 1);
    BOOST_TEST(written == 9);
    look_up(std::to_string(0), 1);
    BOOST_TEST(written == 10);
}

BOOST_AUTO_TEST_SUITE_END()
