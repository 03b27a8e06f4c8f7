// SPDX-License-Identifier: BSL-1.0
#include "typed_samples.hpp"
#include "wire_samples.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace rollcast::test {
namespace {

using announce::decode;
using announce::encode;
using announce::wire_type;

template <class T>
std::string hex_of(T const& value)
{
    return hex(encode(value));
}

/// Without the number of fields and their fingerprints.
template <class T>
std::string fields_of(T const& value)
{
    auto const all = encode(value);
    return hex(std::span(all).subspan(1 + 2 * std::to_integer<std::size_t>(all.front())));
}

class with_secret {
public:
    int open = 0;

private:
    [[maybe_unused]] int secret_ = -1;

    BOOST_DESCRIBE_CLASS(with_secret, (), (open), (), (secret_))
};

class with_undescribed_secret {
public:
    int open = 0;

private:
    [[maybe_unused]] int secret_ = -1;

    BOOST_DESCRIBE_CLASS(with_undescribed_secret, (), (open), (), ())
};

struct forgetful {
    int told = 0;
    int forgotten = 0;
};
BOOST_DESCRIBE_STRUCT(forgetful, (), (told))

struct forgetful_in_a_gap {
    double told = 0;
    char also_told = 0;
    char forgotten = 0;
};
BOOST_DESCRIBE_STRUCT(forgetful_in_a_gap, (), (told, also_told))

struct of_a_forgetful_base : forgetful {
    int more = 0;
};
BOOST_DESCRIBE_STRUCT(of_a_forgetful_base, (forgetful), (more))

struct in_another_order {
    char first = 0;
    int second = 0;
    char third = 0;
};
BOOST_DESCRIBE_STRUCT(in_another_order, (), (first, third, second))

struct preset {
    std::vector<int> numbers{1, 2};
    std::string text = "text";
    std::optional<int> maybe = 5;
    std::map<int, int> ordered{{1, 1}};
    std::unordered_map<int, int> hashed{{1, 1}};
};
BOOST_DESCRIBE_STRUCT(preset, (), (numbers, text, maybe, ordered, hashed))

class explicit_default {
public:
    explicit explicit_default() = default;
    int number = 7;

    BOOST_DESCRIBE_CLASS(explicit_default, (), (number), (), ())
};

struct undescribed {};
struct undescribed_deep {
    std::vector<std::optional<undescribed>> values;
};
BOOST_DESCRIBE_STRUCT(undescribed_deep, (), (values))

struct undescribed_base : undescribed {
    int number = 0;
};
BOOST_DESCRIBE_STRUCT(undescribed_base, (undescribed), (number))

struct c_array {
    int numbers[2];
};
BOOST_DESCRIBE_STRUCT(c_array, (), (numbers))

struct constant {
    int const number = 0;
};
BOOST_DESCRIBE_STRUCT(constant, (), (number))

enum class undescribed_enum { one };

struct not_constructible {
    explicit not_constructible(int) {}
};
BOOST_DESCRIBE_STRUCT(not_constructible, (), ())

} // namespace

BOOST_AUTO_TEST_SUITE(announce_typed)

BOOST_AUTO_TEST_CASE(every_value_survives_the_round_trip)
{
    for (auto const& sample : typed_samples()) {
        BOOST_TEST(sample.survives, "lost by the round trip: " << hex(sample.bytes));
    }
}

BOOST_AUTO_TEST_CASE(numbers_go_as_documented)
{
    BOOST_TEST(hex_of(false) == "00");
    BOOST_TEST(hex_of(true) == "01");
    BOOST_TEST(hex_of(std::int8_t{-1}) == "ff");
    BOOST_TEST(hex_of('a') == "61");
    BOOST_TEST(hex_of(std::uint16_t{127}) == "7f");
    BOOST_TEST(hex_of(300u) == "ac02");
    BOOST_TEST(hex_of(std::numeric_limits<std::uint64_t>::max()) == "ffffffffffffffffff01");
    BOOST_TEST(hex_of(0) == "00");
    BOOST_TEST(hex_of(-1) == "01");
    BOOST_TEST(hex_of(1) == "02");
    BOOST_TEST(hex_of(std::int16_t{-300}) == "d704");
    BOOST_TEST(hex_of(std::numeric_limits<std::int64_t>::min()) == "ffffffffffffffffff01");
    BOOST_TEST(hex_of(1.0f) == "0000803f");
    BOOST_TEST(hex_of(-2.0) == "00000000000000c0");
    BOOST_TEST(hex_of(phase::draining) == "04");
    BOOST_TEST(hex_of(zone::us) == "c801");
}

BOOST_AUTO_TEST_CASE(containers_go_as_documented)
{
    using namespace std::string_literals;
    BOOST_TEST(hex_of("web"s) == "03776562");
    BOOST_TEST(hex_of(std::vector{1, -1}) == "020201");
    BOOST_TEST(hex_of(std::vector{true, false}) == "020100");
    BOOST_TEST(hex_of(std::array{1, -1}) == "0201");
    BOOST_TEST(hex_of(std::optional<int>()) == "00");
    BOOST_TEST(hex_of(std::optional(1)) == "0102");
    BOOST_TEST(hex_of(std::tuple(true, "a"s, 1u)) == "01016101");
    // By the keys' bytes, so 1 = 02 goes before -2 = 03, and "b" = 01 62 before "aa" = 02 61 61.
    BOOST_TEST(hex_of(std::map<int, bool>{{-2, true}, {1, false}}) == "0202000301");
    BOOST_TEST(hex_of(std::map<std::string, bool>{{"aa", true}, {"b", false}}) == "020162000261"
                                                                                  "6101");
}

BOOST_AUTO_TEST_CASE(structs_go_as_documented)
{
    BOOST_TEST(hex_of(nothing{}) == "00");
    BOOST_TEST(hex_of(std::optional(nothing{})) == "0100");
    BOOST_TEST(hex_of(std::vector{point{1, -1}, point{300, 0}}) == "0202020103d80400");
    BOOST_TEST(fields_of(point{1, -1}) == "0201");
    BOOST_TEST(fields_of(busy_service()) == "03776562"                 // name, of the base
                                            "04"                       // state
                                            "01c801"                   // home
                                            "03010001"                 // slots
                                            "0a0000ff"                 // address
                                            "03"                       // routes
                                            "000202000006dfc508e0c508" //   ""
                                            "016101020201"             //   "a"
                                            "02626200"                 //   "bb"
                                            "03"                       // loads
                                            "01000000000000e03f"       //   1
                                            "ac029c7500883ce437fe"     //   300
                                            "ffff03000000000000f03f"   //   65535
    );
}

BOOST_AUTO_TEST_CASE(what_would_be_lost_has_no_wire_form)
{
    BOOST_TEST(!wire_type<with_secret>);
    BOOST_TEST(!wire_type<with_undescribed_secret>);
    BOOST_TEST(!wire_type<forgetful>);
    BOOST_TEST(!wire_type<forgetful_in_a_gap>);
    BOOST_TEST(!wire_type<of_a_forgetful_base>);
    BOOST_TEST(!wire_type<std::vector<forgetful>>);
    BOOST_TEST(wire_type<in_another_order>);
}

BOOST_AUTO_TEST_CASE(what_the_constructor_put_into_a_member_is_replaced)
{
    preset empty;
    empty.numbers.clear();
    empty.text.clear();
    empty.maybe.reset();
    empty.ordered.clear();
    empty.hashed.clear();
    auto const decoded = decode<preset>(encode(empty));
    BOOST_REQUIRE(decoded.has_value());
    BOOST_TEST(decoded->numbers.empty());
    BOOST_TEST(decoded->text.empty());
    BOOST_TEST(!decoded->maybe.has_value());
    BOOST_TEST(decoded->ordered.empty());
    BOOST_TEST(decoded->hashed.empty());
}

BOOST_AUTO_TEST_CASE(a_default_constructor_may_be_explicit)
{
    explicit_default value;
    value.number = 8;
    BOOST_TEST(decode<explicit_default>(encode(value)).value().number == 8);
}

BOOST_AUTO_TEST_CASE(equal_maps_give_equal_bytes_whatever_their_history)
{
    std::unordered_map<int, int> grown;
    std::unordered_map<int, int> shrunk(1);
    std::map<int, int, std::greater<>> descending;
    for (int i = 0; i < 1000; ++i) {
        grown[i] = -i;
        shrunk[999 - i] = i - 999;
        descending[i] = -i;
    }
    shrunk[1000] = 0;
    shrunk.erase(1000);
    BOOST_TEST((grown == shrunk));
    BOOST_TEST(!std::ranges::equal(grown, shrunk));
    BOOST_TEST(hex_of(grown) == hex_of(shrunk));
    BOOST_TEST(hex_of(grown) == hex_of(descending));
}

BOOST_AUTO_TEST_CASE(there_is_one_zero_and_one_nan)
{
    BOOST_TEST(hex_of(-0.0) == "0000000000000000");
    BOOST_TEST(hex_of(-0.0f) == "00000000");
    auto const signalling = std::numeric_limits<double>::signaling_NaN();
    BOOST_TEST(hex_of(signalling) == "000000000000f87f");
    BOOST_TEST(hex_of(-std::numeric_limits<float>::quiet_NaN()) == "0000c07f");
    BOOST_TEST(std::isnan(decode<double>(encode(signalling)).value()));
}

BOOST_AUTO_TEST_CASE(a_type_without_a_wire_form_is_told_by_the_concept)
{
    BOOST_TEST(!wire_type<undescribed>);
    BOOST_TEST(!wire_type<undescribed_deep>);
    BOOST_TEST(!wire_type<undescribed_base>);
    BOOST_TEST(!wire_type<undescribed_enum>);
    BOOST_TEST(!wire_type<c_array>);
    BOOST_TEST(!wire_type<constant>);
    BOOST_TEST(!wire_type<not_constructible>);
    BOOST_TEST(!wire_type<char[4]>);
    BOOST_TEST(!wire_type<char const*>);
    BOOST_TEST(!wire_type<int&>);
    BOOST_TEST(!wire_type<int const>);
    BOOST_TEST(!wire_type<point const>);
    BOOST_TEST(!wire_type<wchar_t>);
    BOOST_TEST(!wire_type<long double>);
    BOOST_TEST((!wire_type<std::vector<std::array<int, 0>>>));
    BOOST_TEST((!wire_type<std::map<std::tuple<>, std::array<int, 0>>>));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace rollcast::test
