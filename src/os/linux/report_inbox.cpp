// SPDX-License-Identifier: BSL-1.0
#include "os/report_inbox.hpp"

#include "os/linux/interface_reports.hpp"
#include "os/linux/report_hub.hpp"

#include <boost/asio/execution_context.hpp>
#include <boost/asio/query.hpp>

#include <map>
#include <mutex>

#include <sys/stat.h>

namespace rollcast::os {
namespace {

/// Tells the network namespaces of threads apart; 0 where the system does not.
ino_t network_of_thread() noexcept
{
    struct stat found{};
    return ::stat("/proc/thread-self/ns/net", &found) == 0 ? found.st_ino : 0;
}

/// The hubs of an execution context, by their network namespaces. In an unnamed namespace, or what
/// Asio makes of the class would be among the symbols of the library.
class report_hubs final : public asio::execution_context::service {
public:
    using key_type = report_hubs;
    static inline asio::execution_context::id id;

    explicit report_hubs(asio::execution_context& owner) : asio::execution_context::service(owner)
    {
    }

    result<std::shared_ptr<report_hub>> here()
    {
        std::lock_guard const lock(mutex_);
        auto& known = known_[network_of_thread()];
        if (auto there = known.lock())
            return there;
        auto reports = open_reports();
        if (!reports)
            return reports.error();
        auto fresh = std::make_shared<report_hub>(std::move(*reports));
        known = fresh;
        return fresh;
    }

private:
    void shutdown() override
    {
        for (auto const& each : known_)
            if (auto const there = each.second.lock())
                there->shut_down();
    }

    std::mutex mutex_;
    std::map<ino_t, std::weak_ptr<report_hub>> known_;
};

} // namespace

report_inbox::report_inbox() noexcept = default;
report_inbox::report_inbox(report_inbox&&) noexcept = default;

report_inbox& report_inbox::operator=(report_inbox&& other) noexcept
{
    if (this != &other) {
        report_inbox const ended(std::move(*this));
        hub_ = std::move(other.hub_);
        entry_ = std::move(other.entry_);
    }
    return *this;
}

report_inbox::~report_inbox()
{
    if (entry_)
        hub_->remove(entry_);
}

result<report_inbox> report_inbox::open(asio::any_io_executor const& executor, report_topics topics,
                                        std::function<void()> wake, interval reminder)
{
    auto& context = asio::query(executor, asio::execution::context);
    auto found = asio::use_service<report_hubs>(context).here();
    if (!found)
        return found.error();
    report_inbox fresh;
    if (!(*found)->is_open())
        return fresh;
    fresh.hub_ = std::move(*found);
    fresh.entry_ = fresh.hub_->add(executor, topics, std::move(wake), reminder);
    return fresh;
}

report_inbox report_inbox::for_all(asio::any_io_executor const& executor,
                                   std::function<void()> wake) const
{
    report_inbox fresh;
    if (is_open()) {
        fresh.hub_ = hub_;
        fresh.entry_ = hub_->add_for_all(executor, std::move(wake));
    }
    return fresh;
}

bool report_inbox::shares_socket_with(report_inbox const& other) const noexcept
{
    return hub_ == other.hub_;
}

report_summary report_inbox::take()
{
    return is_open() ? hub_->take(*entry_) : report_summary();
}

awaiting_reports::awaiting_reports(report_inbox const& inbox) : hub_(inbox.hub_), by_(inbox.entry_)
{
    if (hub_)
        hub_->await(by_);
}

awaiting_reports::~awaiting_reports()
{
    if (hub_)
        hub_->stop_awaiting(*by_);
}

} // namespace rollcast::os
