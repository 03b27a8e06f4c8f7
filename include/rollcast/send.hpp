// SPDX-License-Identifier: BSL-1.0
#pragma once

/// Datagrams to socket: multicast send, IPv4 and IPv6.
///
/// What comes in: a group, as whom and by which interface to send, and buffers. What goes out:
/// datagrams, and a report for each. The publication owns the socket; buffers stay the caller's.
/// Threads: call from the object's executor; give it a strand if several threads run it.
///
///     rollcast::publication pub(context, config);
///     co_await pub.send(asio::buffer(text));

#include <rollcast/metrics/delta.hpp>
#include <rollcast/net/time.hpp>
#include <rollcast/rethrow.hpp>
#include <rollcast/send/pacer.hpp>
#include <rollcast/send/publication.hpp>
#include <rollcast/send/publication_config.hpp>
#include <rollcast/send/send_report.hpp>
#include <rollcast/send/sender.hpp>
