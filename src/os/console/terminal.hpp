// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <cstdio>
#include <optional>

namespace rollcast::os {

namespace asio = boost::asio;

bool is_terminal(std::FILE* stream) noexcept;

/// Whether this process may use the terminal now, and is not one that a shell runs in the
/// background.
bool is_in_foreground(std::FILE* terminal) noexcept;

/// Whether the other end of the stream is closed: the terminal is gone, or a pipe has no reader.
bool has_hung_up(std::FILE* stream) noexcept;

struct terminal_size {
    int rows = 0;
    int columns = 0;
};

std::optional<terminal_size> size_of(std::FILE* terminal) noexcept;

/// A descriptor that is readable while the stream is. Waiting for it does not make the stream
/// itself non-blocking, which would be felt by every process on the same terminal. Not open where
/// the stream cannot be waited for.
asio::posix::stream_descriptor watch_input(asio::any_io_executor executor, std::FILE* stream);

/// The same for output: readable once no process reads what is written to the stream any more.
asio::posix::stream_descriptor watch_reader(asio::any_io_executor executor, std::FILE* stream);

} // namespace rollcast::os
