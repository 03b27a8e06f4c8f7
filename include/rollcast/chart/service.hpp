// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/export.hpp>
#include <rollcast/net/port.hpp>

#include <boost/describe/class.hpp>

#include <string>
#include <string_view>

namespace rollcast {

/// A port that an instance serves on, by a name that the others see: `{"http", 8042}`. It says
/// nothing of the protocol: whether TCP or UDP is spoken there is for the application to know.
struct service {
    /// 1 to 16 bytes of UTF-8 without blanks and control characters; see `is_port_name`.
    std::string name{};
    net::port_type port = 0; ///< 1 to 65535; several names may have one port.

    friend bool operator==(service const&, service const&) = default;
};
BOOST_DESCRIBE_STRUCT(service, (), (name, port))

/// Whether a service port may be called so: 1 to 16 bytes of UTF-8 without blanks, control
/// characters and invisible ones, since names are printed, typed as `http=8042` and compared by
/// people. docs/protocol.md lists the characters.
ROLLCAST_EXPORT bool is_port_name(std::string_view text) noexcept;

} // namespace rollcast
