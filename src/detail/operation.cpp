// SPDX-License-Identifier: BSL-1.0
#include "detail/operation.hpp"

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/cancellation_type.hpp>

#include <atomic>
#include <memory>
#include <utility>

namespace rollcast::detail {
namespace {

class mark;

/// The mark that was left last by this thread of the system: to know one is enough, because a
/// coroutine that takes again without waiting has been the last one to leave a mark.
struct last_mark {
    std::atomic<mark const*> alive = nullptr; ///< A slot may be cleared by any thread.
    asio::cancellation_slot where{};
};

/// A cancellation handler that does nothing, but tells when it is removed from its slot.
class mark {
public:
    explicit mark(std::shared_ptr<last_mark> record) noexcept : record_(std::move(record))
    {
        record_->alive = this;
    }
    ~mark()
    {
        // Another mark may have taken the place in the record.
        mark const* self = this;
        record_->alive.compare_exchange_strong(self, nullptr);
    }
    mark(mark const&) = delete;
    mark& operator=(mark const&) = delete;

    void operator()(asio::cancellation_type) const noexcept {}

private:
    std::shared_ptr<last_mark> record_; ///< Outlives the thread of the system.
};

thread_local std::shared_ptr<last_mark> const record = std::make_shared<last_mark>();

} // namespace

// Never in line: a coroutine may go on in another thread, for which the compiler does not look at
// `record` again.

[[gnu::noinline]] bool may_take_at_once(asio::cancellation_state const& thread)
{
    auto const slot = thread.slot();
    return !slot.is_connected() || (record->alive && record->where == slot);
}

[[gnu::noinline]] void mark_resumed(asio::cancellation_state const& thread)
{
    auto slot = thread.slot();
    if (!slot.is_connected())
        return;
    record->alive = nullptr; // also where `emplace` fails
    record->where = slot;
    slot.emplace<mark>(record);
}

} // namespace rollcast::detail
