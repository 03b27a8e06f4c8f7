// SPDX-License-Identifier: BSL-1.0
#include "protocol/subnets.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>

namespace rollcast::detail {
namespace {

template <class Bytes>
unsigned equal_bits(Bytes const& a, Bytes const& b) noexcept
{
    unsigned equal = 0;
    for (std::size_t i = 0; i < a.size(); ++i, equal += 8)
        if (auto const differs = static_cast<unsigned char>(a[i] ^ b[i]); differs != 0)
            return equal + static_cast<unsigned>(std::countl_zero(differs));
    return equal;
}

unsigned equal_bits(asio::ip::address const& a, asio::ip::address const& b) noexcept
{
    if (a.is_v4() != b.is_v4())
        return 0;
    return a.is_v4() ? equal_bits(a.to_v4().to_bytes(), b.to_v4().to_bytes())
                     : equal_bits(a.to_v6().to_bytes(), b.to_v6().to_bytes());
}

} // namespace

bool is_link_local(asio::ip::address const& address) noexcept
{
    return address.is_v6() && address.to_v6().is_link_local();
}

bool is_in_subnet(asio::ip::address const& address, own_addresses ours) noexcept
{
    return std::ranges::any_of(ours, [&](net::interface_address const& own) {
        return own.address.is_v4() == address.is_v4() &&
               equal_bits(own.address, address) >= own.prefix_length;
    });
}

unsigned common_prefix(asio::ip::address const& address, own_addresses ours) noexcept
{
    unsigned longest = 0;
    for (auto const& own : ours)
        longest = std::max(longest, equal_bits(own.address, address));
    return longest;
}

} // namespace rollcast::detail
