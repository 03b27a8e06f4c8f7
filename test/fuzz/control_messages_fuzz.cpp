// SPDX-License-Identifier: BSL-1.0
#include "fuzz/control_messages_input.hpp"
#include "fuzz/require.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <span>
#include <vector>

#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/socket.h>
#include <time.h>

#include <linux/errqueue.h>

using namespace rollcast;
using test::control_message;
using test::require;

namespace {

/// Far more than any kernel sends, and less than a page.
constexpr std::size_t most_input = 1024;

template <class T>
std::optional<T> value_of(control_message const& message)
{
    if (message.data.size() < sizeof(T))
        return std::nullopt;
    T value;
    std::memcpy(&value, message.data.data(), sizeof value);
    return value;
}

class witness {
public:
    explicit witness(std::span<std::uint8_t const> control)
        : messages_(test::whole_messages(control))
    {
    }

    /// Whether a message of this kind has a value of which that is true.
    template <class T, class Predicate>
    bool any(int level, int type, Predicate const& is) const
    {
        return std::ranges::any_of(messages_, [&](control_message const& each) {
            auto const value = value_of<T>(each);
            return each.level == level && each.type == type && value && is(*value);
        });
    }

    /// Whether one of this kind must not be overlooked.
    template <class T>
    bool has(int level, int type) const
    {
        return std::ranges::any_of(messages_, [&](control_message const& each) {
            return each.level == level && each.type == type && each.padded && value_of<T>(each);
        });
    }

private:
    std::vector<control_message> messages_;
};

auto low_byte_is(std::optional<std::uint8_t> wanted)
{
    return [wanted](auto value) { return static_cast<std::uint8_t>(value) == wanted; };
}

void check_reach(packet_metadata const& metadata, witness const& sent)
{
    if (auto const hops = metadata.hop_limit)
        require(sent.any<int>(IPPROTO_IP, IP_TTL, low_byte_is(hops)) ||
                    sent.any<int>(IPPROTO_IPV6, IPV6_HOPLIMIT, low_byte_is(hops)),
                "a hop limit that nobody sent");
    else
        require(!sent.has<int>(IPPROTO_IP, IP_TTL) && !sent.has<int>(IPPROTO_IPV6, IPV6_HOPLIMIT),
                "a hop limit was overlooked");
    if (auto const traffic = metadata.traffic_class)
        require(sent.any<std::uint8_t>(IPPROTO_IP, IP_TOS, low_byte_is(traffic)) ||
                    sent.any<int>(IPPROTO_IPV6, IPV6_TCLASS, low_byte_is(traffic)),
                "a traffic class that nobody sent");
    else
        require(!sent.has<std::uint8_t>(IPPROTO_IP, IP_TOS) &&
                    !sent.has<int>(IPPROTO_IPV6, IPV6_TCLASS),
                "a traffic class was overlooked");
}

/// Of a time that no clock shows anything may be made.
void check_time(packet_metadata const& metadata, witness const& sent)
{
    auto const is_shown = [&](timespec const& value) {
        constexpr long billion = 1'000'000'000;
        bool const plausible = value.tv_sec >= 0 && value.tv_sec < 9 * billion &&
                               value.tv_nsec >= 0 && value.tv_nsec < billion;
        return !plausible || metadata.received_at->time_since_epoch().count() ==
                                 value.tv_sec * billion + value.tv_nsec;
    };
    auto const is_shown_by_adapter = [&](scm_timestamping const& value) {
        return is_shown(value.ts[2]);
    };
    auto const source = metadata.receive_time_source;
    require(metadata.received_at.has_value() == (source != net::time_source::none),
            "a time of nobody, or none of somebody");
    if (source == net::time_source::kernel)
        require(sent.any<timespec>(SOL_SOCKET, SCM_TIMESTAMPNS, is_shown),
                "a time that nobody sent");
    if (source == net::time_source::hardware)
        require(sent.any<scm_timestamping>(SOL_SOCKET, SCM_TIMESTAMPING, is_shown_by_adapter),
                "a time that no adapter sent");
}

void check_drops(packet_metadata const& metadata, witness const& sent)
{
    auto const is_told = [&](std::uint32_t value) { return value == metadata.dropped; };
    require(metadata.dropped == 0 || sent.any<std::uint32_t>(SOL_SOCKET, SO_RXQ_OVFL, is_told),
            "drops that nobody told");
}

void check_destination(detail::filled_buffer const& out, witness const& sent)
{
    auto const index = out.whole.metadata.interface_index;
    auto const is_v4 = [&](in_pktinfo const& value) {
        return static_cast<unsigned>(value.ipi_ifindex) == index &&
               out.whole.group.address == asio::ip::address_v4(ntohl(value.ipi_addr.s_addr));
    };
    auto const is_v6 = [&](in6_pktinfo const& value) {
        asio::ip::address_v6::bytes_type bytes;
        std::memcpy(bytes.data(), &value.ipi6_addr, bytes.size());
        return value.ipi6_ifindex == index &&
               out.whole.group.address == asio::ip::address_v6(bytes);
    };
    if (index != 0 || out.whole.group.address != asio::ip::address())
        require(sent.any<in_pktinfo>(IPPROTO_IP, IP_PKTINFO, is_v4) ||
                    sent.any<in6_pktinfo>(IPPROTO_IPV6, IPV6_PKTINFO, is_v6),
                "a destination that nobody sent");
    else
        require(sent.any<in_pktinfo>(IPPROTO_IP, IP_PKTINFO, is_v4) ||
                    (!sent.has<in_pktinfo>(IPPROTO_IP, IP_PKTINFO) &&
                     !sent.has<in6_pktinfo>(IPPROTO_IPV6, IPV6_PKTINFO)),
                "a destination was overlooked");
}

void check_run(detail::filled_buffer const& out, witness const& sent)
{
    auto const whole = out.whole.payload.size();
    require(out.datagram_size <= whole, "datagrams longer than what came");
    require(out.datagram_size > 0 || whole == 0, "datagrams without a length");
    auto const is_size = [&](int value) {
        return value > 0 && std::size_t(value) == out.datagram_size;
    };
    require(out.datagram_size == whole || sent.any<int>(IPPROTO_UDP, UDP_GRO, is_size),
            "a run that nobody sent");
}

} // namespace

void test::fuzz_control_messages(std::span<std::uint8_t const> whole)
{
    auto const input = whole.first(std::min(whole.size(), most_input));
    auto const out = test::take(input);
    witness const sent(input.subspan(std::min<std::size_t>(2, input.size())));
    auto const octet = [&](std::size_t at) { return at < whole.size() ? whole[at] : 0U; };
    std::size_t const payload = octet(0) + 256U * octet(1);
    require(out.whole.payload.size() == payload, "another payload than what came");
    require(out.whole.source == asio::ip::udp::endpoint() && !out.whole.truncated,
            "what control messages do not tell has changed");
    check_run(out, sent);
    check_reach(out.whole.metadata, sent);
    check_time(out.whole.metadata, sent);
    check_drops(out.whole.metadata, sent);
    check_destination(out, sent);
}
