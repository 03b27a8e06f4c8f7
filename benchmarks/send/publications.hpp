// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "send/contender.hpp"

namespace rollcast::bench {

/// `co_await publication.send(payload)`.
std::unique_ptr<contender> make_send(send_setup const& setup);

/// `co_await publication.send_batch(payloads)`, where the payloads of a run follow each other.
std::unique_ptr<contender> make_send_batch(send_setup const& setup);

/// The same with payloads that lie apart.
std::unique_ptr<contender> make_send_batch_apart(send_setup const& setup);

} // namespace rollcast::bench
