// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/error.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>
#include <utility>

namespace rollcast::os {

/// A file that grows at its end, and that one writer at a time may have open.
class locked_file {
public:
    /// Makes the file if there is none. The lock is advisory and ends with the object or the
    /// process. Errors: `metrics_file_in_use`, `invalid_argument` for what is no regular file, or
    /// the system's.
    static result<locked_file> open(std::filesystem::path const& path);

    locked_file(locked_file&& other) noexcept;
    locked_file& operator=(locked_file&& other) noexcept;
    ~locked_file();

    /// Bytes from the offset on; 0 at the end of the file.
    result<std::size_t> read_at(std::uint64_t offset, std::span<char> into) const;

    /// Removes the file again if `open` has made it and the name still leads to that file.
    void remove_if_made() noexcept;

    /// Writes the text at the end. Where the system takes only a part, that part is taken back.
    error_code append(std::string_view text);

private:
    locked_file(std::filesystem::path path, int descriptor, bool made) noexcept
        : path_(std::move(path)), descriptor_(descriptor), made_(made)
    {
    }

    std::filesystem::path path_;
    int descriptor_;
    bool made_;
};

} // namespace rollcast::os
