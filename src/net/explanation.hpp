// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/net/network_interface.hpp>
#include <rollcast/net/port.hpp>

#include <span>
#include <string>

// What the system can add to an error: the interfaces there are, the owners of a port.

namespace rollcast::net {

std::string existing(std::span<interface_info const> all); ///< "there are: lo, eth0"
std::string existing();

/// Whether a name, an index or an address of an interface is wrong.
bool is_about_interface(error_code const& ec);

/// "port 5000 is held by python3, process 17"; empty where the system does not tell.
std::string owners(port_type port);

/// An error about one port as text, with the processes that have the port where it is taken.
std::string explain_port(std::string const& subject, port_type port, error_code const& ec);

} // namespace rollcast::net
