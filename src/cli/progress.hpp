// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "cli/options.hpp"
#include "cli/ticker.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace rollcast::cli {

/// How far a long send has come: a line that changes, for people who would see nothing else.
class progress {
public:
    progress(asio::any_io_executor const& executor, send_options const& options);
    ~progress();
    progress(progress const&) = delete;
    progress& operator=(progress const&) = delete;

    void advance() noexcept { ++done_; }

    /// Says a line on standard error, where the progress may stand.
    void complain(std::string const& line);

private:
    void show();
    void erase();

    std::optional<std::uint64_t> whole_;
    std::uint64_t done_ = 0;
    std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
    std::size_t shown_ = 0; ///< Characters that stand there now.
    ticker ticker_;
};

} // namespace rollcast::cli
