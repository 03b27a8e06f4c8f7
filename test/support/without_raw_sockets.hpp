// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <boost/test/unit_test.hpp>

#include <array>

#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace rollcast::test {

/// As long as it lives this thread lacks the right to make raw sockets and to bind a socket to
/// another interface than before (CAP_NET_RAW), as programs of users do.
class without_raw_sockets {
public:
    without_raw_sockets()
    {
        BOOST_TEST_REQUIRE(::syscall(SYS_capget, &header_, before_.data()) == 0);
        auto fewer = before_;
        fewer[0].effective &= ~(1U << CAP_NET_RAW);
        BOOST_TEST_REQUIRE(::syscall(SYS_capset, &header_, fewer.data()) == 0);
    }
    without_raw_sockets(without_raw_sockets const&) = delete;
    ~without_raw_sockets() { (void)::syscall(SYS_capset, &header_, before_.data()); }

private:
    __user_cap_header_struct header_{_LINUX_CAPABILITY_VERSION_3, 0};
    std::array<__user_cap_data_struct, 2> before_{};
};

} // namespace rollcast::test
