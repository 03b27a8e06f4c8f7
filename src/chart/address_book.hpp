// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/chart/chart.hpp>

#include <cstdint>
#include <memory>
#include <vector>

namespace rollcast::detail {

/// The answer to "how do I reach them all?", kept until the chart changes: programs ask far more
/// often than somebody comes or goes.
class address_book {
public:
    using page = std::shared_ptr<std::vector<best_address> const>;

    /// The page for this port as of this version of the chart; `write` is called where it is new.
    template <class Write>
    page look_up(std::size_t nth_port, std::uint64_t version, Write&& write)
    {
        if (page_ && version_ == version && nth_port_ == nth_port)
            return page_;
        page_ = std::make_shared<std::vector<best_address> const>(write());
        version_ = version;
        nth_port_ = nth_port;
        return page_;
    }

private:
    page page_;
    std::uint64_t version_ = 0;
    std::size_t nth_port_ = 0;
};

} // namespace rollcast::detail
