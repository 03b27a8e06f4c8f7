// SPDX-License-Identifier: BSL-1.0
#include "metrics_files/json_text.hpp"

#include <rollcast/metrics_files/json_lines.hpp>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/system/error_code.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace rollcast::metrics {
namespace {

namespace json = boost::json;

std::string_view view(json::string_view text) noexcept
{
    return {text.data(), text.size()};
}

json::value sorted(json::value const& value);

json::object sorted_object(json::object const& object)
{
    std::map<std::string_view, json::value const*> members;
    for (auto const& each : object)
        members.emplace(view(each.key()), &each.value());
    json::object result;
    for (auto const& [key, value] : members)
        result.emplace(json::string_view(key.data(), key.size()), sorted(*value));
    return result;
}

json::value sorted(json::value const& value)
{
    if (auto const* const object = value.if_object())
        return sorted_object(*object);
    if (!value.is_array())
        return value;
    json::array result;
    for (auto const& each : value.get_array())
        result.push_back(sorted(each));
    return result;
}

bool is_same_object(json::object const& a, json::object const& b)
{
    return a.size() == b.size() && std::ranges::all_of(a, [&](auto const& each) {
               auto const* const other = b.if_contains(each.key());
               return other && is_same(each.value(), *other);
           });
}

/// With a tolerance: the parser of Boost 1.81 may miss the nearest double by a little.
bool is_same_number(double a, double b) noexcept
{
    auto const tolerance = 4 * std::numeric_limits<double>::epsilon();
    return std::abs(a - b) <= tolerance * std::max(std::abs(a), std::abs(b));
}

double number_at(json::object const& object, json::string_view key)
{
    auto const* const found = object.if_contains(key);
    return found && found->is_number() ? found->to_number<double>()
                                       : std::numeric_limits<double>::quiet_NaN();
}

bool is_text_at(json::object const& object, json::string_view key)
{
    auto const* const found = object.if_contains(key);
    return found && found->is_string() && !found->get_string().empty();
}

} // namespace

std::optional<json::object> parse_object(std::string_view text)
{
    boost::system::error_code ec;
    auto const value = json::parse({text.data(), text.size()}, ec);
    if (ec || !value.is_object() || !is_finite(value))
        return std::nullopt;
    return value.get_object();
}

std::string to_line(json::object const& object)
{
    return json::serialize(sorted_object(object));
}

bool is_finite(json::value const& value)
{
    if (auto const* const number = value.if_double())
        return std::isfinite(*number);
    if (auto const* const array = value.if_array())
        return std::ranges::all_of(*array, is_finite);
    auto const* const object = value.if_object();
    return !object ||
           std::ranges::all_of(*object, [](auto const& each) { return is_finite(each.value()); });
}

bool is_same(json::value const& a, json::value const& b)
{
    if (a.is_object() && b.is_object())
        return is_same_object(a.get_object(), b.get_object());
    if (a.is_array() && b.is_array())
        return std::ranges::equal(a.get_array(), b.get_array(), is_same);
    if (a.is_number() && b.is_number() && (a.is_double() || b.is_double()))
        return is_same_number(a.to_number<double>(), b.to_number<double>());
    return a == b;
}

bool has_header_key(json::object const& object)
{
    return std::ranges::any_of(std::initializer_list<json::string_view>{"schema", "artifact_type",
                                                                        "node_id", "producer",
                                                                        "flags"},
                               [&](auto key) { return object.contains(key); });
}

bool is_header(json::object const& object)
{
    auto const* const flags = object.if_contains("flags");
    auto const* const schema = object.if_contains("schema");
    return schema && schema->is_string() && view(schema->get_string()) == json_lines_schema &&
           is_text_at(object, "artifact_type") && is_text_at(object, "node_id") &&
           is_text_at(object, "producer") && std::isfinite(number_at(object, "created_at")) &&
           flags && flags->is_object();
}

bool is_sample(json::object const& object)
{
    return !has_header_key(object) && std::isfinite(number_at(object, "ts")) &&
           std::isfinite(number_at(object, "interval_secs")) &&
           number_at(object, "interval_secs") >= 0;
}

} // namespace rollcast::metrics
