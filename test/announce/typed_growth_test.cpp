// SPDX-License-Identifier: BSL-1.0
#include "wire_samples.hpp"

#include <rollcast/announce/typed.hpp>

#include <boost/test/unit_test.hpp>

// Old and new versions of one struct, and structs that are like it and are not it.

namespace rollcast::test {
namespace {

using announce::decode;
using announce::encode;

namespace before {

struct worker {
    std::string name{};
    std::uint16_t load = 0;
};
BOOST_DESCRIBE_STRUCT(worker, (), (name, load))

struct pool {
    std::vector<worker> workers{};
    std::map<std::string, worker> by_role{};
};
BOOST_DESCRIBE_STRUCT(pool, (), (workers, by_role))

} // namespace before

namespace after {

struct worker {
    std::string name{};
    std::uint32_t load = 0; ///< Wider than it was.
    std::optional<std::string> zone{};
    int priority = 7;
};
BOOST_DESCRIBE_STRUCT(worker, (), (name, load, zone, priority))

struct pool {
    std::vector<worker> workers{};
    std::map<std::string, worker> by_role{};
    double quota = 0.5;
};
BOOST_DESCRIBE_STRUCT(pool, (), (workers, by_role, quota))

} // namespace after

struct with_another_name {
    std::string title{};
    std::uint16_t load = 0;
};
BOOST_DESCRIBE_STRUCT(with_another_name, (), (title, load))

struct with_another_type {
    std::string name{};
    std::int16_t load = 0;
};
BOOST_DESCRIBE_STRUCT(with_another_type, (), (name, load))

struct with_another_end {
    std::string name{};
    std::uint16_t load = 0;
    std::optional<std::string> region{};
};
BOOST_DESCRIBE_STRUCT(with_another_end, (), (name, load, region))

struct with_less {
    std::string name{};
};
BOOST_DESCRIBE_STRUCT(with_less, (), (name))

struct pair_of_numbers {
    std::vector<with_another_name> workers{};
    std::map<std::string, before::worker> by_role{};
};
BOOST_DESCRIBE_STRUCT(pair_of_numbers, (), (workers, by_role))

struct branch {
    std::vector<branch> children{};
    int leaves = 0;
};
BOOST_DESCRIBE_STRUCT(branch, (), (children, leaves))

template <class T>
error_code refusal(std::vector<std::byte> const& bytes)
{
    auto const value = decode<T>(bytes);
    return value ? error_code() : value.error();
}

} // namespace

BOOST_AUTO_TEST_SUITE(announce_typed_growth)

BOOST_AUTO_TEST_CASE(the_new_one_reads_the_old_and_keeps_its_defaults)
{
    auto const read = decode<after::worker>(encode(before::worker{"web", 300}));
    BOOST_TEST_REQUIRE(read.has_value());
    BOOST_TEST(read->name == "web");
    BOOST_TEST(read->load == 300U);
    BOOST_TEST(!read->zone.has_value());
    BOOST_TEST(read->priority == 7);
}

BOOST_AUTO_TEST_CASE(the_old_one_reads_the_new_and_passes_over_what_it_does_not_know)
{
    auto const read = decode<before::worker>(encode(after::worker{"web", 300, "eu", 1}));
    BOOST_TEST_REQUIRE(read.has_value());
    BOOST_TEST(read->name == "web");
    BOOST_TEST(read->load == 300U);
}

BOOST_AUTO_TEST_CASE(a_number_that_the_old_one_cannot_hold_is_refused_by_it)
{
    BOOST_TEST(refusal<before::worker>(encode(after::worker{"web", 70000, {}, 1})) ==
               error::malformed);
}

BOOST_AUTO_TEST_CASE(structs_grow_wherever_they_are)
{
    after::pool const now{{{"a", 1, "z", 2}, {"b", 2, {}, 3}}, {{"r", {"c", 3, "y", 4}}}, 9};
    auto const old = decode<before::pool>(encode(now));
    BOOST_TEST_REQUIRE(old.has_value());
    BOOST_TEST_REQUIRE(old->workers.size() == 2U);
    BOOST_TEST(old->workers[1].name == "b");
    BOOST_TEST(old->by_role.at("r").load == 3U);
    auto const again = decode<after::pool>(encode(*old));
    BOOST_TEST_REQUIRE(again.has_value());
    BOOST_TEST(again->workers[1].load == 2U);
    BOOST_TEST(again->workers[1].priority == 7);
    BOOST_TEST(again->by_role.at("r").name == "c");
    BOOST_TEST(again->quota == 0.5);
}

BOOST_AUTO_TEST_CASE(a_like_struct_is_another)
{
    auto const worker = encode(before::worker{"web", 300});
    BOOST_TEST(refusal<with_another_name>(worker) == error::other_form);
    BOOST_TEST(refusal<with_another_type>(worker) == error::other_form);
    BOOST_TEST(refusal<with_another_end>(encode(after::worker{})) == error::other_form);
    BOOST_TEST(refusal<pair_of_numbers>(encode(before::pool{})) == error::other_form);
    BOOST_TEST(!refusal<with_another_end>(worker)); // as far as both go they are one
    BOOST_TEST(!refusal<with_less>(worker));
}

BOOST_AUTO_TEST_CASE(what_ends_within_its_fields_is_malformed_and_so_is_what_goes_on_without_any)
{
    auto const whole = encode(after::worker{"web", 300, "eu", 1});
    for (std::size_t size = 0; size < whole.size(); ++size)
        BOOST_TEST(refusal<after::worker>(
                       {whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)}) ==
                   error::malformed);
    auto longer = whole;
    longer.push_back({});
    BOOST_TEST(refusal<after::worker>(longer) == error::malformed);
    BOOST_TEST(refusal<after::worker>({}) == error::malformed);
    auto part = encode(std::vector{before::worker{"web", 300}});
    part[1] = std::byte{200}; // longer than all there is
    BOOST_TEST(refusal<std::vector<before::worker>>(part) == error::malformed);
}

BOOST_AUTO_TEST_CASE(the_fingerprints_are_those_of_the_document)
{
    // Of "name:s," and "name:s,load:u,".
    auto const bytes = encode(before::worker{"web", 300});
    BOOST_TEST(hex(bytes) == "0299a003a5"
                             "03776562"
                             "ac02");
}

BOOST_AUTO_TEST_CASE(one_that_lies_in_itself_has_a_form_too)
{
    branch const tree{{{{}, 1}, {{{{}, 5}}, 2}}, 3};
    auto const read = decode<branch>(encode(tree));
    BOOST_TEST_REQUIRE(read.has_value());
    BOOST_TEST(read->children.at(1).children.at(0).leaves == 5);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace rollcast::test
