// SPDX-License-Identifier: BSL-1.0
#include "detail/printing.hpp"

#include "error/readable.hpp"

#include <boost/nowide/utf/utf.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>

namespace rollcast::detail {
namespace {

namespace utf = boost::nowide::utf;

bool can_be_read(std::string_view text) noexcept
{
    auto const* at = text.data();
    auto const* const end = at + text.size();
    while (at != end) {
        auto const point = utf::utf_traits<char>::decode(at, end);
        if (point == utf::illegal || point == utf::incomplete || disturbs(point))
            return false;
    }
    return true;
}

} // namespace

std::string duration_text(std::chrono::nanoseconds value)
{
    using namespace std::chrono_literals;
    if (value % 1s == 0s)
        return fmt::format("{} s", value / 1s);
    if (value % 1ms == 0s)
        return fmt::format("{} ms", value / 1ms);
    return value % 1us == 0s ? fmt::format("{} us", value / 1us)
                             : fmt::format("{} ns", value / 1ns);
}

std::string time_text(std::chrono::system_clock::time_point value)
{
    auto const seconds = std::chrono::floor<std::chrono::seconds>(value);
    auto const rest = std::chrono::duration_cast<std::chrono::microseconds>(value - seconds);
    auto const when = fmt::gmtime(std::chrono::system_clock::to_time_t(seconds));
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:06}Z", when, rest.count());
}

std::string number_text(double value)
{
    return fmt::format("{}", value);
}

std::string endpoint_text(asio::ip::address const& address, std::uint_least16_t port)
{
    return fmt::format("{}{}{}:{}", address.is_v6() ? "[" : "", address.to_string(),
                       address.is_v6() ? "]" : "", port);
}

std::string bytes_text(std::byte const* bytes, std::size_t size)
{
    constexpr std::size_t longest = 200;
    std::string_view const text(reinterpret_cast<char const*>(bytes), size);
    if (size != 0 && size <= longest && can_be_read(text))
        return std::string(text);
    return fmt::format("{} byte{}", size, size == 1 ? "" : "s");
}

} // namespace rollcast::detail
