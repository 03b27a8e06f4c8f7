// SPDX-License-Identifier: BSL-1.0
#include "support/namespace_lab.hpp"

#include "support/run.hpp"

#include <rollcast/net/interface_watcher.hpp>
#include <rollcast/net/network_interface.hpp>

#include <boost/asio/io_context.hpp>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <system_error>

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

namespace rollcast::test {
namespace {

[[noreturn]] void fail(char const* what)
{
    throw std::system_error(errno, std::system_category(), what);
}

int open_current()
{
    int const handle = ::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
    if (handle < 0)
        fail("open the network namespace");
    return handle;
}

std::string addresses(unsigned number, plug const& end)
{
    auto const link = std::to_string(number);
    auto const host = std::to_string(end.host_number);
    auto const& name = end.interface;
    return "link set " + name +
           " addrgenmode none\n" //
           "addr add 10.9." +
           link + "." + host + "/24 dev " + name +
           "\n" //
           "addr add fd09:" +
           link + "::" + host + "/64 dev " + name +
           " nodad\n" //
           "addr add fe80::" +
           link + ":" + host + "/64 dev " + name +
           " nodad\n" //
           "link set " +
           name + " up\n";
}

/// Unique, like the index of a new interface anyhow; and where both ends of a cable had the same,
/// Linux would take a second to notice that it works.
std::string new_index()
{
    static unsigned last = 100;
    return " index " + std::to_string(++last);
}

bool works(std::string const& interface)
{
    auto const info = net::resolve(net::network_interface(interface));
    return info && info->up && info->addresses.size() == 3;
}

/// The other end's coming up is noticed by the kernel a little later.
void wait_until_it_works(plug const& end)
{
    end.host.within([&] {
        asio::io_context context;
        net::interface_watcher watcher(context.get_executor());
        while (!works(end.interface))
            run(context, watcher.changed());
    });
}

} // namespace

network_namespace::visit::visit(int where) : home_(open_current())
{
    if (::setns(where, CLONE_NEWNET) != 0) {
        ::close(home_);
        fail("enter the network namespace");
    }
}

network_namespace::visit::~visit()
{
    // A test that went on in the wrong namespace could reach the machine's own network.
    if (::setns(home_, CLONE_NEWNET) != 0)
        std::abort();
    ::close(home_);
}

network_namespace::network_namespace()
{
    int const home = open_current();
    bool const made = ::unshare(CLONE_NEWNET) == 0;
    if (made) {
        handle_ = open_current();
        if (::setns(home, CLONE_NEWNET) != 0)
            std::abort();
    }
    ::close(home);
    if (!made)
        fail("make a network namespace");
    ip("link set lo up");
}

network_namespace::~network_namespace()
{
    ::close(handle_);
}

void network_namespace::ip(std::string const& lines) const
{
    command("ip -batch - <<'END'\n" + lines + "\nEND");
}

void network_namespace::command(std::string const& line) const
{
    int const status = within([&] { return std::system(line.c_str()); });
    if (status != 0)
        throw std::runtime_error("failed: " + line);
}

std::string network_namespace::path() const
{
    return "/proc/" + std::to_string(::getpid()) + "/fd/" + std::to_string(handle_);
}

void join_by_cable(unsigned number, plug const& one, plug const& other)
{
    one.host.ip("link add " + one.interface + new_index() + " type veth peer name " +
                other.interface + new_index() + " netns " + other.host.path());
    one.host.ip(addresses(number, one));
    other.host.ip(addresses(number, other));
    wait_until_it_works(one);
    wait_until_it_works(other);
}

boost::test_tools::assertion_result can_make_namespaces(boost::unit_test::test_unit_id)
{
    try {
        network_namespace const trial;
        return true;
    } catch (std::exception const& failure) {
        boost::test_tools::assertion_result result(false);
        result.message() << "network namespaces cannot be made here: " << failure.what();
        return result;
    }
}

} // namespace rollcast::test
