// SPDX-License-Identifier: BSL-1.0
#include "announce/printing.hpp"

#include "detail/printing.hpp"

#include <fmt/format.h>

#include <iterator>
#include <ostream>

namespace rollcast {

std::string to_string(record_view const& value)
{
    return fmt::format("{{sequence: {}, beat_interval: {}, bytes: {}}}", value.sequence,
                       detail::text_of(value.beat_interval), value.bytes.size());
}

std::string to_string(member_view const& value)
{
    return fmt::format("{{who: {}, proven: {}, record: {}}}", to_string(value.who), value.proven,
                       to_string(value.record));
}

std::string to_string(ended_member const& value)
{
    return fmt::format("{{who: {}, {} {} ago}}", to_string(value.who), value.left ? "left" : "gone",
                       detail::text_of(value.age));
}

/// The lists may be long, so only their lengths are told.
std::string to_string(announcement const& value)
{
    auto text =
        fmt::format("{} of {}, counter {}", to_string(value.type), value.who.id, value.counter);
    auto const add = [&](char const* name, auto const& list) {
        if (!list.empty())
            text += fmt::format(", {} {}", std::distance(list.begin(), list.end()), name);
    };
    add("subjects", value.subjects);
    add("members", value.members);
    add("ended", value.ended);
    if (value.record)
        text += ", record " + to_string(*value.record);
    if (value.summary)
        text += ", summary " + to_string(*value.summary);
    return text;
}

ROLLCAST_STREAMED(life_id)
ROLLCAST_PRINTED_ENUM(message_type)
ROLLCAST_PRINTED(identity)
ROLLCAST_PRINTED(record)
ROLLCAST_STREAMED(record_view)
ROLLCAST_PRINTED(summary)
ROLLCAST_STREAMED(member_view)
ROLLCAST_STREAMED(ended_member)
ROLLCAST_PRINTED(part)
ROLLCAST_STREAMED(announcement)

} // namespace rollcast
