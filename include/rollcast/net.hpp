// SPDX-License-Identifier: BSL-1.0
#pragma once

/// The words that all rooms share: groups, scopes, interfaces, flows. Values only, no sockets.
///
/// What comes in: what a user writes ("239.1.1.1:5000", "eth0"). What goes out: checked values.
/// Everything here may be used from any thread; only `list_interfaces`, the one-argument
/// `resolve` and host_settings.hpp ask the system.
///
///     auto const group = rollcast::net::group::parse("239.1.1.1:5000").value(); // throws
///     auto const all = rollcast::net::list_interfaces().value();

#include <rollcast/net/endpoint.hpp>
#include <rollcast/net/group.hpp>
#include <rollcast/net/host_settings.hpp>
#include <rollcast/net/interface_watcher.hpp>
#include <rollcast/net/network_interface.hpp>
#include <rollcast/net/packet.hpp>
#include <rollcast/net/port.hpp>
#include <rollcast/net/time.hpp>
