// SPDX-License-Identifier: BSL-1.0
#include <rollcast/announce/typed_bytes.hpp>

namespace rollcast::announce {

void byte_writer::put_bytes(std::span<std::byte const> bytes)
{
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
}

void byte_writer::put_varint(std::uint64_t value)
{
    while (value >= 0x80) {
        put_byte(static_cast<std::byte>(value & 0x7f) | std::byte{0x80});
        value >>= 7;
    }
    put_byte(static_cast<std::byte>(value));
}

void byte_writer::put_signed(std::int64_t value)
{
    auto const bits = static_cast<std::uint64_t>(value);
    put_varint(value < 0 ? ~(bits << 1) : bits << 1);
}

void byte_writer::put_fixed(std::uint64_t value, std::size_t width)
{
    for (; width > 0; --width) {
        put_byte(static_cast<std::byte>(value & 0xff));
        value >>= 8;
    }
}

} // namespace rollcast::announce
