// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "detail/address_scope.hpp"

#include <boost/asio/ip/address.hpp>

#include <sstream>
#include <string>
#include <vector>

/// Reads numbers and addresses as the kernel prints them into the files of /proc/net.
namespace rollcast::os {

inline std::vector<std::string> words(std::string const& line)
{
    std::istringstream in(line);
    std::vector<std::string> all;
    for (std::string word; in >> word;)
        all.push_back(word);
    return all;
}

inline unsigned hexadecimal(std::string const& text)
{
    unsigned value = 0;
    std::istringstream(text) >> std::hex >> value;
    return value;
}

inline unsigned decimal(std::string const& text)
{
    unsigned value = 0;
    std::istringstream(text) >> value;
    return value;
}

/// Sixteen bytes in 32 digits.
inline asio::ip::address ipv6_in(std::string const& digits, unsigned interface_index)
{
    asio::ip::address_v6::bytes_type bytes{};
    for (std::size_t i = 0; i < bytes.size() && 2 * i + 2 <= digits.size(); ++i)
        bytes[i] = static_cast<unsigned char>(hexadecimal(digits.substr(2 * i, 2)));
    return detail::on_link(asio::ip::address_v6(bytes), interface_index);
}

} // namespace rollcast::os
