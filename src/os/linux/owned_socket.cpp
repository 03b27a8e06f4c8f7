// SPDX-License-Identifier: BSL-1.0
#include "os/owned_socket.hpp"

#include <unistd.h>

namespace rollcast::os {

owned_socket::~owned_socket()
{
    if (is_open())
        ::close(handle_);
}

} // namespace rollcast::os
