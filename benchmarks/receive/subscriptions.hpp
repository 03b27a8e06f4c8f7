// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "receive/contender.hpp"

namespace rollcast::bench {

/// `co_await subscription.recv()`.
std::unique_ptr<contender> make_recv(receive_setup const& setup);

/// `co_await subscription.recv_batch(batch)`, and every packet of the batch.
std::unique_ptr<contender> make_recv_batch(receive_setup const& setup);

/// `co_await receiver.recv()` with one subscription that hears everything, and three that are idle.
std::unique_ptr<contender> make_receiver(receive_setup const& setup);

} // namespace rollcast::bench
