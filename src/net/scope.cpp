// SPDX-License-Identifier: BSL-1.0
#include <rollcast/net/group.hpp>

namespace rollcast::net {
namespace {

bool within(std::uint32_t address, std::uint32_t network, unsigned prefix_length) noexcept
{
    return (address ^ network) >> (32 - prefix_length) == 0;
}

scope scope_of_v4(std::uint32_t group) noexcept
{
    if (within(group, 0xe0000000, 24))
        return scope::link_local;
    if (within(group, 0xefff0000, 16))
        return scope::realm_local;
    if (within(group, 0xefc00000, 14))
        return scope::organization_local;
    return scope::global;
}

} // namespace

scope scope_of(asio::ip::address const& group) noexcept
{
    if (group.is_v4())
        return scope_of_v4(group.to_v4().to_uint());
    return static_cast<scope>(group.to_v6().to_bytes()[1] & 0x0f);
}

bool needs_interface(asio::ip::address const& group) noexcept
{
    if (!group.is_v6() || !group.is_multicast())
        return false;
    auto const reach = scope_of(group);
    return reach == scope::interface_local || reach == scope::link_local;
}

} // namespace rollcast::net
