// SPDX-License-Identifier: BSL-1.0
#include "os/kernel_memberships.hpp"

#include "detail/address_scope.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <sstream>
#include <string>

namespace rollcast::os {
namespace {

// Of the thread, which may have gone to another network namespace than the process.
constexpr char const* ipv4_list = "/proc/thread-self/net/igmp";
constexpr char const* ipv6_list = "/proc/thread-self/net/igmp6";

/// The kernel prints the four bytes as one number of this machine.
asio::ip::address ipv4_of(std::string const& digits)
{
    auto const number = static_cast<std::uint32_t>(std::stoul(digits, nullptr, 16));
    asio::ip::address_v4::bytes_type bytes;
    std::memcpy(bytes.data(), &number, sizeof number);
    return asio::ip::address_v4(bytes);
}

asio::ip::address ipv6_of(std::string const& digits)
{
    asio::ip::address_v6::bytes_type bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<unsigned char>(std::stoul(digits.substr(2 * i, 2), nullptr, 16));
    return asio::ip::address_v6(bytes);
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
        std::istringstream words(line);
        std::string first;
        words >> first;
        if (line.starts_with('\t')) {
            unsigned holders = 0;
            words >> holders;
            if (are_digits(first, 8))
                entries_.push_back({interface_index, ipv4_of(first), holders});
            continue;
        }
        interface_index = static_cast<unsigned>(std::strtoul(first.c_str(), nullptr, 10));
        if (line.ends_with("V1") || line.ends_with("V2"))
            asked_in_old_ways_.push_back(interface_index);
    }
}

/// "2  eth0  ff020000000000000000000000000001  1 0000000C 0"
void kernel_memberships::read_ipv6()
{
    std::ifstream file(ipv6_list);
    known_ = file.is_open();
    for (std::string line; std::getline(file, line);) {
        std::istringstream words(line);
        unsigned interface_index = 0;
        std::string name;
        std::string group;
        unsigned holders = 0;
        words >> interface_index >> name >> group >> holders;
        if (are_digits(group, 32))
            entries_.push_back({interface_index, ipv6_of(group), holders});
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

bool kernel_memberships::may_be_renewed_on(unsigned interface_index) const
{
    return std::ranges::find(asked_in_old_ways_, interface_index) == asked_in_old_ways_.end();
}

} // namespace rollcast::os
