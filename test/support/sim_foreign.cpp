// SPDX-License-Identifier: BSL-1.0
#include "support/sim_foreign.hpp"
#include "announce/announcement.hpp"
#include "announce/codec.hpp"

#include <algorithm>
#include <utility>

namespace rollcast::test {
namespace {

using bytes = std::vector<std::byte>;

constexpr std::size_t header = 40;
constexpr std::size_t tag = 16;
constexpr int first_unknown_kind = 100;

std::vector<bytes> fields_of(std::span<std::byte const> body)
{
    std::vector<bytes> fields;
    while (!body.empty()) {
        auto const size =
            std::to_integer<std::size_t>(body[1]) << 8 | std::to_integer<std::size_t>(body[2]);
        auto const whole = body.first(3 + size);
        fields.emplace_back(whole.begin(), whole.end());
        body = body.subspan(3 + size);
    }
    return fields;
}

bytes unknown_field(std::size_t size, detail::random_source& random)
{
    bytes field(3 + size, std::byte{0xff});
    field[0] = static_cast<std::byte>(first_unknown_kind + static_cast<int>(random.next() % 100));
    field[1] = static_cast<std::byte>(size >> 8);
    field[2] = static_cast<std::byte>(size);
    return field;
}

/// May be as long as its speaker likes.
bool may_grow(message_type type)
{
    return type == message_type::digest || type == message_type::bye ||
           type == message_type::suspect || type == message_type::gone;
}

} // namespace

std::vector<std::byte> in_other_words(std::span<std::byte const> datagram, cast way,
                                      group_key const& key, detail::random_source& random)
{
    auto const type = static_cast<message_type>(datagram[announce::type_offset]);
    auto fields = fields_of(datagram.subspan(header, datagram.size() - header - tag));
    auto room = announce::max_datagram - datagram.size();
    bool const grows = way == cast::multicast && may_grow(type);
    for (int i = 0; grows && i < 3 && room > 3; ++i) {
        fields.push_back(
            unknown_field(random.next() % std::min<std::size_t>(40, room - 2), random));
        room -= fields.back().size();
    }
    for (auto i = fields.size(); i > 1; --i)
        std::swap(fields[i - 1], fields[random.next() % i]);
    bytes said(datagram.begin(), datagram.begin() + header);
    for (auto const& each : fields)
        said.insert(said.end(), each.begin(), each.end());
    auto const digest = key.digest(said);
    said.insert(said.end(), digest.begin(), digest.end());
    return said;
}

} // namespace rollcast::test
