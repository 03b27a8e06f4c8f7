// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "metrics/reader_source.hpp"
#include "metrics/record.hpp"
#include "metrics/shared_counters.hpp"

#include <memory>
#include <utility>

namespace rollcast::metrics {

/// The counters that a recorder shares with its readers.
template <class Record>
class shared_record final : public reader<snapshot_of<Record>>::source {
public:
    explicit shared_record(Record const& so_far) : counters(so_far) {}

    snapshot_of<Record> take() const override { return take_snapshot(counters.load()); }

    shared_counters<Record> counters;
};

/// What an object holds that has metrics: nothing, until they are switched on.
///
/// Off, which it is at first, an operation costs the test of one pointer. On, it costs the change
/// and a copy of the record, which is of 128 bytes at most. Metrics that are on cannot be
/// switched off. Threads: any, one call at a time.
template <class Record>
class recorder {
public:
    /// Allocates what is shared, the first time; every reader returned sees the same.
    /// @param so_far  What has been counted already; without effect if the metrics are on.
    reader<snapshot_of<Record>> switch_on(Record const& so_far = {})
    {
        if (!shared_)
            shared_ = std::make_shared<shared_record<Record>>(so_far);
        return reader<snapshot_of<Record>>(shared_);
    }

    bool is_on() const noexcept { return shared_ != nullptr; }

    /// One operation, as a function that changes the record; not called while metrics are off.
    template <class Change>
    void record(Change&& change)
    {
        if (shared_)
            shared_->counters.record(std::forward<Change>(change));
    }

private:
    std::shared_ptr<shared_record<Record>> shared_;
};

} // namespace rollcast::metrics
