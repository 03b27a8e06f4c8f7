// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/error.hpp>
#include <rollcast/export.hpp>

#include <boost/asio/ip/address.hpp>
#include <boost/describe/class.hpp>

#include <iosfwd>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace rollcast::net {

/// An address of an interface, with the length of its subnet prefix in bits.
struct interface_address {
    asio::ip::address address; ///< IPv6 link-local addresses carry the interface's scope id.
    unsigned prefix_length = 0;
    bool deprecated = false; ///< Still valid, but not for anything new (RFC 4862).
    bool temporary = false;  ///< An IPv6 address that changes for privacy (RFC 8981).

    friend bool operator==(interface_address const&, interface_address const&) = default;
};
BOOST_DESCRIBE_STRUCT(interface_address, (), (address, prefix_length, deprecated, temporary))

/// An address that an interface was given and cannot use.
struct unusable_address {
    asio::ip::address address; ///< IPv6, with the interface's scope id where it is link-local.
    /// Another host has the address: duplicate address detection (RFC 4862) has failed. Else the
    /// detection is under way, for about a second.
    bool duplicate = false;

    friend bool operator==(unusable_address const&, unusable_address const&) = default;
};
BOOST_DESCRIBE_STRUCT(unusable_address, (), (address, duplicate))

/// What the system says about one interface, as of the moment of asking. A value: it does not
/// change with the interface, see `interface_watcher`.
struct ROLLCAST_EXPORT interface_info {
    std::string name;
    unsigned index = 0; ///< Never 0 for an existing interface; a re-created one gets a new index.
    unsigned mtu = 0;   ///< Largest IP packet in bytes.
    bool up = false;    ///< Administratively up, and the link works (IFF_UP, IFF_RUNNING).
    bool loopback = false;
    bool multicast = false; ///< The MULTICAST flag; `lo` lacks it and can multicast all the same.
    /// Index of the bridge, bond or team that the interface is a part of, and that speaks for it;
    /// 0: none.
    unsigned master = 0;
    std::vector<interface_address> addresses{}; ///< Those it can use, in the system's order.
    std::vector<unusable_address> unusable{};   ///< Those it was given and cannot use.
    /// Further names (`ip link property add altname`), which may be longer than 15 characters.
    std::vector<std::string> alternative_names{};

    bool is_called(std::string_view text) const noexcept; ///< By any of its names.

    /// Whether a usable address of the interface is this one; a scope id counts where both have
    /// one.
    bool has(asio::ip::address const& address) const noexcept;

    friend bool operator==(interface_info const&, interface_info const&) = default;
};
BOOST_DESCRIBE_STRUCT(interface_info, (),
                      (name, index, mtu, up, loopback, multicast, master, addresses, unusable,
                       alternative_names))

/// Names an interface in a configuration: by name, by index, by one of its addresses, or not at
/// all, which leaves the choice to the routing table. Existence is checked by `resolve`; making a
/// network_interface asks the system nothing, and never fails.
///
///     config.interfaces = {"eth0", "10.0.0.1"};
class ROLLCAST_EXPORT network_interface {
public:
    network_interface() = default;

    /// "eth0", "7", "10.0.0.1", "fe80::1", "fe80::1%7" or "fe80::1%eth0"; empty: unspecified.
    /// An existing name wins over an index of the same spelling.
    network_interface(std::string_view text);
    network_interface(std::string const& text) : network_interface(std::string_view(text)) {}
    network_interface(char const* text) : network_interface(std::string_view(text)) {}

    network_interface(asio::ip::address const& address) : value_(address) {}
    explicit network_interface(unsigned index) : value_(index) {}

    bool is_unspecified() const noexcept { return value_.index() == 0; }

    /// Whether it is a text with `*` (any characters) or `?` (any one character), which stands for
    /// all names that match. Patterns count only where several interfaces are chosen, as in a
    /// chart; a subscription takes the text for a name.
    bool is_pattern() const noexcept;

    friend explained_result<interface_info> resolve(network_interface const& which,
                                                    std::span<interface_info const> among);
    friend std::string to_string(network_interface const& value);
    friend explained_result<interface_info> resolve_for(asio::ip::address const& group,
                                                        network_interface const& which,
                                                        std::span<interface_info const> among);
    friend std::vector<interface_info> resolve_all(network_interface const& which,
                                                   std::span<interface_info const> among);
    friend std::optional<asio::ip::address> named_address(network_interface const& which,
                                                          interface_info const& found);
    friend bool operator==(network_interface const&, network_interface const&) = default;

private:
    std::variant<std::monostate, std::string, unsigned, asio::ip::address> value_;
};

/// The machine's interfaces in the order of their indices, those that are down too. Fails with the
/// system's errors. Asks the kernel at every call, so list once and resolve many names among them.
///
///     auto const all = net::list_interfaces().value();
///     auto const eth0 = net::resolve("eth0", all).value();
ROLLCAST_EXPORT result<std::vector<interface_info>> list_interfaces();

/// The interface meant. One that is unspecified means none. Fails with `error::unknown_interface`,
/// `error::ambiguous_interface` (an address that several interfaces have, such as an IPv6
/// link-local one without scope id) or `error::interface_address_mismatch` (a scoped address that
/// this interface does not have); the message names what was asked for and the interfaces there
/// are. Without `among` it lists the machine's interfaces first.
ROLLCAST_EXPORT explained_result<interface_info> resolve(network_interface const& which,
                                                         std::span<interface_info const> among);
ROLLCAST_EXPORT explained_result<interface_info> resolve(network_interface const& which);

/// The same for a group: `error::interface_family_mismatch` if the interface is named by an address
/// of the other IP version.
ROLLCAST_EXPORT explained_result<interface_info> resolve_for(asio::ip::address const& group,
                                                             network_interface const& which,
                                                             std::span<interface_info const> among);

/// The address by which `which` names the interface that `resolve` has found; none if it names it
/// by name or index. With the scope id, where the address is link-local.
ROLLCAST_EXPORT std::optional<asio::ip::address> named_address(network_interface const& which,
                                                               interface_info const& found);

/// Every interface that is meant: those whose names match a pattern, or the one that `resolve`
/// finds, or none. A name that exists wins over a pattern of the same spelling.
ROLLCAST_EXPORT std::vector<interface_info> resolve_all(network_interface const& which,
                                                        std::span<interface_info const> among);

/// Whether any of the names in `by` means this interface.
ROLLCAST_EXPORT bool is_meant(interface_info const& which, std::span<network_interface const> by,
                              std::span<interface_info const> among);

/// As the user wrote it; "" if unspecified.
ROLLCAST_EXPORT std::string to_string(network_interface const& value);

// As text, for people.
ROLLCAST_EXPORT std::string to_string(interface_address const& value); ///< "10.0.0.1/24"
ROLLCAST_EXPORT std::string
to_string(unusable_address const& value); ///< "fd00::1, another host's, too"
ROLLCAST_EXPORT std::string to_string(interface_info const& value); ///< "eth0 (2), up: 10.0.0.1/24"
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, interface_address const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, unusable_address const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, interface_info const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, network_interface const& value);

} // namespace rollcast::net
