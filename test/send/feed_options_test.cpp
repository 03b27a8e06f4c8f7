// SPDX-License-Identifier: BSL-1.0
#include "os/linux/control_messages.hpp"
#include "os/linux/error_reports.hpp"
#include "os/linux/feed_options.hpp"
#include "os/linux/sent_control.hpp"
#include "support/printing.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <cerrno>
#include <cstring>
#include <functional>
#include <map>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include <linux/errqueue.h>
#include <linux/net_tstamp.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <time.h>

// What hardware and queues answer that no test has: a system that is made up, and the messages that
// it would attach.

using namespace rollcast;
using namespace std::chrono_literals;
using rollcast::net::time_source;

namespace {

using option = std::pair<int, int>; ///< Level and name.
using bytes = std::vector<unsigned char>;

/// Keeps what is set, but for what it refuses, and forgets some of it.
struct fake_system {
    static inline std::map<option, bytes> kept;
    static inline std::set<option> refused;
    static inline std::set<option> forgotten;

    fake_system()
    {
        kept.clear();
        refused.clear();
        forgotten.clear();
    }

    static int set(int, int level, int name, void const* value, socklen_t size)
    {
        if (refused.contains({level, name})) {
            errno = EPERM;
            return -1;
        }
        auto const* const first = static_cast<unsigned char const*>(value);
        kept[{level, name}] = bytes(first, first + size);
        return 0;
    }

    static int get(int, int level, int name, void* value, socklen_t* size)
    {
        auto told = kept.at({level, name});
        if (forgotten.contains({level, name}))
            std::ranges::fill(told, 0);
        *size = std::min(*size, static_cast<socklen_t>(told.size()));
        std::memcpy(value, told.data(), *size);
        return 0;
    }

    os::option_calls const calls{&fake_system::set, &fake_system::get};

    template <class Options>
    error_code set_all(Options const& options) const
    {
        return set_feed_options(7, options, calls);
    }

    template <class Value>
    static Value told(option const& which)
    {
        auto const& from = kept.at(which);
        BOOST_TEST_REQUIRE(from.size() == sizeof(Value));
        Value value;
        std::memcpy(&value, from.data(), sizeof value);
        return value;
    }

    /// Refused, or not kept, which is as bad.
    template <class Options>
    void is_named(Options const& options, option const& which, error expected) const
    {
        for (auto* const trouble : {&refused, &forgotten}) {
            BOOST_TEST(!set_all(options).failed());
            trouble->insert(which);
            BOOST_TEST(set_all(options) == expected);
            trouble->clear();
        }
    }
};

constexpr option priority{SOL_SOCKET, SO_PRIORITY};
constexpr option txtime{SOL_SOCKET, SO_TXTIME};
constexpr option timestamping{SOL_SOCKET, SO_TIMESTAMPING};
constexpr option busy_poll{SOL_SOCKET, SO_BUSY_POLL};
constexpr option device{SOL_SOCKET, SO_BINDTOIFINDEX};

os::send_options sending_to(char const* group)
{
    os::send_options options;
    options.group = net::group::parse(group).value().endpoint();
    return options;
}

/// Control messages as the kernel lays them out.
struct attached {
    alignas(cmsghdr) std::array<std::byte, 512> room{};
    msghdr message{};

    attached()
    {
        message.msg_control = room.data();
        message.msg_controllen = 0;
    }

    template <class Value>
    void add(int level, int type, Value const& value)
    {
        auto* const header = reinterpret_cast<cmsghdr*>(room.data() + message.msg_controllen);
        header->cmsg_level = level;
        header->cmsg_type = type;
        header->cmsg_len = CMSG_LEN(sizeof value);
        std::memcpy(CMSG_DATA(header), &value, sizeof value);
        message.msg_controllen += CMSG_SPACE(sizeof value);
    }

    os::queued_report report() const
    {
        os::queued_report result;
        os::read_queued_report(message, result);
        return result;
    }

    packet_metadata metadata() const
    {
        detail::filled_buffer out;
        os::take_control_messages(message, out);
        return out.whole.metadata;
    }
};

sock_extended_err queued(std::uint8_t origin, std::uint8_t code, std::uint32_t data)
{
    sock_extended_err result{};
    result.ee_errno = ENOMSG;
    result.ee_origin = origin;
    result.ee_code = code;
    result.ee_data = data;
    return result;
}

net::kernel_time at(std::chrono::nanoseconds since_1970)
{
    return net::kernel_time(since_1970);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(send_feed_options, fake_system)

BOOST_AUTO_TEST_CASE(nothing_is_set_that_was_not_asked_for)
{
    BOOST_TEST(!set_all(sending_to("239.1.1.1:5000")).failed());
    BOOST_TEST(!set_all(os::receive_options{}).failed());
    BOOST_TEST(kept.empty());
}

BOOST_AUTO_TEST_CASE(each_option_is_set_read_back_and_named_where_it_is_refused)
{
    auto options = sending_to("239.1.1.1:5000");
    options.priority = 5;
    is_named(options, priority, error::priority_refused);
    BOOST_TEST(told<int>(priority) == 5);

    options = sending_to("239.1.1.1:5000");
    options.dont_fragment = true;
    is_named(options, {IPPROTO_IP, IP_MTU_DISCOVER}, error::dont_fragment_refused);
    options = sending_to("[ff15::1]:5000");
    options.dont_fragment = true;
    is_named(options, {IPPROTO_IPV6, IPV6_MTU_DISCOVER}, error::dont_fragment_refused);
    is_named(options, {IPPROTO_IPV6, IPV6_DONTFRAG}, error::dont_fragment_refused);

    os::receive_options hearing;
    hearing.busy_poll = std::chrono::microseconds(50);
    is_named(hearing, busy_poll, error::busy_poll_refused);
    BOOST_TEST(told<int>(busy_poll) == 50);
}

BOOST_AUTO_TEST_CASE(launch_times_are_by_the_clock_asked_for_and_errors_are_asked_for)
{
    for (auto const& [clock, id] : {std::pair(net::launch_clock::monotonic, CLOCK_MONOTONIC),
                                    std::pair(net::launch_clock::tai, CLOCK_TAI)}) {
        auto options = sending_to("239.1.1.1:5000");
        options.launch_times = clock;
        is_named(options, txtime, error::launch_times_refused);
        BOOST_TEST(told<sock_txtime>(txtime).clockid == id);
        BOOST_TEST((told<sock_txtime>(txtime).flags & SOF_TXTIME_REPORT_ERRORS) != 0U);
    }
}

BOOST_AUTO_TEST_CASE(timestamps_are_those_asked_for)
{
    auto options = sending_to("239.1.1.1:5000");
    for (auto const& [source, flag, other] :
         {std::tuple(time_source::kernel, SOF_TIMESTAMPING_SOFTWARE, SOF_TIMESTAMPING_TX_HARDWARE),
          std::tuple(time_source::hardware, SOF_TIMESTAMPING_RAW_HARDWARE,
                     SOF_TIMESTAMPING_SOFTWARE)}) {
        options.send_times = source;
        is_named(options, timestamping, error::timestamps_refused);
        BOOST_TEST((told<int>(timestamping) & flag) != 0);
        BOOST_TEST((told<int>(timestamping) & other) == 0);
        // Without it kernels of before 2024 number nothing.
        BOOST_TEST((told<int>(timestamping) & SOF_TIMESTAMPING_TX_SOFTWARE) != 0);
        BOOST_TEST((told<int>(timestamping) & SOF_TIMESTAMPING_OPT_ID) != 0);
    }
    os::receive_options hearing;
    hearing.hardware_timestamps = true;
    is_named(hearing, timestamping, error::timestamps_refused);
    BOOST_TEST((told<int>(timestamping) & SOF_TIMESTAMPING_RX_HARDWARE) != 0);
    BOOST_TEST((told<int>(timestamping) & SOF_TIMESTAMPING_RAW_HARDWARE) != 0);
}

BOOST_AUTO_TEST_CASE(a_device_is_bound_to_unless_it_is_already)
{
    kept[device] = bytes(sizeof(int));
    BOOST_TEST(!os::bind_to_device(7, 3, calls).failed());
    BOOST_TEST(told<int>(device) == 3);
    refused.insert(device); // as for those who may bind a socket but once
    BOOST_TEST(!os::bind_to_device(7, 3, calls).failed());
    BOOST_TEST(os::bind_to_device(7, 4, calls) == error::device_refused);
    refused.clear();
    forgotten.insert(device);
    BOOST_TEST(os::bind_to_device(7, 4, calls) == error::device_refused);
    forgotten.clear();
    BOOST_TEST(os::bind_to_device(7, 0, calls) == error::device_refused);
}

BOOST_AUTO_TEST_CASE(a_launch_time_goes_to_the_kernel_in_nanoseconds)
{
    os::single_control<std::uint64_t> control;
    for (auto const& [when, sent] :
         {std::pair(1'234'567'890'123LL, std::uint64_t{1'234'567'890'123}),
          std::pair(-5LL, std::uint64_t{0})}) {
        msghdr message{};
        os::attach_launch_time(message, control, net::launch_time(std::chrono::nanoseconds(when)));
        auto const* const header = CMSG_FIRSTHDR(&message);
        BOOST_TEST_REQUIRE(header != nullptr);
        BOOST_TEST(header->cmsg_level == SOL_SOCKET);
        BOOST_TEST(header->cmsg_type == SCM_TXTIME);
        BOOST_TEST(header->cmsg_len == CMSG_LEN(8));
        BOOST_TEST(message.msg_controllen == CMSG_SPACE(8));
        std::uint64_t value = 1;
        std::memcpy(&value, CMSG_DATA(header), sizeof value);
        BOOST_TEST(value == sent);
    }
}

BOOST_AUTO_TEST_CASE(a_receive_time_of_the_adapter_goes_before_the_kernels_in_any_order)
{
    timespec const by_kernel{1000, 1};
    scm_timestamping by_hardware{};
    by_hardware.ts[2] = {1037, 2};
    for (bool const first : {true, false}) {
        attached came;
        if (first)
            came.add(SOL_SOCKET, SCM_TIMESTAMPING, by_hardware);
        came.add(SOL_SOCKET, SCM_TIMESTAMPNS, by_kernel);
        if (!first)
            came.add(SOL_SOCKET, SCM_TIMESTAMPING, by_hardware);
        auto const metadata = came.metadata();
        BOOST_TEST((metadata.receive_time_source == time_source::hardware));
        BOOST_TEST(
            (metadata.received_at == at(std::chrono::seconds(1037) + std::chrono::nanoseconds(2))));
    }
}

BOOST_AUTO_TEST_CASE(an_adapter_that_told_none_leaves_the_kernels_time)
{
    attached came;
    came.add(SOL_SOCKET, SCM_TIMESTAMPING, scm_timestamping{});
    BOOST_TEST((came.metadata().receive_time_source == time_source::none));
    came.add(SOL_SOCKET, SCM_TIMESTAMPNS, timespec{1000, 1});
    BOOST_TEST((came.metadata().receive_time_source == time_source::kernel));
    BOOST_TEST((came.metadata().received_at == at(std::chrono::nanoseconds(1'000'000'000'001))));
}

BOOST_AUTO_TEST_CASE(a_departure_is_told_with_its_number_and_the_better_clock)
{
    scm_timestamping times{};
    for (auto const source : {time_source::kernel, time_source::hardware}) {
        auto const index = source == time_source::kernel ? 0 : 2;
        times.ts[index] = {2000 + index, 5};
        attached came;
        came.add(SOL_SOCKET, SCM_TIMESTAMPING, times);
        came.add(IPPROTO_IP, IP_RECVERR, queued(SO_EE_ORIGIN_TIMESTAMPING, 0, 4'000'000'000));
        auto const report = came.report();
        BOOST_TEST((report.kind == os::report_kind::departure));
        BOOST_TEST(report.number == 4'000'000'000U);
        BOOST_TEST((report.source == source));
        BOOST_TEST(
            (report.at == at(std::chrono::seconds(2000 + index) + std::chrono::nanoseconds(5))));
    }
}

BOOST_AUTO_TEST_CASE(what_a_queue_dropped_for_its_time_is_told_apart)
{
    for (auto const& [code, expected] :
         {std::pair(SO_EE_CODE_TXTIME_MISSED, error::launch_time_missed),
          std::pair(SO_EE_CODE_TXTIME_INVALID_PARAM, error::launch_time_invalid)}) {
        attached came;
        auto report = queued(SO_EE_ORIGIN_TXTIME, static_cast<std::uint8_t>(code), 3);
        report.ee_info = 17;
        came.add(IPPROTO_IPV6, IPV6_RECVERR, report);
        BOOST_TEST((came.report().kind == os::report_kind::launch));
        BOOST_TEST((came.report().launch == net::launch_time((3LL << 32) * 1ns + 17ns)));
        BOOST_TEST(came.report().error == expected);
    }
}

BOOST_AUTO_TEST_SUITE_END()
