// SPDX-License-Identifier: BSL-1.0
#pragma once

/// Socket to datagrams: multicast receive, any-source and source-specific, IPv4 and IPv6.
///
/// What comes in: a group, where to listen and to which sources. What goes out: packets that were
/// really sent to that group, with what the kernel knows about them. The subscription owns socket
/// and storage; a packet's payload is a view into it, valid until the next receive.
/// Threads: call from the object's executor; give it a strand if several threads run it.
///
///     rollcast::subscription sub(context, rollcast::subscription_config::any_source(group));
///     sub.join();
///     auto const packet = co_await sub.recv();

#include <rollcast/metrics/delta.hpp>
#include <rollcast/net/packet.hpp>
#include <rollcast/receive/arbiter.hpp>
#include <rollcast/receive/batch.hpp>
#include <rollcast/receive/receiver.hpp>
#include <rollcast/receive/subscription.hpp>
#include <rollcast/receive/subscription_config.hpp>
#include <rollcast/rethrow.hpp>
