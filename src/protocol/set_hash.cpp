// SPDX-License-Identifier: BSL-1.0
#include "protocol/set_hash.hpp"

#include <array>
#include <cstring>

namespace rollcast::detail {
namespace {

// Keep the hashes of members and positions under one key apart from each other and from those of
// datagrams.
constexpr std::byte member_domain{'m'};
constexpr std::byte ring_domain{'r'};

template <class Integer>
std::byte* put(std::byte* out, Integer value) noexcept
{
    for (auto shift = 8 * sizeof value; shift != 0;)
        *out++ = static_cast<std::byte>(value >> (shift -= 8));
    return out;
}

std::uint64_t get(std::byte const* in) noexcept
{
    std::uint64_t value = 0;
    for (int i = 0; i < 8; ++i)
        value = value << 8 | std::to_integer<std::uint64_t>(in[i]);
    return value;
}

} // namespace

set_hash hash_of(identity const& who, std::uint32_t sequence, group_key const& key) noexcept
{
    std::array<std::byte, 1 + 8 + 16 + 8 + 4> bytes;
    auto* out = bytes.data();
    *out++ = member_domain;
    out = put(out, who.id);
    std::memcpy(out, who.life.bytes.data(), who.life.bytes.size());
    out = put(out + who.life.bytes.size(), who.incarnation);
    put(out, sequence);
    auto const digest = key.digest(bytes);
    return {get(digest.data()), get(digest.data() + 8)};
}

std::uint64_t ring_position(std::uint64_t id, group_key const& key) noexcept
{
    std::array<std::byte, 1 + 8> bytes;
    bytes[0] = ring_domain;
    put(bytes.data() + 1, id);
    return get(key.digest(bytes).data());
}

} // namespace rollcast::detail
