// SPDX-License-Identifier: BSL-1.0
#pragma once

/// What datagrams mean: announcements and typed data to bytes and back.
///
/// What comes in: a value, or bytes from anywhere. What goes out: a datagram of at most 1200
/// bytes, or a value, or an error; nothing here throws because of its input, does I/O or knows a
/// clock. All functions may be called from any thread.
///
///     auto const bytes = rollcast::announce::encode(my_struct);
///     auto const value = rollcast::announce::decode<my_type>(bytes); // a value or an error
///
/// A program that runs a chart needs only the typed data of it: the chart does the rest.

#include <rollcast/announce/announcement.hpp>
#include <rollcast/announce/codec.hpp>
#include <rollcast/announce/group_key.hpp>
#include <rollcast/announce/printing.hpp>
#include <rollcast/announce/typed.hpp>
