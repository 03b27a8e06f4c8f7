// SPDX-License-Identifier: BSL-1.0
#include "receive/cases.hpp"

#include "receive/bare_loops.hpp"
#include "receive/plain_asio.hpp"
#include "receive/subscriptions.hpp"

#include <algorithm>
#include <array>

namespace rollcast::bench {
namespace {

constexpr std::array cases{
    bench_case{"recvfrom", "recvfrom", make_recvfrom, false},
    bench_case{"recvmsg", "recvmsg", make_recvmsg, false},
    bench_case{"recvmmsg", "recvmmsg", make_recvmmsg, false},
    bench_case{"recvmmsg_gro", "recvmmsg_gro", make_recvmmsg, true},
    bench_case{"async_receive_from", "recvfrom", make_async_receive_from, false},
    bench_case{"recv", "recvmsg", make_recv, false},
    bench_case{"recv_batch", "recvmmsg", make_recv_batch, false},
    bench_case{"recv_batch_gro", "recvmmsg_gro", make_recv_batch, true},
    bench_case{"receiver", "recvmsg", make_receiver, false},
};

} // namespace

std::span<bench_case const> all_cases() noexcept
{
    return cases;
}

bench_case const* find_case(std::string_view name) noexcept
{
    auto const found = std::ranges::find(cases, name, &bench_case::name);
    return found == cases.end() ? nullptr : &*found;
}

} // namespace rollcast::bench
