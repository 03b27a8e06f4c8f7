// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "announce/octets.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// The names of service ports within a record: each a length of one byte, and that many bytes.

namespace rollcast::announce {

std::size_t size_of_port_names(std::span<std::string const> names) noexcept;
void put_port_names(octet_writer& out, std::span<std::string const> names);

/// Whether bytes from anywhere may be taken for names: whole and all different; adds their number
/// to `count`.
bool are_port_names(std::span<std::byte const> body, std::size_t& count) noexcept;
std::vector<std::string> get_port_names(std::span<std::byte const> body);

} // namespace rollcast::announce
