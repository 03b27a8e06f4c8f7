// SPDX-License-Identifier: BSL-1.0
#include "os/kernel_memberships.hpp"

#include "detail/address_scope.hpp"
#include "os/linux/proc_words.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <string>

namespace rollcast::os {
namespace {

// The thread's file, since a thread may have gone to another network namespace than the process.
constexpr char const* ipv4_list = "/proc/thread-self/net/igmp";
constexpr char const* ipv6_list = "/proc/thread-self/net/igmp6";

/// The kernel prints the four bytes as one number of this machine.
asio::ip::address ipv4_of(std::string const& digits)
{
    std::uint32_t const number = hexadecimal(digits);
    asio::ip::address_v4::bytes_type bytes;
    std::memcpy(bytes.data(), &number, sizeof number);
    return asio::ip::address_v4(bytes);
}

bool are_digits(std::string const& text, std::size_t count)
{
    return text.size() == count &&
           text.find_first_not_of("0123456789abcdefABCDEF") == std::string::npos;
}

} // namespace

kernel_memberships::kernel_memberships(native_socket socket, bool v4)
{
    if (!shares_network_with_thread(socket))
        return;
    if (v4)
        read_ipv4();
    else
        read_ipv6();
}

/// "2  eth0 : 3 V3", and below it one line for each group: "  FB0000E0  1 0:00000000  0".
void kernel_memberships::read_ipv4()
{
    std::ifstream file(ipv4_list);
    std::string line;
    known_ = static_cast<bool>(std::getline(file, line)); // the headings
    unsigned interface_index = 0;
    while (std::getline(file, line)) {
        auto const parts = words(line);
        if (parts.size() < 2)
            continue;
        if (line.starts_with('\t')) {
            if (are_digits(parts[0], 8))
                entries_.push_back({interface_index, ipv4_of(parts[0]), decimal(parts[1])});
            continue;
        }
        interface_index = decimal(parts[0]);
        if (parts.back() == "V1" || parts.back() == "V2")
            asked_in_old_ways_.push_back({interface_index, parts.back() == "V1" ? 1 : 2});
    }
}

/// "2  eth0  ff020000000000000000000000000001  1 0000000C 0"
void kernel_memberships::read_ipv6()
{
    std::ifstream file(ipv6_list);
    known_ = file.is_open();
    for (std::string line; std::getline(file, line);) {
        auto const parts = words(line);
        if (parts.size() > 3 && are_digits(parts[2], 32))
            entries_.push_back(
                {decimal(parts[0]), detail::unscoped(ipv6_in(parts[2], 0)), decimal(parts[3])});
    }
}

auto kernel_memberships::find(unsigned interface_index, asio::ip::address const& group) const
    -> entry const*
{
    auto const plain = detail::unscoped(group);
    auto const found = std::ranges::find_if(entries_, [&](entry const& each) {
        return each.interface_index == interface_index && each.group == plain;
    });
    return found == entries_.end() ? nullptr : &*found;
}

bool kernel_memberships::lacks(unsigned interface_index, asio::ip::address const& group) const
{
    return known_ && !find(interface_index, group);
}

unsigned kernel_memberships::holders(unsigned interface_index, asio::ip::address const& group) const
{
    auto const* const found = find(interface_index, group);
    return found ? found->holders : 0;
}

int kernel_memberships::igmp_version_on(unsigned interface_index) const
{
    auto const found =
        std::ranges::find(asked_in_old_ways_, interface_index, &old_way::interface_index);
    return found == asked_in_old_ways_.end() ? 3 : found->igmp_version;
}

} // namespace rollcast::os
