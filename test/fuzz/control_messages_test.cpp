// SPDX-License-Identifier: BSL-1.0
#include "fuzz/control_messages_input.hpp"
#include "support/sim_seed.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>

// Replays what a fuzzer has found worth keeping, and a little of what one would try.

using namespace rollcast;

namespace {

using bytes = std::vector<std::uint8_t>;

struct corpus {
    std::vector<bytes> inputs{};

    corpus()
    {
        std::vector<std::filesystem::path> files;
        for (auto const& each :
             std::filesystem::directory_iterator(ROLLCAST_CORPUS "/control_messages"))
            files.push_back(each.path());
        std::ranges::sort(files);
        for (auto const& each : files) {
            std::ifstream file(each, std::ios::binary);
            inputs.emplace_back(std::istreambuf_iterator<char>(file),
                                std::istreambuf_iterator<char>());
        }
        BOOST_TEST_REQUIRE(!inputs.empty());
    }

    template <class Predicate>
    bool any(Predicate const& is) const
    {
        return std::ranges::any_of(inputs, [&](bytes const& each) { return is(test::take(each)); });
    }
};

/// One input with a few bytes changed, cut or repeated, as a fuzzer would.
class mutation {
public:
    mutation(std::vector<bytes> const& from, std::uint64_t seed) : from_(from), random_(seed) {}

    bytes next()
    {
        auto result = from_[below(from_.size())];
        for (auto steps = 1 + below(4); steps > 0; --steps)
            change(result);
        return result;
    }

private:
    std::size_t below(std::size_t limit)
    {
        return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random_);
    }

    void change(bytes& input)
    {
        // Lengths, levels and types are where the interesting values are.
        constexpr std::uint8_t values[] = {0, 1, 7, 8, 15, 16, 17, 24, 41, 0x7f, 0x80, 0xff};
        auto const at = below(input.size() + 1);
        auto const here = input.begin() + static_cast<std::ptrdiff_t>(at);
        switch (below(5)) {
        case 0:
            input.erase(here, input.end());
            break;
        case 1:
            input.insert(here, values[below(std::size(values))]);
            break;
        case 2:
            append(input, from_[below(from_.size())]);
            break;
        default:
            if (here != input.end())
                *here = below(2) == 0 ? values[below(std::size(values))]
                                      : static_cast<std::uint8_t>(below(256));
        }
    }

    static void append(bytes& to, bytes const& input)
    {
        if (input.size() > 2)
            to.insert(to.end(), input.begin() + 2, input.end());
    }

    std::vector<bytes> const& from_;
    std::mt19937_64 random_;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(fuzz_control_messages, corpus)

BOOST_AUTO_TEST_CASE(the_corpus_is_taken_well)
{
    for (auto const& each : inputs)
        BOOST_TEST(LLVMFuzzerTestOneInput(each.data(), each.size()) == 0);
}

BOOST_AUTO_TEST_CASE(the_corpus_has_every_control_message)
{
    BOOST_TEST(any([](auto const& out) {
        return out.whole.group.address.is_v4() && out.whole.metadata.interface_index != 0;
    }));
    BOOST_TEST(any([](auto const& out) { return out.whole.group.address.is_v6(); }));
    BOOST_TEST(any([](auto const& out) { return out.whole.metadata.hop_limit.has_value(); }));
    BOOST_TEST(any([](auto const& out) { return out.whole.metadata.traffic_class.has_value(); }));
    BOOST_TEST(any([](auto const& out) { return out.whole.metadata.received_at.has_value(); }));
    BOOST_TEST(any([](auto const& out) { return out.whole.metadata.dropped != 0; }));
    BOOST_TEST(any([](auto const& out) { return out.datagram_size != out.whole.payload.size(); }));
}

BOOST_AUTO_TEST_CASE(thousands_of_mutations_are_taken_well)
{
    test::test_seed const seed(1);
    mutation mutated(inputs, seed);
    for (int i = 0; i < 20'000; ++i) {
        auto const input = mutated.next();
        BOOST_TEST_REQUIRE(LLVMFuzzerTestOneInput(input.data(), input.size()) == 0);
    }
}

BOOST_AUTO_TEST_SUITE_END()
