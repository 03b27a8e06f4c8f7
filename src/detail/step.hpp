// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "detail/operation.hpp"

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/post.hpp>

#include <memory>

namespace rollcast::detail {

/// The step of the executor in which an operation was resumed: a member `step` of objects whose
/// operations complete with what looks into their storage.
///
/// A loop in a thread without a cancellation slot goes on in that step, where its next operation
/// need not post. Outside of it an operation may have been launched; its completion would be
/// posted, and by then the storage could be gone or hold something else.
class step {
public:
    bool is_open() const noexcept { return open_; }

    /// The step stays open until the handlers that are ready now have run.
    template <class Owner>
    [[gnu::hot]] static void open(std::shared_ptr<Owner> const& owner)
    {
        if (owner->step.open_)
            return;
        asio::post(owner->get_executor(), [owner] {
            owner->step.open_ = false;
            if constexpr (requires { owner->step_ended(); })
                owner->step_ended();
        });
        owner->step.open_ = true;
    }

private:
    bool open_ = false;
};

/// As `may_take_at_once`, for a result that looks into the storage of its owner.
bool may_hand_out_at_once(auto const& owner, asio::cancellation_state const& thread)
{
    return thread.slot().is_connected() ? may_take_at_once(thread) : owner.step.is_open();
}

/// As `mark_resumed`, for a result that looks into the storage of its owner.
template <class Owner>
void note_resumption(std::shared_ptr<Owner> const& owner, asio::cancellation_state const& thread)
{
    if (thread.slot().is_connected())
        mark_resumed(thread);
    else
        step::open(owner);
}

} // namespace rollcast::detail
