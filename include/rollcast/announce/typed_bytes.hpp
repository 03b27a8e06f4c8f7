// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/export.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace rollcast::announce {

/// Reads back what `byte_writer` wrote, from bytes that outlive the reader and may be hostile.
///
/// Each `get_` says whether the bytes hold a well-formed primitive; if not, nothing is consumed
/// and `into` stays as it was. Nothing allocates, nothing throws.
///
///     byte_reader reader(bytes);
///     std::uint64_t value = 0;
///     bool const ok = reader.get_varint(value) && reader.rest().empty();
class ROLLCAST_EXPORT byte_reader {
public:
    explicit byte_reader(std::span<std::byte const> bytes) noexcept : rest_(bytes) {}

    /// The bytes not yet consumed.
    std::span<std::byte const> rest() const noexcept { return rest_; }

    [[nodiscard]] bool get_byte(std::byte& into) noexcept;

    /// A view of the next `count` bytes, valid as long as the bytes.
    [[nodiscard]] bool get_bytes(std::size_t count, std::span<std::byte const>& into) noexcept;

    /// A varint in its shortest form; a longer one, or one above 2^64 - 1, is malformed.
    [[nodiscard]] bool get_varint(std::uint64_t& into) noexcept;

    /// A varint in zigzag form, as `byte_writer::put_signed` wrote it.
    [[nodiscard]] bool get_signed(std::int64_t& into) noexcept;

    /// `width` bytes, at most 8, lowest first.
    [[nodiscard]] bool get_fixed(std::uint64_t& into, std::size_t width) noexcept;

    /// A varint that counts elements of at least `element_size` bytes each, and more than 0. A
    /// count that the rest cannot hold is malformed, so that it is safe to reserve room for it.
    [[nodiscard]] bool get_count(std::size_t& into, std::size_t element_size) noexcept;

    /// How deep values may lie in one another: a bound for types that contain themselves.
    static constexpr unsigned max_nesting = 32;

    /// A length and so many bytes, one level down; refused like `enter`.
    [[nodiscard]] bool get_part(byte_reader& into) noexcept;

    /// Goes one level down; refused when `max_nesting` levels are open.
    [[nodiscard]] bool enter() noexcept;

    /// Ends the level that the last successful `enter` began.
    void leave() noexcept { --nesting_; }

private:
    std::span<std::byte const> rest_;
    unsigned nesting_ = 0;
};

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
