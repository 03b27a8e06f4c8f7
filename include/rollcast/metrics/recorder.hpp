// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/metrics/shared_counters.hpp>
#include <rollcast/metrics/snapshot.hpp>

#include <memory>
#include <utility>

namespace rollcast::metrics {

/// Takes snapshots of one object's metrics, in any thread, even after the object is gone; what it
/// shows then is the last state.
///
///     auto const reader = sub.enable_metrics(); // on the executor of the object
///     auto const now = reader.snapshot();       // in any thread, at any time
///
/// A reader is cheap to copy; all copies read the same counters. One must not be read from after
/// it was moved from.
template <class Record>
class reader {
public:
    explicit reader(std::shared_ptr<shared_counters<Record> const> from) : from_(std::move(from)) {}

    /// A copy of the counters as they were between two operations, and the time of the copy, which
    /// is not that of the last operation. Takes no lock and allocates no memory.
    auto snapshot() const { return take_snapshot(from_->load()); }

private:
    std::shared_ptr<shared_counters<Record> const> from_;
};

// What `enable_metrics` of each kind of object returns.
using subscription_reader = reader<subscription_record>;
using receiver_reader = reader<receiver_record>;
using publication_reader = reader<publication_record>;
using sender_reader = reader<sender_record>;

/// What an object holds that has metrics: nothing, until they are switched on.
///
/// Off, which it is at first, an operation costs the test of one pointer. On, it costs the change
/// and a copy of the record, which is of 128 bytes at most. Metrics that are on cannot be
/// switched off. Threads: call from the executor of the object that holds it.
template <class Record>
class recorder {
public:
    /// Allocates what is shared, the first time; every reader returned sees the same.
    /// @param so_far  What has been counted already; without effect if the metrics are on.
    reader<Record> switch_on(Record const& so_far = {})
    {
        if (!shared_)
            shared_ = std::make_shared<shared_counters<Record>>(so_far);
        return reader<Record>(shared_);
    }

    bool is_on() const noexcept { return shared_ != nullptr; }

    /// One operation, as a function that changes the record; not called while metrics are off.
    template <class Change>
    void record(Change&& change)
    {
        if (shared_)
            shared_->record(std::forward<Change>(change));
    }

private:
    std::shared_ptr<shared_counters<Record>> shared_;
};

} // namespace rollcast::metrics
