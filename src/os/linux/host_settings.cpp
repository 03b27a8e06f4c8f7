// SPDX-License-Identifier: BSL-1.0
#include "os/host_settings.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

namespace rollcast::os {
namespace {

namespace fs = std::filesystem;
namespace asio = boost::asio;

std::optional<std::uint64_t> read_number(std::string const& path)
{
    std::ifstream file(path);
    std::uint64_t number = 0;
    return file >> number ? std::optional(number) : std::nullopt;
}

template <class Number>
bool parse_hex(std::string_view text, Number& number)
{
    auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), number, 16);
    return ec == std::errc{} && end == text.data() + text.size();
}

/// "0100007F" or four such words: each is in the byte order of this machine.
std::optional<asio::ip::address> parse_address(std::string_view text)
{
    std::array<unsigned char, 16> bytes{};
    if (text.size() != 8 && text.size() != 32)
        return std::nullopt;
    for (std::size_t word = 0; word < text.size() / 8; ++word) {
        std::uint32_t value = 0;
        if (!parse_hex(text.substr(word * 8, 8), value))
            return std::nullopt;
        auto const* octets = reinterpret_cast<unsigned char const*>(&value);
        std::copy_n(octets, 4, bytes.begin() + static_cast<std::ptrdiff_t>(4 * word));
    }
    if (text.size() == 32)
        return asio::ip::address_v6(bytes);
    return asio::ip::address_v4({bytes[0], bytes[1], bytes[2], bytes[3]});
}

using sockets = std::map<std::uint64_t, asio::ip::address>; // by inode

/// The sockets of a table such as /proc/net/udp that are bound to the port.
void add_sockets(std::string const& table, net::port_type port, sockets& into)
{
    std::ifstream file(table);
    std::string line;
    std::getline(file, line); // the names of the columns
    while (std::getline(file, line)) {
        std::istringstream words(line);
        std::string number, local, other, state, queues, timer, retransmits;
        std::uint64_t user = 0, timeout = 0, inode = 0;
        words >> number >> local >> other >> state >> queues >> timer >> retransmits >> user >>
            timeout >> inode;
        auto const colon = local.find(':');
        net::port_type bound = 0;
        if (!words || colon == std::string::npos ||
            !parse_hex(std::string_view(local).substr(colon + 1), bound) || bound != port)
            continue;
        if (auto const address = parse_address(std::string_view(local).substr(0, colon)))
            into.emplace(inode, *address);
    }
}

std::string program_of(fs::path const& process)
{
    std::ifstream file(process / "comm");
    std::string name;
    std::getline(file, name);
    return name;
}

/// Names the owners of sockets among the descriptors of one process.
void add_owners(fs::path const& process, std::uint64_t number, sockets& unowned,
                std::vector<net::port_owner>& into)
{
    std::error_code ec;
    for (fs::directory_iterator each(process / "fd", ec), end; !ec && each != end;
         each.increment(ec)) {
        std::error_code unreadable;
        auto const target = fs::read_symlink(each->path(), unreadable).string();
        std::uint64_t inode = 0;
        constexpr std::string_view prefix = "socket:[";
        if (!target.starts_with(prefix))
            continue;
        std::from_chars(target.data() + prefix.size(), target.data() + target.size(), inode);
        auto const found = unowned.find(inode);
        if (found == unowned.end())
            continue;
        into.push_back({program_of(process), number, found->second});
        unowned.erase(found);
    }
}

} // namespace

std::optional<net::reverse_path_filter> filter_of(std::string const& interface)
{
    // The kernel takes the larger of the two.
    auto const folder = std::string("/proc/sys/net/ipv4/conf/");
    auto const all = read_number(folder + "all/rp_filter");
    auto const own = read_number(folder + interface + "/rp_filter");
    if (!all || !own)
        return std::nullopt;
    switch (std::max(*all, *own)) {
    case 0:
        return net::reverse_path_filter::off;
    case 1:
        return net::reverse_path_filter::strict;
    default:
        return net::reverse_path_filter::loose;
    }
}

std::optional<std::uint64_t> largest_receive_buffer()
{
    return read_number("/proc/sys/net/core/rmem_max");
}

std::optional<int> igmp_version(std::string const& interface)
{
    std::ifstream file("/proc/net/igmp");
    for (std::string line; std::getline(file, line);) {
        std::istringstream words(line);
        std::string index, name, count, querier;
        std::getline(words >> index >> std::ws, name, ':'); // a long name leaves no blank before it
        name.erase(name.find_last_not_of(' ') + 1);
        if (words >> count >> querier && name == interface && querier.size() == 2 &&
            querier[0] == 'V')
            return querier[1] - '0';
    }
    return std::nullopt;
}

std::vector<net::port_owner> owners_of(net::port_type port)
{
    sockets unowned;
    add_sockets("/proc/net/udp", port, unowned);
    add_sockets("/proc/net/udp6", port, unowned);
    std::vector<net::port_owner> owners;
    std::error_code ec;
    for (fs::directory_iterator each("/proc", ec), end; !ec && each != end && !unowned.empty();
         each.increment(ec)) {
        auto const name = each->path().filename().string();
        std::uint64_t number = 0;
        auto const [rest, bad] = std::from_chars(name.data(), name.data() + name.size(), number);
        if (bad == std::errc{} && rest == name.data() + name.size())
            add_owners(each->path(), number, unowned, owners);
    }
    for (auto const& [inode, address] : unowned)
        owners.push_back({{}, 0, address});
    return owners;
}

} // namespace rollcast::os
