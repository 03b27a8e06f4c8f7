// SPDX-License-Identifier: BSL-1.0
#include "announce/group_key.hpp"

#include <sodium.h>

#include <algorithm>
#include <string>

namespace rollcast {
namespace {

// Keeps the derived key apart from any other use of BLAKE2b over the same name.
constexpr std::string_view context = "rollcast group 1:";

unsigned char const* octets(std::byte const* bytes) noexcept
{
    return reinterpret_cast<unsigned char const*>(bytes);
}

} // namespace

group_key::group_key(std::string_view name, std::optional<std::uint64_t> header)
{
    static int const ready = sodium_init();
    (void)ready;
    auto input = std::string(context).append(name);
    if (header) {
        input.push_back('\0');
        for (int shift = 56; shift >= 0; shift -= 8)
            input.push_back(static_cast<char>(*header >> shift & 0xff));
    }
    std::array<std::byte, 24> derived;
    crypto_generichash(reinterpret_cast<unsigned char*>(derived.data()), derived.size(),
                       reinterpret_cast<unsigned char const*>(input.data()), input.size(), nullptr,
                       0);
    std::copy_n(derived.begin(), tag_.size(), tag_.begin());
    std::copy_n(derived.begin() + tag_.size(), key_.size(), key_.begin());
}

group_key::digest_type group_key::digest(std::span<std::byte const> bytes) const noexcept
{
    digest_type result;
    static_assert(sizeof result == crypto_shorthash_siphashx24_BYTES);
    crypto_shorthash_siphashx24(reinterpret_cast<unsigned char*>(result.data()),
                                octets(bytes.data()), bytes.size(), octets(key_.data()));
    return result;
}

} // namespace rollcast
