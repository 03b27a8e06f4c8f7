// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <boost/test/tools/assertion_result.hpp>
#include <boost/test/tree/decorator.hpp>

#include <string>
#include <utility>

namespace rollcast::test {

/// A network namespace of its own, with `lo` up; it is gone when the object and every socket
/// made within it are. A socket stays in the namespace it was made in, so one thread and one
/// io_context can play several hosts.
class network_namespace {
public:
    network_namespace();
    network_namespace(network_namespace const&) = delete;
    network_namespace& operator=(network_namespace const&) = delete;
    ~network_namespace();

    /// Calls with this thread inside the namespace.
    template <class Call>
    decltype(auto) within(Call&& call) const
    {
        visit const inside(handle_);
        return std::forward<Call>(call)();
    }

    /// Feeds lines such as "addr add 10.0.0.1/24 dev e1" to ip(8) inside; throws if one fails.
    void ip(std::string const& lines) const;

    /// A shell command inside; throws if it fails.
    void command(std::string const& line) const;

    /// Names the namespace to ip(8), as in "link set e1 netns PATH".
    std::string path() const;

private:
    class visit {
    public:
        explicit visit(int where);
        visit(visit const&) = delete;
        visit& operator=(visit const&) = delete;
        ~visit();

    private:
        int home_;
    };

    int handle_ = -1;
};

/// One end of a cable: an interface, addressed by the number of the link and of the host.
struct plug {
    network_namespace const& host;
    std::string interface;
    unsigned host_number;
};

/// Joins two hosts by link `number`. Host h gets 10.9.<number>.<h>/24, fd09:<number>::<h>/64 and
/// fe80::<number>:<h>; both ends work when it returns.
void join_by_cable(unsigned number, plug const& one, plug const& other);

/// Whether namespaces can be made here, with the reason if not; for `precondition`.
boost::test_tools::assertion_result can_make_namespaces(boost::unit_test::test_unit_id);

} // namespace rollcast::test
