// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

// What stands in for a fuzzer where there is none.

namespace rollcast::test {

using input_bytes = std::vector<std::uint8_t>;

/// The inputs in the folder of that name, in the order of their names; never none.
std::vector<input_bytes> corpus_of(std::string const& name);

/// One input with a few bytes changed, cut or repeated, as a fuzzer would.
class mutation {
public:
    /// What one input takes over from another begins there.
    mutation(std::vector<input_bytes> const& from, std::size_t start, std::uint64_t seed)
        : from_(from), start_(start), random_(seed)
    {
    }

    input_bytes next();

private:
    std::size_t below(std::size_t limit);
    void change(input_bytes& input);
    void append(input_bytes& to, input_bytes const& input) const;

    std::vector<input_bytes> const& from_;
    std::size_t start_;
    std::mt19937_64 random_;
};

} // namespace rollcast::test
