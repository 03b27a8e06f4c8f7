// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/error.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>

namespace rollcast::os {

/// A file that grows at its end, by one writer of all that ask.
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

    /// In one write. Where the system takes only a part, that part is taken back.
    error_code append(std::string_view text);

private:
    explicit locked_file(int descriptor) noexcept : descriptor_(descriptor) {}

    int descriptor_;
};

} // namespace rollcast::os
