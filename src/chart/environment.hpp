// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "carrier/carrier.hpp"
#include "protocol/clock.hpp"

#include <rollcast/chart/chart_config.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

namespace rollcast {

/// All that a chart has of the world: how its datagrams travel, the time and chance. This host, or
/// what a test makes up.
///
/// Threads: any, at the same time.
class chart_environment {
public:
    /// Rings once at the time that was set last. Belongs to the executor it was made for, and rings
    /// there.
    class alarm {
    public:
        virtual ~alarm() = default;
        virtual void set(detail::time_point when, std::function<void()> ring) = 0;
        virtual void cancel() = 0;
    };

    virtual ~chart_environment() = default;

    /// For one life of a chart. The executor runs one handler at a time.
    virtual std::shared_ptr<detail::carrier> make_carrier(asio::any_io_executor executor,
                                                          chart_config const& config) = 0;
    virtual std::unique_ptr<alarm> make_alarm(asio::any_io_executor executor) = 0;

    /// A time that never goes back, and stands still while the machine sleeps.
    virtual detail::time_point now() const = 0;
    /// How long the machine has slept in all.
    virtual detail::duration time_asleep() const = 0;
    virtual std::chrono::milliseconds since_1970() const = 0;

    /// Uniform over all 64 bits, and nobody can guess it.
    virtual std::uint64_t random_number() = 0;
};

} // namespace rollcast
