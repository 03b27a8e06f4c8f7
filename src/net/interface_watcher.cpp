// SPDX-License-Identifier: BSL-1.0
#include <rollcast/net/interface_watcher.hpp>

#include "os/interfaces.hpp"

namespace rollcast::net {

struct ROLLCAST_HIDDEN interface_watcher::state {
    explicit state(asio::any_io_executor executor) : reports(std::move(executor)) {}

    // The coroutine owns the state, so that the watcher may be destroyed while it waits.
    static asio::awaitable<void> changed(std::shared_ptr<state> self)
    {
        co_await self->reports.wait();
    }

    os::interface_reports reports;
};

interface_watcher::interface_watcher(executor_type executor)
    : state_(std::make_shared<state>(std::move(executor)))
{
}

interface_watcher::interface_watcher(interface_watcher&&) noexcept = default;

interface_watcher& interface_watcher::operator=(interface_watcher&& other) noexcept
{
    if (this != &other) {
        interface_watcher const ended(std::move(*this));
        state_ = std::move(other.state_);
    }
    return *this;
}

interface_watcher::~interface_watcher()
{
    close();
}

interface_watcher::executor_type interface_watcher::get_executor() const
{
    return state_->reports.get_executor();
}

void interface_watcher::close()
{
    if (state_)
        state_->reports.close();
}

asio::awaitable<void> interface_watcher::changed()
{
    return state::changed(state_.shared());
}

} // namespace rollcast::net
