// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/metrics/delta.hpp>

#include <boost/describe/class.hpp>

namespace rollcast::metrics {

/// What grew between two snapshots of a subscription or a receiver, per second of that interval; 0
/// where no time has passed. Bytes are payload.
struct receive_rates {
    double packets_per_sec = 0;
    double bytes_per_sec = 0;
    double would_block_per_sec = 0;
    double receive_errors_per_sec = 0;
};
BOOST_DESCRIBE_STRUCT(receive_rates, (),
                      (packets_per_sec, bytes_per_sec, would_block_per_sec, receive_errors_per_sec))

/// The same of a publication or a sender.
struct send_rates {
    double send_calls_per_sec = 0;
    double packets_per_sec = 0;
    double bytes_per_sec = 0;
    double send_errors_per_sec = 0;
};
BOOST_DESCRIBE_STRUCT(send_rates, (),
                      (send_calls_per_sec, packets_per_sec, bytes_per_sec, send_errors_per_sec))

/// Averages over the whole interval, by the steady clock; a burst within it does not show.
ROLLCAST_EXPORT receive_rates rates(subscription_delta const& delta);
ROLLCAST_EXPORT receive_rates rates(receiver_delta const& delta);
ROLLCAST_EXPORT send_rates rates(publication_delta const& delta);
ROLLCAST_EXPORT send_rates rates(sender_delta const& delta);

} // namespace rollcast::metrics
