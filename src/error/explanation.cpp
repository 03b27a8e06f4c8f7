// SPDX-License-Identifier: BSL-1.0
#include "error/explanation.hpp"

#include "error/readable.hpp"

#include <boost/system/errc.hpp>
#include <boost/system/system_error.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <stdexcept>

namespace rollcast::detail {
namespace {

namespace errc = boost::system::errc;

struct known_remedy {
    int value;
    char const* text;
};

/// What the kernel's words leave out. EACCES comes of ports and of routes, EPERM of packet filters.
constexpr std::array remedies{
    known_remedy{errc::address_in_use,
                 "choose another port, or end the program that keeps this one to itself"},
    known_remedy{errc::permission_denied,
                 "ports below 1024 are for root, and a route may prohibit the rest; use another "
                 "port, or look at `ip route`"},
    known_remedy{errc::operation_not_permitted,
                 "a firewall forbids it, or it is for root; look at `nft list ruleset`"},
    known_remedy{errc::address_not_available,
                 "use an address of this machine; one that is new may still be checked for "
                 "duplicates"},
    known_remedy{errc::no_buffer_space,
                 "the egress queue of the interface is full; send more slowly"},
    known_remedy{errc::network_unreachable,
                 "bring the interface up, and give it a route for multicast"},
    known_remedy{errc::host_unreachable,
                 "bring the interface up, and give it a route for multicast"},
    known_remedy{errc::network_down, "bring the interface up"},
    known_remedy{errc::no_such_device, "the interface is gone; name one that is there"},
    known_remedy{errc::no_such_device_or_address, "the interface is gone; name one that is there"},
    known_remedy{errc::message_size, "too long for the way out; send less in one datagram"},
    known_remedy{errc::too_many_files_open, "close some, or raise the limit with `ulimit -n`"},
    known_remedy{errc::no_such_file_or_directory, "make the folder first"},
    known_remedy{errc::is_a_directory, "name a file"},
};

char const* remedy_of(error_code const& ec) noexcept
{
    if (ec.category() != boost::system::system_category())
        return nullptr;
    for (auto const& each : remedies)
        if (each.value == ec.value())
            return each.text;
    return nullptr;
}

/// Keeps its text as runtime_error does, so that copies cannot throw.
class explained_failure final : public boost::system::system_error {
public:
    explained_failure(error_code const& ec, std::string const& text)
        : boost::system::system_error(ec), text_(text)
    {
    }

    char const* what() const noexcept override { return text_.what(); }

private:
    std::runtime_error text_;
};

} // namespace

std::string message_of(error_code const& ec)
{
    auto const* const remedy = remedy_of(ec);
    return remedy ? ec.message() + "; " + remedy : ec.message();
}

std::string explanation(std::string const& subject, error_code const& ec, std::string const& facts)
{
    auto text = message_of(ec);
    if (!facts.empty()) {
        auto const wrong = text.find("; ");
        text.insert(wrong == std::string::npos ? text.size() : wrong, " (" + facts + ")");
    }
    return subject.empty() ? text : subject + ": " + text;
}

std::string counted(std::uint64_t number, char const* one, char const* many)
{
    return std::to_string(number) + ' ' + (number == 1 ? one : many);
}

std::string abridged(std::string_view text)
{
    return '"' + readable(text) + '"';
}

std::string joined(std::span<std::string const> all)
{
    return fmt::format("{}", fmt::join(all, ", "));
}

bool is_cancellation(error_code const& ec) noexcept
{
    return ec ==
           error_code(boost::system::errc::operation_canceled, boost::system::system_category());
}

void throw_explained(error_code const& ec, std::string const& text)
{
    throw explained_failure(ec, text);
}

void throw_explained(error_code const& ec, char const* function, std::string const& text)
{
    throw_explained(ec, std::string(function) + ": " + text);
}

} // namespace rollcast::detail
