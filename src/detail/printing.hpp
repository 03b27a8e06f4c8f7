// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/error.hpp>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/basic_endpoint.hpp>
#include <boost/describe/enum_to_string.hpp>
#include <boost/describe/members.hpp>
#include <boost/mp11/algorithm.hpp>

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

// How values become text: the enumerator of an enum, "{name: value, ...}" of a struct, both by
// Boost.Describe. Whatever has a `to_string` of its own is printed as that says.

namespace rollcast::detail {

std::string duration_text(std::chrono::nanoseconds value);          ///< "10 s", "125 ms", "7 ns"
std::string time_text(std::chrono::system_clock::time_point value); ///< By UTC, to the microsecond.
std::string number_text(double value);
std::string endpoint_text(asio::ip::address const& address, std::uint_least16_t port);

/// Text where the bytes are UTF-8 without control characters, else "5 bytes".
std::string bytes_text(std::byte const* bytes, std::size_t size);

template <class T>
concept printed_by_itself = requires(T const& value) {
    { to_string(value) } -> std::same_as<std::string>;
};

template <class Enum>
std::string enum_text(Enum value)
{
    auto const* const name = boost::describe::enum_to_string(value, nullptr);
    return name ? name : std::to_string(static_cast<std::underlying_type_t<Enum>>(value));
}

template <class Struct>
std::string described(Struct const& value);

inline std::string text_of(bool value)
{
    return value ? "true" : "false";
}

inline std::string text_of(std::string const& value)
{
    return value.empty() ? "\"\"" : value;
}

inline std::string text_of(error_code const& value)
{
    return value ? value.message() : "none";
}

inline std::string text_of(asio::ip::address const& value)
{
    return value.to_string();
}

inline std::string text_of(asio::ip::address_v4 const& value)
{
    return value.to_string();
}

inline std::string text_of(asio::ip::address_v6 const& value)
{
    return value.to_string();
}

template <class Protocol>
std::string text_of(asio::ip::basic_endpoint<Protocol> const& value)
{
    return endpoint_text(value.address(), value.port());
}

template <class Rep, class Period>
std::string text_of(std::chrono::duration<Rep, Period> value)
{
    return duration_text(std::chrono::duration_cast<std::chrono::nanoseconds>(value));
}

/// The steady clock has no date; how long ago the time was only the clock could tell.
inline std::string text_of(std::chrono::steady_clock::time_point value)
{
    return text_of(value.time_since_epoch()) + " since boot";
}

template <class Duration>
std::string text_of(std::chrono::time_point<std::chrono::system_clock, Duration> value)
{
    using stored = std::chrono::system_clock::duration;
    return time_text(std::chrono::time_point_cast<stored>(value));
}

template <class T>
std::string text_of(T const& value)
{
    if constexpr (printed_by_itself<T>)
        return to_string(value);
    else if constexpr (std::is_floating_point_v<T>)
        return number_text(value);
    else if constexpr (std::is_integral_v<T>)
        return std::to_string(+value);
    else
        return described(value);
}

inline std::string text_of(std::filesystem::path const& value)
{
    return text_of(value.string());
}

template <class... Types>
std::string text_of(std::variant<Types...> const& value)
{
    return std::visit([](auto const& held) { return text_of(held); }, value);
}

template <class T>
std::string text_of(std::optional<T> const& value)
{
    return value ? text_of(*value) : "none";
}

/// A map of names and values.
template <class Value>
std::string text_of(std::map<std::string, Value> const& values)
{
    std::string text;
    for (auto const& [name, value] : values)
        text += (text.empty() ? "" : ", ") + name + ": " + text_of(value);
    return '{' + text + '}';
}

template <std::ranges::contiguous_range Range>
    requires(!std::convertible_to<Range, std::string_view>)
std::string text_of(Range const& values)
{
    if constexpr (std::same_as<std::ranges::range_value_t<Range>, std::byte>) {
        return bytes_text(std::ranges::data(values), std::ranges::size(values));
    } else {
        std::string text;
        for (auto const& each : values)
            text += (text.empty() ? "" : ", ") + text_of(each);
        return '[' + text + ']';
    }
}

template <class Struct>
std::string described(Struct const& value)
{
    using namespace boost::describe;
    std::string text;
    boost::mp11::mp_for_each<describe_members<Struct, mod_public | mod_inherited>>(
        [&](auto member) {
            text.append(text.empty() ? "" : ", ").append(member.name).append(": ");
            text += text_of(value.*member.pointer);
        });
    return '{' + text + '}';
}

} // namespace rollcast::detail

/// Defines `operator<<` for a type that has `to_string`.
#define ROLLCAST_STREAMED(type)                                                                    \
    std::ostream& operator<<(std::ostream& out, type const& value)                                 \
    {                                                                                              \
        return out << to_string(value);                                                            \
    }

/// Defines `to_string` and `operator<<` for a struct, as Boost.Describe knows it.
#define ROLLCAST_PRINTED(type)                                                                     \
    std::string to_string(type const& value)                                                       \
    {                                                                                              \
        return ::rollcast::detail::described(value);                                               \
    }                                                                                              \
    ROLLCAST_STREAMED(type)

/// Defines `to_string` and `operator<<` for an enum, as Boost.Describe knows it.
#define ROLLCAST_PRINTED_ENUM(type)                                                                \
    std::string to_string(type value)                                                              \
    {                                                                                              \
        return ::rollcast::detail::enum_text(value);                                               \
    }                                                                                              \
    std::ostream& operator<<(std::ostream& out, type value)                                        \
    {                                                                                              \
        return out << to_string(value);                                                            \
    }
