// SPDX-License-Identifier: BSL-1.0
#include "send/run_length.hpp"

#include <rollcast/send/publication.hpp>

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <string>
#include <vector>

using namespace rollcast;

namespace {

std::size_t run_of(std::vector<std::size_t> const& sizes)
{
    static std::string const bytes(max_payload + 1, 'x');
    std::vector<asio::const_buffer> payloads;
    for (auto const size : sizes)
        payloads.emplace_back(bytes.data(), size);
    return send::run_length(payloads, max_payload);
}

std::size_t run_of_equal(std::size_t count, std::size_t size)
{
    return run_of(std::vector<std::size_t>(count, size));
}

} // namespace

BOOST_AUTO_TEST_SUITE(send_run_length)

BOOST_AUTO_TEST_CASE(equal_sizes_are_one_run)
{
    BOOST_TEST(run_of_equal(1, 100) == 1U);
    BOOST_TEST(run_of_equal(2, 100) == 2U);
    BOOST_TEST(run_of({100, 100, 100, 200}) == 3U);
}

BOOST_AUTO_TEST_CASE(a_shorter_payload_ends_the_run)
{
    BOOST_TEST(run_of({100, 100, 40}) == 3U);
    BOOST_TEST(run_of({100, 40, 40}) == 2U);
    BOOST_TEST(run_of({100, 40, 100}) == 2U);
}

BOOST_AUTO_TEST_CASE(a_longer_payload_is_no_part_of_the_run)
{
    BOOST_TEST(run_of({100, 101}) == 1U);
    BOOST_TEST(run_of({100, 100, 101}) == 2U);
}

BOOST_AUTO_TEST_CASE(an_empty_payload_goes_alone)
{
    BOOST_TEST(run_of({0, 0}) == 1U);
    BOOST_TEST(run_of({0, 100}) == 1U);
    BOOST_TEST(run_of({100, 0}) == 1U);
    BOOST_TEST(run_of({100, 100, 0, 100}) == 2U);
}

BOOST_AUTO_TEST_CASE(a_run_has_64_payloads_at_most)
{
    BOOST_TEST(run_of_equal(64, 1) == 64U);
    BOOST_TEST(run_of_equal(65, 1) == 64U);
    BOOST_TEST(run_of_equal(1000, 100) == 64U);
}

BOOST_AUTO_TEST_CASE(a_run_is_no_longer_than_one_datagram)
{
    BOOST_TEST(run_of_equal(64, 1024) == 63U);
    BOOST_TEST(run_of_equal(64, 1472) == max_payload / 1472);
    BOOST_TEST(run_of_equal(3, max_payload / 2) == 2U);
    BOOST_TEST(run_of_equal(3, max_payload / 2 + 1) == 1U);
    BOOST_TEST(run_of_equal(2, max_payload) == 1U);
}

BOOST_AUTO_TEST_CASE(even_a_payload_that_is_too_long_is_a_run_of_one)
{
    BOOST_TEST(run_of_equal(2, max_payload + 1) == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
