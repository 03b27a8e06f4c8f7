// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace rollcast::announce {

/// Appends integers in network byte order to bytes that the caller owns.
class octet_writer {
public:
    explicit octet_writer(std::vector<std::byte>& into) noexcept : bytes_(into) {}

    template <std::unsigned_integral T>
    void put(T value)
    {
        for (auto shift = 8 * sizeof(T); shift != 0;) {
            shift -= 8;
            bytes_.push_back(static_cast<std::byte>(value >> shift));
        }
    }

    void put(std::span<std::byte const> bytes)
    {
        bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    }

    void put_zeros(std::size_t count) { bytes_.resize(bytes_.size() + count); }

private:
    std::vector<std::byte>& bytes_;
};

/// Reads what octet_writer wrote. Reading past the end yields zeros and spoils the reader, so that
/// one look at `ok()` after several reads is enough.
class octet_reader {
public:
    explicit octet_reader(std::span<std::byte const> bytes) noexcept : rest_(bytes) {}

    bool ok() const noexcept { return ok_; }
    bool empty() const noexcept { return rest_.empty(); }
    std::size_t size() const noexcept { return rest_.size(); }

    template <std::unsigned_integral T>
    T get() noexcept
    {
        std::uint64_t value = 0;
        for (auto const byte : get(sizeof(T)))
            value = value << 8 | std::to_integer<std::uint8_t>(byte);
        return static_cast<T>(value);
    }

    std::span<std::byte const> get(std::size_t size) noexcept
    {
        ok_ = ok_ && size <= rest_.size();
        if (!ok_)
            return {};
        auto const taken = rest_.first(size);
        rest_ = rest_.subspan(size);
        return taken;
    }

private:
    std::span<std::byte const> rest_;
    bool ok_ = true;
};

} // namespace rollcast::announce
