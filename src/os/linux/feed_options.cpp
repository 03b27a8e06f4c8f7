// SPDX-License-Identifier: BSL-1.0
#include "os/linux/feed_options.hpp"

#include <linux/net_tstamp.h>
#include <netinet/in.h>
#include <time.h>

namespace rollcast::os {
namespace {

error_code refused_unless(bool done, error why) noexcept
{
    return done ? error_code() : error_code(why);
}

/// A time that neither the adapter nor the kernel tells is left out of the control message.
constexpr int hardware_receive_times = SOF_TIMESTAMPING_RX_HARDWARE | SOF_TIMESTAMPING_RAW_HARDWARE;

/// The kernel is to report the number of each datagram only, and not the datagram again.
constexpr int of_sent = SOF_TIMESTAMPING_OPT_ID | SOF_TIMESTAMPING_OPT_TSONLY;
constexpr int kernel_send_times =
    SOF_TIMESTAMPING_TX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE | of_sent;
/// Kernels of before 2024 number datagrams only where the kernel's times are asked for, too; a
/// report without a time is passed over.
constexpr int hardware_send_times = SOF_TIMESTAMPING_TX_HARDWARE | SOF_TIMESTAMPING_TX_SOFTWARE |
                                    SOF_TIMESTAMPING_RAW_HARDWARE | of_sent;

bool forbid_fragments(native_socket socket, bool v4, option_calls const& calls) noexcept
{
    if (v4)
        return set_checked(calls, socket, IPPROTO_IP, IP_MTU_DISCOVER, int{IP_PMTUDISC_DO});
    // With IPv6 the sender alone cuts, and it takes both options to have it refuse instead.
    return set_checked(calls, socket, IPPROTO_IPV6, IPV6_MTU_DISCOVER, int{IPV6_PMTUDISC_DO}) &&
           set_checked(calls, socket, IPPROTO_IPV6, IPV6_DONTFRAG, 1);
}

bool take_launch_times(native_socket socket, net::launch_clock clock,
                       option_calls const& calls) noexcept
{
    sock_txtime wanted{};
    wanted.clockid = clock == net::launch_clock::tai ? CLOCK_TAI : CLOCK_MONOTONIC;
    wanted.flags = SOF_TXTIME_REPORT_ERRORS;
    return set_checked(calls, socket, SOL_SOCKET, SO_TXTIME, wanted);
}

} // namespace

error_code bind_to_device(native_socket socket, unsigned index, option_calls const& calls) noexcept
{
    auto const wanted = static_cast<int>(index);
    int bound = 0;
    socklen_t size = sizeof bound;
    // Once a socket is bound, it takes a right (CAP_NET_RAW) to bind it even to the same device.
    bool const is_there =
        calls.get(socket, SOL_SOCKET, SO_BINDTOIFINDEX, &bound, &size) == 0 && bound == wanted;
    bool const done = is_there || set_checked(calls, socket, SOL_SOCKET, SO_BINDTOIFINDEX, wanted);
    return refused_unless(index != 0 && done, error::device_refused);
}

error_code set_feed_options(native_socket socket, receive_options const& options,
                            option_calls const& calls) noexcept
{
    auto const polled = static_cast<int>(options.busy_poll.count());
    if (polled != 0 && !set_checked(calls, socket, SOL_SOCKET, SO_BUSY_POLL, polled))
        return error::busy_poll_refused;
    bool const done =
        !options.hardware_timestamps ||
        set_checked(calls, socket, SOL_SOCKET, SO_TIMESTAMPING, hardware_receive_times);
    return refused_unless(done, error::timestamps_refused);
}

error_code set_feed_options(native_socket socket, send_options const& options,
                            option_calls const& calls) noexcept
{
    bool const v4 = options.group.address().is_v4();
    if (options.priority && !set_checked(calls, socket, SOL_SOCKET, SO_PRIORITY, *options.priority))
        return error::priority_refused;
    if (options.dont_fragment && !forbid_fragments(socket, v4, calls))
        return error::dont_fragment_refused;
    if (options.launch_times != net::launch_clock::none &&
        !take_launch_times(socket, options.launch_times, calls))
        return error::launch_times_refused;
    auto const times =
        options.send_times == net::time_source::hardware ? hardware_send_times : kernel_send_times;
    bool const done = options.send_times == net::time_source::none ||
                      set_checked(calls, socket, SOL_SOCKET, SO_TIMESTAMPING, times);
    return refused_unless(done, error::timestamps_refused);
}

} // namespace rollcast::os
