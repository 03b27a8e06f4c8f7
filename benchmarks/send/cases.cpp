// SPDX-License-Identifier: BSL-1.0
#include "send/cases.hpp"

#include "send/bare_loops.hpp"
#include "send/plain_asio.hpp"
#include "send/publications.hpp"

#include <algorithm>
#include <array>

namespace rollcast::bench {
namespace {

constexpr std::array cases{
    bench_case{"bare_send", "bare_send", make_bare_send, false},
    bench_case{"sendmmsg", "sendmmsg", make_sendmmsg, false},
    bench_case{"udp_segment", "udp_segment", make_udp_segment, true},
    bench_case{"async_send_to", "bare_send", make_async_send_to, false},
    bench_case{"send", "bare_send", make_send, false},
    bench_case{"send_batch", "udp_segment", make_send_batch, true},
    bench_case{"send_batch_apart", "udp_segment", make_send_batch_apart, true},
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
