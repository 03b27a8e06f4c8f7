// SPDX-License-Identifier: BSL-1.0
#include "fuzz/replay.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace rollcast::test {

std::vector<input_bytes> corpus_of(std::string const& name)
{
    std::vector<std::filesystem::path> files;
    for (auto const& each : std::filesystem::directory_iterator(ROLLCAST_CORPUS "/" + name))
        files.push_back(each.path());
    std::ranges::sort(files);
    std::vector<input_bytes> inputs;
    for (auto const& each : files) {
        std::ifstream file(each, std::ios::binary);
        inputs.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    }
    BOOST_TEST_REQUIRE(!inputs.empty());
    return inputs;
}

input_bytes mutation::next()
{
    auto result = from_[below(from_.size())];
    for (auto steps = 1 + below(4); steps > 0; --steps)
        change(result);
    return result;
}

std::size_t mutation::below(std::size_t limit)
{
    return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random_);
}

void mutation::change(input_bytes& input)
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

void mutation::append(input_bytes& to, input_bytes const& input) const
{
    if (input.size() > start_)
        to.insert(to.end(), input.begin() + static_cast<std::ptrdiff_t>(start_), input.end());
}

} // namespace rollcast::test
