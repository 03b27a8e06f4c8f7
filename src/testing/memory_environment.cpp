// SPDX-License-Identifier: BSL-1.0
#include "testing/memory_environment.hpp"

#include "testing/memory_carrier.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace rollcast::testing::detail {
namespace {

/// Rings by the agenda of a network.
class memory_alarm final : public chart_environment::alarm {
public:
    memory_alarm(asio::any_io_executor executor, std::shared_ptr<switchboard> board)
        : executor_(std::move(executor)), board_(std::move(board))
    {
    }

    void set(time_point when, std::function<void()> ring) override
    {
        // The plan may outlive the chart and its context, so it owns nothing of them.
        set_ = std::make_shared<setting const>(setting{executor_, std::move(ring)});
        board_->plans().add(when, [weak = std::weak_ptr(set_)] {
            auto const due = weak.lock();
            if (!due)
                return;
            // Until the handler runs, the alarm may be cancelled or set anew.
            asio::post(due->executor, [weak] {
                if (auto const set = weak.lock())
                    set->ring();
            });
        });
    }

    void cancel() override { set_.reset(); }

private:
    struct setting {
        asio::any_io_executor executor;
        std::function<void()> ring;
    };

    asio::any_io_executor executor_;
    std::shared_ptr<switchboard> board_;
    std::shared_ptr<setting const> set_;
};

class memory_environment final : public chart_environment {
public:
    explicit memory_environment(std::shared_ptr<machine> where) : where_(std::move(where)) {}

    std::shared_ptr<rollcast::detail::carrier> make_carrier(asio::any_io_executor executor,
                                                            chart_config const& config) override
    {
        return std::make_shared<memory_carrier>(std::move(executor), where_, config);
    }

    std::unique_ptr<alarm> make_alarm(asio::any_io_executor executor) override
    {
        return std::make_unique<memory_alarm>(std::move(executor), where_->board);
    }

    time_point now() const override { return where_->board->plans().now(); }
    duration time_asleep() const override { return {}; }

    std::chrono::milliseconds since_1970() const override
    {
        constexpr std::chrono::sys_days begin(std::chrono::year(2026) / 1 / 1);
        auto const passed = now().time_since_epoch();
        return std::chrono::duration_cast<std::chrono::milliseconds>(begin.time_since_epoch() +
                                                                     passed);
    }

    std::uint64_t random_number() override { return where_->board->random_number(); }

private:
    std::shared_ptr<machine> where_;
};

} // namespace

std::shared_ptr<chart_environment> environment_of(std::shared_ptr<machine> const& which)
{
    return std::make_shared<memory_environment>(which);
}

} // namespace rollcast::testing::detail
