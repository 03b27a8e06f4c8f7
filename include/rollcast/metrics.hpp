// SPDX-License-Identifier: BSL-1.0
#pragma once

/// What was counted, and how fast it grows; a leaf that knows no other room.
///
/// There are two layers. Every object counts in plain integers of its own, always: `counters()`
/// returns them, in the object's executor. Once metrics are switched on, the object also shares a
/// copy of them after each operation, and any thread may take a snapshot, which never shows half an
/// operation. So there is one place where anything is counted; and off, as at first, metrics cost
/// the test of one pointer an operation.
///
///     counters -> reader -> snapshot -> delta -> rates
///                           (any thread)  `sampler` keeps the snapshot before
///
/// Fields are described (Boost.Describe), so a program can walk them.

#include <rollcast/metrics/counters.hpp>
#include <rollcast/metrics/delta.hpp>
#include <rollcast/metrics/snapshot.hpp>
