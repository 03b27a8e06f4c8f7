// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "os/linux/checked_option.hpp"
#include "os/receive_socket.hpp"
#include "os/send_socket.hpp"

#include <rollcast/error.hpp>

namespace rollcast::os {

/// What a configuration asks for beside what every socket has; each is named where it is refused.
error_code set_feed_options(native_socket socket, receive_options const& options,
                            option_calls const& calls = {}) noexcept;
error_code set_feed_options(native_socket socket, send_options const& options,
                            option_calls const& calls = {}) noexcept;

/// Binds a socket to a device, as the routes of a VRF are asked; 0 is none.
error_code bind_to_device(native_socket socket, unsigned index,
                          option_calls const& calls = {}) noexcept;

} // namespace rollcast::os
