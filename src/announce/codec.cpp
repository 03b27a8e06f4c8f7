// SPDX-License-Identifier: BSL-1.0
#include "announce/codec.hpp"

#include "announce/fields.hpp"

#include <algorithm>
#include <bitset>
#include <cstring>

namespace rollcast::announce {
namespace {

constexpr std::uint16_t magic = 0x5243; // "RC"
constexpr std::uint8_t version = 1;
constexpr std::size_t speaker_size = 16; // id, incarnation: its life is in the header
constexpr std::size_t buckets_size = bucket_count * 4;
constexpr std::size_t differing_size = bucket_count / 8;

bool is_known(message_type type) noexcept
{
    return type >= message_type::hello && type <= message_type::query;
}

/// Whether the announcement has what a datagram of its type cannot do without.
bool is_complete(announcement const& value) noexcept
{
    switch (value.type) {
    case message_type::hello:
        return value.record.has_value();
    case message_type::suspect:
    case message_type::gone:
    case message_type::conflict:
        return !value.subjects.empty();
    case message_type::digest:
    case message_type::beat:
        return value.summary.has_value();
    case message_type::records:
        return value.part.has_value();
    case message_type::query:
        return value.observer;
    default:
        return true;
    }
}

class field_collector {
public:
    explicit field_collector(announcement& into) noexcept : into_(into) {}

    bool take(field kind, std::span<std::byte const> body) noexcept
    {
        auto const index = static_cast<std::size_t>(kind);
        if (index == 0 || index >= seen_.size())
            return true;
        if (seen_.test(index))
            return false;
        seen_.set(index);
        octet_reader in(body);
        switch (kind) {
        case field::identity:
            into_.who.id = in.get<std::uint64_t>();
            into_.who.incarnation = in.get<std::uint64_t>();
            return body.size() == speaker_size;
        case field::record:
            return take_record(body);
        case field::attempt:
            into_.attempt = in.get<std::uint8_t>();
            return body.size() == 1 && into_.attempt <= 3;
        case field::summary:
            return take_summary(body);
        case field::cookie:
            into_.cookie = in.get<std::uint64_t>();
            return body.size() == 8;
        case field::echo:
            into_.echo = in.get<std::uint64_t>();
            return body.size() == 8;
        case field::subjects:
            into_.subjects = wire_list<identity>(body);
            return is_identity_list(body);
        case field::members:
            into_.members = wire_list<member_view>(body);
            return is_member_list(body);
        case field::ended:
            into_.ended = wire_list<ended_member>(body);
            return is_ended_list(body);
        case field::buckets:
            into_.buckets = body;
            return body.size() == buckets_size;
        case field::differing:
            into_.differing = body;
            return body.size() == differing_size;
        case field::part:
            into_.part = part{in.get<std::uint16_t>(), in.get<std::uint8_t>() != 0};
            return body.size() == part_size;
        case field::padding:
            into_.padding = body.size();
            return true;
        case field::observer:
            into_.observer = true;
            return body.empty();
        case field::counting:
            into_.counting = in.get<std::uint16_t>();
            return body.size() == 2;
        default:
            return true; // a field of records, which means nothing outside of one
        }
    }

    bool has_identity() const noexcept { return seen_.test(1); }

private:
    bool take_record(std::span<std::byte const> body) noexcept
    {
        auto const view = view_record(body);
        if (view)
            into_.record = *view;
        return view.has_value();
    }

    bool take_summary(std::span<std::byte const> body) noexcept
    {
        octet_reader in(body);
        summary value;
        value.members = in.get<std::uint32_t>();
        value.hash = {in.get<std::uint64_t>(), in.get<std::uint64_t>()};
        value.health = std::clamp<std::uint8_t>(in.get<std::uint8_t>(), 1, 8);
        into_.summary = value;
        return body.size() == summary_size;
    }

    announcement& into_;
    std::bitset<20> seen_;
};

/// What can be said before the integrity tag is checked; leaves the reader behind the header.
error_code read_header(octet_reader& in, announcement& into, group_key const& key) noexcept
{
    if (in.get<std::uint16_t>() != magic)
        return error::foreign;
    if (in.get<std::uint8_t>() != version)
        return in.ok() ? error::unsupported_version : error::malformed;
    into.type = static_cast<message_type>(in.get<std::uint8_t>());
    auto const key_id = in.get<std::uint32_t>();
    auto const tag = in.get(key.tag().size());
    auto const life = in.get(into.who.life.bytes.size());
    into.counter = in.get<std::uint64_t>();
    if (!in.ok() || in.size() < digest_size)
        return error::malformed;
    if (key_id != 0 || !std::ranges::equal(tag, key.tag()))
        return error::foreign;
    std::memcpy(into.who.life.bytes.data(), life.data(), life.size());
    return {};
}

error_code read_fields(octet_reader& in, announcement& into) noexcept
{
    field_collector fields(into);
    while (!in.empty()) {
        auto const kind = static_cast<field>(in.get<std::uint8_t>());
        auto const size = in.get<std::uint16_t>();
        auto const body = in.get(size);
        if (!in.ok() || !fields.take(kind, body))
            return error::malformed;
    }
    return fields.has_identity() && is_complete(into) ? error_code{} : error_code(error::malformed);
}

/// Calls `put` with every field the announcement has, and the size of its body.
template <class Put>
void each_field(announcement const& value, Put&& put)
{
    put(field::identity, speaker_size);
    if (value.observer)
        put(field::observer, 0);
    if (value.attempt != 0)
        put(field::attempt, 1);
    if (value.summary)
        put(field::summary, summary_size);
    if (value.cookie)
        put(field::cookie, 8);
    if (value.echo)
        put(field::echo, 8);
    if (value.part)
        put(field::part, part_size);
    if (value.record)
        put(field::record, value.record->bytes.size());
    if (!value.subjects.empty())
        put(field::subjects, value.subjects.bytes().size());
    if (!value.members.empty())
        put(field::members, value.members.bytes().size());
    if (!value.ended.empty())
        put(field::ended, value.ended.bytes().size());
    if (!value.buckets.empty())
        put(field::buckets, value.buckets.size());
    if (!value.differing.empty())
        put(field::differing, value.differing.size());
    if (value.counting != 0)
        put(field::counting, 2);
    if (value.padding != 0)
        put(field::padding, value.padding);
}

void put_body(octet_writer& out, field kind, announcement const& value)
{
    switch (kind) {
    case field::identity:
        out.put(value.who.id);
        out.put(value.who.incarnation);
        break;
    case field::attempt:
        out.put(value.attempt);
        break;
    case field::observer:
        break;
    case field::summary:
        out.put(value.summary->members);
        out.put(value.summary->hash[0]);
        out.put(value.summary->hash[1]);
        out.put(value.summary->health);
        break;
    case field::cookie:
        out.put(*value.cookie);
        break;
    case field::echo:
        out.put(*value.echo);
        break;
    case field::part:
        out.put(value.part->index);
        out.put(static_cast<std::uint8_t>(value.part->last));
        break;
    case field::record:
        out.put(value.record->bytes);
        break;
    case field::subjects:
        out.put(value.subjects.bytes());
        break;
    case field::members:
        out.put(value.members.bytes());
        break;
    case field::ended:
        out.put(value.ended.bytes());
        break;
    case field::buckets:
        out.put(value.buckets);
        break;
    case field::differing:
        out.put(value.differing);
        break;
    case field::counting:
        out.put(value.counting);
        break;
    default:
        out.put_zeros(value.padding);
        break;
    }
}

void put_header(octet_writer& out, announcement const& value, group_key const& key)
{
    out.put(magic);
    out.put(version);
    out.put(static_cast<std::uint8_t>(value.type));
    out.put(std::uint32_t{0}); // key id: not sealed
    out.put(key.tag());
    out.put(std::as_bytes(std::span(value.who.life.bytes)));
    out.put(value.counter);
}

} // namespace

std::size_t encoded_size(announcement const& value) noexcept
{
    std::size_t size = header_size + digest_size;
    each_field(value, [&](field, std::size_t body) { size += field_header + body; });
    return size;
}

result<std::vector<std::byte>> encode(announcement const& value, group_key const& key)
{
    auto const size = encoded_size(value);
    if (size > max_datagram)
        return error::data_too_large;
    std::vector<std::byte> datagram;
    datagram.reserve(size);
    octet_writer out(datagram);
    put_header(out, value, key);
    each_field(value, [&](field kind, std::size_t body) {
        put_field_header(out, kind, body);
        put_body(out, kind, value);
    });
    auto const digest = key.digest(datagram);
    out.put(digest);
    return datagram;
}

result<announcement> decode(std::span<std::byte const> datagram, group_key const& key) noexcept
{
    announcement value;
    octet_reader header(datagram);
    if (auto const ec = read_header(header, value, key))
        return ec;
    if (datagram.size() > max_datagram)
        return error::malformed;
    auto const signed_part = datagram.first(datagram.size() - digest_size);
    if (!std::ranges::equal(key.digest(signed_part), datagram.last(digest_size)))
        return error::corrupted;
    if (!is_known(value.type))
        return error::unsupported_version;
    octet_reader fields(signed_part.subspan(header_size));
    if (auto const ec = read_fields(fields, value))
        return ec;
    return value;
}

} // namespace rollcast::announce
