// SPDX-License-Identifier: BSL-1.0
#include <rollcast/net/network_interface.hpp>

#include "detail/address_scope.hpp"
#include "error/explanation.hpp"
#include "error/readable.hpp"
#include "net/explanation.hpp"
#include "os/interfaces.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace rollcast::net {
namespace {

using interfaces = std::span<interface_info const>;

result<interface_info> only(interfaces among, auto const& matches)
{
    auto const found = std::ranges::find_if(among, matches);
    if (found == among.end())
        return error::unknown_interface;
    if (std::any_of(found + 1, among.end(), matches))
        return error::ambiguous_interface;
    return *found;
}

result<interface_info> by_name(std::string_view name, interfaces among)
{
    return only(among, [&](interface_info const& each) { return each.is_called(name); });
}

result<interface_info> by_index(unsigned index, interfaces among)
{
    return only(among, [&](interface_info const& each) { return each.index == index; });
}

std::optional<unsigned> to_index(std::string_view text)
{
    unsigned index = 0;
    auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), index);
    if (ec != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    return index;
}

result<interface_info> by_name_or_index(std::string_view text, interfaces among)
{
    auto named = by_name(text, among);
    auto const index = to_index(text);
    return !named && index ? by_index(*index, among) : named;
}

result<interface_info> having(asio::ip::address const& address, result<interface_info> found)
{
    if (found && !found->has(address))
        return error::interface_address_mismatch;
    return found;
}

result<interface_info> by_address(asio::ip::address const& address, interfaces among)
{
    if (address.is_v6() && address.to_v6().scope_id() != 0) {
        auto const scope = static_cast<unsigned>(address.to_v6().scope_id());
        return having(address, by_index(scope, among));
    }
    return only(among, [&](interface_info const& each) { return each.has(address); });
}

std::optional<asio::ip::address> parse_host(std::string_view text)
{
    error_code ec;
    auto const address = asio::ip::make_address(text.substr(0, text.find('%')), ec);
    return ec ? std::nullopt : std::optional(address);
}

/// Names of the interfaces that have the address which the text says.
std::vector<std::string> names_having(std::string_view text, interfaces among)
{
    std::vector<std::string> names;
    auto const address = parse_host(text);
    for (auto const& each : among)
        if (address && each.has(*address))
            names.push_back(each.name);
    return names;
}

std::string why_not(network_interface const& which, error_code const& ec, interfaces among)
{
    auto const text = to_string(which);
    auto const subject = detail::readable(text);
    if (which.is_unspecified())
        return detail::explanation("interface", ec, existing(among));
    if (ec == error::ambiguous_interface)
        return detail::explanation(subject, ec,
                                   "those are: " + detail::joined(names_having(text, among)));
    return detail::explanation(subject, ec, existing(among));
}

/// "fe80::1%eth0": the part behind the percent sign chooses, the address must agree.
result<interface_info> by_text(std::string_view text, interfaces among)
{
    if (auto const found = by_name_or_index(text, among))
        return found;
    auto const address = parse_host(text);
    if (!address)
        return error::unknown_interface;
    auto const percent = text.find('%');
    if (percent == std::string_view::npos)
        return by_address(*address, among);
    return having(*address, by_name_or_index(text.substr(percent + 1), among));
}

/// `*` stands for any characters, `?` for any one.
bool matches(std::string_view text, std::string_view pattern)
{
    while (!pattern.empty() && pattern.front() != '*') {
        if (text.empty() || (pattern.front() != '?' && pattern.front() != text.front()))
            return false;
        text.remove_prefix(1);
        pattern.remove_prefix(1);
    }
    if (pattern.empty())
        return text.empty();
    pattern.remove_prefix(1);
    for (; !matches(text, pattern); text.remove_prefix(1))
        if (text.empty())
            return false;
    return true;
}

bool matches_any_name(interface_info const& which, std::string_view pattern)
{
    return matches(which.name, pattern) ||
           std::ranges::any_of(which.alternative_names,
                               [&](auto const& each) { return matches(each, pattern); });
}

/// Equal but for a scope id that one of them lacks.
bool same_address(asio::ip::address const& a, asio::ip::address const& b)
{
    if (a.is_v4() || b.is_v4())
        return a == b;
    auto const x = a.to_v6();
    auto const y = b.to_v6();
    bool const scopes_agree =
        x.scope_id() == y.scope_id() || x.scope_id() == 0 || y.scope_id() == 0;
    return x.to_bytes() == y.to_bytes() && scopes_agree;
}

} // namespace

bool interface_info::has(asio::ip::address const& address) const noexcept
{
    return std::ranges::any_of(addresses, [&](interface_address const& own) {
        return same_address(own.address, address);
    });
}

bool interface_info::is_called(std::string_view text) const noexcept
{
    return name == text || std::ranges::find(alternative_names, text) != alternative_names.end();
}

network_interface::network_interface(std::string_view text)
{
    if (!text.empty())
        value_ = std::string(text);
}

bool network_interface::is_pattern() const noexcept
{
    auto const* text = std::get_if<std::string>(&value_);
    return text && text->find_first_of("*?") != std::string::npos;
}

std::vector<interface_info> resolve_all(network_interface const& which, interfaces among)
{
    std::vector<interface_info> all;
    if (auto const one = resolve(which, among)) {
        all.push_back(*one);
    } else if (which.is_pattern()) {
        auto const& pattern = std::get<std::string>(which.value_);
        std::ranges::copy_if(among, std::back_inserter(all), [&](interface_info const& each) {
            return matches_any_name(each, pattern);
        });
    }
    return all;
}

explained_result<interface_info> resolve(network_interface const& which, interfaces among)
{
    result<interface_info> found = error::unknown_interface;
    if (auto const* text = std::get_if<std::string>(&which.value_))
        found = by_text(*text, among);
    else if (auto const* index = std::get_if<unsigned>(&which.value_))
        found = by_index(*index, among);
    else if (auto const* address = std::get_if<asio::ip::address>(&which.value_))
        found = by_address(*address, among);
    if (!found)
        return explained_error(found.error(), why_not(which, found.error(), among));
    return std::move(*found);
}

bool is_meant(interface_info const& which, std::span<network_interface const> by, interfaces among)
{
    return std::ranges::any_of(by, [&](network_interface const& each) {
        auto const meant = resolve_all(each, among);
        return std::ranges::find(meant, which.index, &interface_info::index) != meant.end();
    });
}

explained_result<interface_info> resolve(network_interface const& which)
{
    auto const all = list_interfaces();
    if (!all)
        return explained_error(all.error());
    return resolve(which, *all);
}

std::optional<asio::ip::address> named_address(network_interface const& which,
                                               interface_info const& found)
{
    std::optional<asio::ip::address> address;
    if (auto const* text = std::get_if<std::string>(&which.value_))
        address = found.is_called(*text) ? std::nullopt : parse_host(*text);
    else if (auto const* given = std::get_if<asio::ip::address>(&which.value_))
        address = *given;
    return address ? std::optional(detail::on_link(*address, found.index)) : std::nullopt;
}

explained_result<interface_info> resolve_for(asio::ip::address const& group,
                                             network_interface const& which, interfaces among)
{
    auto found = resolve(which, among);
    if (!found)
        return found;
    auto const address = named_address(which, *found);
    if (address && address->is_v4() != group.is_v4())
        return explained_error(error::interface_family_mismatch,
                               detail::explanation(to_string(which) + " for " + group.to_string(),
                                                   error::interface_family_mismatch));
    return found;
}

std::string to_string(network_interface const& value)
{
    if (auto const* text = std::get_if<std::string>(&value.value_))
        return *text;
    if (auto const* index = std::get_if<unsigned>(&value.value_))
        return std::to_string(*index);
    if (auto const* address = std::get_if<asio::ip::address>(&value.value_))
        return address->to_string();
    return {};
}

result<std::vector<interface_info>> list_interfaces()
{
    return os::list_interfaces();
}

} // namespace rollcast::net
