// SPDX-License-Identifier: BSL-1.0
// What every source begins with in a copy that tools/mutate makes: all mutants are compiled at
// once, and a variable of the environment says which of them a run is to be.
#pragma once

#include <array>
#include <cstddef>
#include <cstdlib>
#include <type_traits>
#include <vector>

namespace mutants {

inline int active() noexcept
{
    static int const number = [] {
        auto const* told = std::getenv("ROLLCAST_MUTANT");
        return told ? std::atoi(told) : 0;
    }();
    return number;
}

/// The file that is to be told which mutants a run without one came past, if any is.
inline char const* passed_file() noexcept
{
    static char const* const name = [] {
        auto const* told = std::getenv("ROLLCAST_MUTANTS_PASSED");
        return told && *told ? told : nullptr;
    }();
    return name;
}

inline std::vector<bool>& passed()
{
    static std::vector<bool> numbers(16384);
    return numbers;
}

inline bool is_active(int number) noexcept
{
    if (passed_file() && number >= 0)
        passed().at(static_cast<std::size_t>(number)) = true;
    return active() == number;
}

/// What is computed by the compiler stays as it is.
constexpr bool is(int number) noexcept
{
    return !std::is_constant_evaluated() && is_active(number);
}

template <class Value>
concept scalable = requires(Value value) { value * 2; };

template <scalable Value>
constexpr Value scaled(int by_zero, int by_two, Value value) noexcept
{
    if (is(by_zero))
        return static_cast<Value>(value * 0);
    return is(by_two) ? static_cast<Value>(value * 2) : value;
}

template <scalable Value, std::size_t size>
constexpr std::array<Value, size> scaled(int by_zero, int by_two,
                                         std::array<Value, size> values) noexcept
{
    for (auto& each : values)
        each = scaled(by_zero, by_two, each);
    return values;
}

/// Not for the compiler to compute, as it would the value of a constant.
template <scalable Value>
Value constant(int by_zero, int by_two, Value value) noexcept
{
    return scaled(by_zero, by_two, value);
}

template <scalable Value, std::size_t size>
std::array<Value, size> constant(int by_zero, int by_two, std::array<Value, size> values) noexcept
{
    return scaled(by_zero, by_two, values);
}

} // namespace mutants
