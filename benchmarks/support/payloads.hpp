// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "support/sender.hpp"
#include "support/tally.hpp"

#include <boost/asio/buffer.hpp>

#include <cstddef>
#include <span>
#include <vector>

namespace rollcast::bench {

/// The payloads of a batch: the datagrams of one run, over and over again, as many bare messages
/// refer to one run.
class payloads {
public:
    /// @param distance  From one payload to the next; their size where they follow each other.
    payloads(std::size_t size, std::size_t distance, std::size_t runs)
        : bytes_(run_length(size) * distance, data_mark)
    {
        for (std::size_t run = 0; run < runs; ++run)
            for (std::size_t i = 0; i < run_length(size); ++i)
                all_.emplace_back(bytes_.data() + i * distance, size);
    }

    std::span<boost::asio::const_buffer const> all() const noexcept { return all_; }

private:
    std::vector<std::byte> bytes_;
    std::vector<boost::asio::const_buffer> all_;
};

} // namespace rollcast::bench
