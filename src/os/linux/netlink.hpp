// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "os/linux/last_error.hpp"

#include <rollcast/error.hpp>

#include <cstddef>
#include <cstring>
#include <functional>
#include <span>
#include <vector>

#include <linux/netlink.h>
#include <linux/rtnetlink.h>

namespace rollcast::os {

/// A question to the kernel's routing socket: a request header, its body, then attributes.
class netlink_request {
public:
    template <class Body>
    netlink_request(std::uint16_t type, std::uint16_t flags, Body const& body)
    {
        nlmsghdr header{};
        header.nlmsg_type = type;
        header.nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | flags);
        append(&header, sizeof header);
        append(&body, sizeof body);
    }

    void attribute(std::uint16_t type, void const* data, std::size_t size);

    std::span<std::byte const> finish();

private:
    void append(void const* data, std::size_t size);

    std::vector<std::byte> bytes_;
};

/// Sends the request and hands every message of the answer to `each`.
error_code netlink_ask(netlink_request& request, std::function<void(nlmsghdr const&)> const& each);

/// Attributes that lie in one another.
void nested_attributes(std::span<std::byte const> bytes, auto&& each)
{
    auto left = static_cast<int>(bytes.size());
    auto* attribute = reinterpret_cast<rtattr*>(const_cast<std::byte*>(bytes.data()));
    for (; RTA_OK(attribute, left); attribute = RTA_NEXT(attribute, left))
        each(attribute->rta_type, std::span(static_cast<std::byte const*>(RTA_DATA(attribute)),
                                            static_cast<std::size_t>(RTA_PAYLOAD(attribute))));
}

/// The body of a message, and its attributes.
template <class Body>
Body const& netlink_body(nlmsghdr const& message) noexcept
{
    return *static_cast<Body const*>(NLMSG_DATA(const_cast<nlmsghdr*>(&message)));
}

template <class Body>
void netlink_attributes(nlmsghdr const& message, auto&& each)
{
    auto const* start = reinterpret_cast<std::byte const*>(&netlink_body<Body>(message));
    auto left = static_cast<int>(message.nlmsg_len) - static_cast<int>(NLMSG_LENGTH(sizeof(Body)));
    auto* attribute =
        reinterpret_cast<rtattr*>(const_cast<std::byte*>(start + NLMSG_ALIGN(sizeof(Body))));
    for (; RTA_OK(attribute, left); attribute = RTA_NEXT(attribute, left))
        each(attribute->rta_type, std::span(static_cast<std::byte const*>(RTA_DATA(attribute)),
                                            static_cast<std::size_t>(RTA_PAYLOAD(attribute))));
}

} // namespace rollcast::os
