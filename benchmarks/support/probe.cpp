// SPDX-License-Identifier: BSL-1.0
#include "support/probe.hpp"

#include "support/bare_socket.hpp"
#include "support/sender.hpp"

#include <algorithm>
#include <stdexcept>

namespace rollcast::bench {
namespace {

net::group const probe_group{asio::ip::make_address("239.255.77.3"), 47003};

} // namespace

void require_multicast_on_loopback()
{
    auto const socket = open_receiver(probe_group);
    sender(probe_group, 1, false).send(1);
    if (!becomes_readable(socket.get(), 1000))
        throw std::runtime_error("what was sent did not arrive");
}

std::size_t sends_that_fit(queued const& what, std::size_t most)
{
    auto const socket = open_receiver(probe_group);
    if (what.coalesce)
        ask_for_runs(socket.get());
    sender to(probe_group, what.size, what.in_runs);
    to.send(most);
    auto const pieces = what.coalesce ? 1 : to.packets_per_send();
    auto const dropped = std::min((queue_drops(socket.get()) + pieces - 1) / pieces, most);
    return dropped == 0 ? most : std::max<std::size_t>((most - dropped) * 7 / 8, 1);
}

} // namespace rollcast::bench
