// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <cstdio>
#include <optional>

namespace rollcast::os {

namespace asio = boost::asio;

bool is_terminal(std::FILE* stream) noexcept;

/// Whether a write would not have to wait. A terminal that the user has paused, or whose
/// connection hangs, takes nothing for a while.
bool takes_output(std::FILE* stream) noexcept;

struct terminal_size {
    int rows = 0;
    int columns = 0;
};

std::optional<terminal_size> size_of(std::FILE* terminal) noexcept;

/// A descriptor that is readable while the stream is. Waiting for it does not make the stream
/// itself non-blocking, which would be felt by every process on the same terminal. Not open where
/// the stream cannot be waited for.
asio::posix::stream_descriptor watch_input(asio::any_io_executor executor, std::FILE* stream);

} // namespace rollcast::os
