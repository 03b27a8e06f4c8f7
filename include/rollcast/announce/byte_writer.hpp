// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/export.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace rollcast::announce {

/// Appends the primitives of the wire to a growing string of bytes. Throws std::bad_alloc only.
///
///     byte_writer writer;
///     writer.put_varint(300); // ac 02
///     auto const bytes = std::move(writer).take();
class ROLLCAST_EXPORT byte_writer {
public:
    void put_byte(std::byte value) { bytes_.push_back(value); }

    /// The bytes alone: a length before them is the caller's business.
    void put_bytes(std::span<std::byte const> bytes);

    /// Unsigned LEB128: seven bits a byte, lowest first, the high bit set on all but the last.
    void put_varint(std::uint64_t value);

    /// A varint of the zigzag form: 0, -1, 1, -2 ... become 0, 1, 2, 3 ...
    void put_signed(std::int64_t value);

    /// The lowest `width` bytes of the value, lowest first; `width` is at most 8.
    void put_fixed(std::uint64_t value, std::size_t width);

    /// A view of what was written so far, valid until more is.
    std::span<std::byte const> bytes() const noexcept { return bytes_; }

    /// Hands over what was written, without a copy.
    std::vector<std::byte> take() && noexcept { return std::move(bytes_); }

private:
    std::vector<std::byte> bytes_;
};

} // namespace rollcast::announce
