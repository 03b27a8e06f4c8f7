// SPDX-License-Identifier: BSL-1.0
#pragma once

/// Typed data, as instances tell it of themselves, to bytes and back.
///
/// What comes in: a value of a described type, or bytes from anywhere. What goes out: bytes, or a
/// value, or an error; nothing here throws because of its input, does I/O or knows a clock. All
/// functions may be called from any thread.
///
///     auto const bytes = rollcast::announce::encode(my_struct);
///     auto const value = rollcast::announce::decode<my_type>(bytes); // a value or an error

#include <rollcast/announce/life_id.hpp>
#include <rollcast/announce/typed.hpp>
