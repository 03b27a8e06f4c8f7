// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <boost/test/unit_test.hpp>

#include <array>

#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace rollcast::test {

/// As long as it lives this thread lacks a right, as programs of users do: to make raw sockets and
/// to bind a socket to another interface than before (CAP_NET_RAW), or to exceed what the system
/// grants everybody (CAP_NET_ADMIN).
class without_capability {
public:
    explicit without_capability(unsigned which)
    {
        BOOST_TEST_REQUIRE(::syscall(SYS_capget, &header_, before_.data()) == 0);
        auto fewer = before_;
        fewer[0].effective &= ~(1U << which);
        BOOST_TEST_REQUIRE(::syscall(SYS_capset, &header_, fewer.data()) == 0);
    }
    without_capability(without_capability const&) = delete;
    ~without_capability() { (void)::syscall(SYS_capset, &header_, before_.data()); }

private:
    __user_cap_header_struct header_{_LINUX_CAPABILITY_VERSION_3, 0};
    std::array<__user_cap_data_struct, 2> before_{};
};

} // namespace rollcast::test
