// SPDX-License-Identifier: BSL-1.0
#include <rollcast/announce/typed_bytes.hpp>

namespace rollcast::announce {

bool byte_reader::get_byte(std::byte& into) noexcept
{
    if (rest_.empty()) {
        return false;
    }
    into = rest_.front();
    rest_ = rest_.subspan(1);
    return true;
}

bool byte_reader::get_bytes(std::size_t count, std::span<std::byte const>& into) noexcept
{
    if (count > rest_.size()) {
        return false;
    }
    into = rest_.first(count);
    rest_ = rest_.subspan(count);
    return true;
}

bool byte_reader::get_varint(std::uint64_t& into) noexcept
{
    std::uint64_t value = 0;
    unsigned shift = 0;
    for (std::size_t i = 0; i < rest_.size() && shift < 64; ++i, shift += 7) {
        auto const byte = std::to_integer<std::uint64_t>(rest_[i]);
        auto const digit = byte & 0x7f;
        if (shift == 63 && digit > 1) {
            return false;
        }
        value |= digit << shift;
        if (byte == digit) {
            bool const shortest = digit != 0 || i == 0;
            if (shortest) {
                into = value;
                rest_ = rest_.subspan(i + 1);
            }
            return shortest;
        }
    }
    return false;
}

bool byte_reader::get_signed(std::int64_t& into) noexcept
{
    std::uint64_t zigzag = 0;
    if (!get_varint(zigzag)) {
        return false;
    }
    auto const magnitude = zigzag >> 1;
    into = static_cast<std::int64_t>((zigzag & 1) != 0 ? ~magnitude : magnitude);
    return true;
}

bool byte_reader::get_fixed(std::uint64_t& into, std::size_t width) noexcept
{
    std::span<std::byte const> bytes;
    if (!get_bytes(width, bytes)) {
        return false;
    }
    std::uint64_t value = 0;
    for (std::size_t i = width; i > 0; --i) {
        value = value << 8 | std::to_integer<std::uint64_t>(bytes[i - 1]);
    }
    into = value;
    return true;
}

bool byte_reader::get_count(std::size_t& into, std::size_t element_size) noexcept
{
    auto const before = rest_;
    std::uint64_t count = 0;
    if (!get_varint(count)) {
        return false;
    }
    if (count > rest_.size() / element_size) {
        rest_ = before;
        return false;
    }
    into = static_cast<std::size_t>(count);
    return true;
}

bool byte_reader::get_part(byte_reader& into) noexcept
{
    auto const before = rest_;
    std::size_t size = 0;
    std::span<std::byte const> bytes;
    if (nesting_ == max_nesting || !get_count(size, 1) || !get_bytes(size, bytes)) {
        rest_ = before;
        return false;
    }
    into = byte_reader(bytes);
    into.nesting_ = nesting_ + 1;
    return true;
}

bool byte_reader::enter() noexcept
{
    if (nesting_ == max_nesting) {
        return false;
    }
    ++nesting_;
    return true;
}

} // namespace rollcast::announce
