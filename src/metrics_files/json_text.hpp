// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace rollcast::metrics {

/// None unless the text is one JSON object with finite numbers.
std::optional<boost::json::object> parse_object(std::string_view text);

/// On one line, the keys of every object in alphabetical order, without a line feed.
std::string to_line(boost::json::object const& object);

bool is_finite(boost::json::value const& value);

/// Whether a reader takes both values for the same: numbers are compared as numbers, however
/// written.
bool is_same(boost::json::value const& a, boost::json::value const& b);

/// The keys by which a header is known.
bool has_header_key(boost::json::object const& object);

bool is_header(boost::json::object const& object);
bool is_sample(boost::json::object const& object);

} // namespace rollcast::metrics
