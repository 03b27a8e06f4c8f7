// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "os/linux/checked_option.hpp"
#include "os/receive_socket.hpp"
#include "os/send_socket.hpp"

#include <rollcast/error.hpp>

namespace rollcast::os {

/// Sets the options that only some configurations ask for; each has an error of its own where the
/// system refuses it.
error_code set_feed_options(native_socket socket, receive_options const& options,
                            option_calls const& calls = {}) noexcept;
error_code set_feed_options(native_socket socket, send_options const& options,
                            option_calls const& calls = {}) noexcept;

/// Binds a socket to a device, whose routes it follows then, such as those of a VRF. Index 0, of no
/// device, is refused.
error_code bind_to_device(native_socket socket, unsigned index,
                          option_calls const& calls = {}) noexcept;

} // namespace rollcast::os
