// SPDX-License-Identifier: BSL-1.0
#include "support/child.hpp"

#include "support/system.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <exception>

#include <sys/wait.h>
#include <unistd.h>

namespace rollcast::bench {
namespace {

bool write_all(int to, std::span<std::byte const> bytes)
{
    return ::write(to, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size());
}

[[noreturn]] void work_and_exit(std::chrono::seconds limit, int to, std::span<std::byte> result,
                                std::function<void()> const& work)
{
    bool ok = false;
    ::alarm(static_cast<unsigned>(limit.count()));
    try {
        work();
        ok = write_all(to, result);
    } catch (std::exception const& failure) {
        fmt::print(stderr, "{}: {}\n", program_invocation_short_name, failure.what());
    }
    ::_exit(ok ? 0 : 1);
}

bool ended_well(pid_t child, std::chrono::seconds limit)
{
    int status = 0;
    check(::waitpid(child, &status, 0), "waitpid");
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
        fmt::print(stderr, "{}: a case did not end within {} s\n", program_invocation_short_name,
                   limit.count());
    else if (WIFSIGNALED(status))
        fmt::print(stderr, "{}: a case ended by signal {}\n", program_invocation_short_name,
                   WTERMSIG(status));
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

} // namespace

bool run_in_child(std::chrono::seconds limit, std::span<std::byte> result,
                  std::function<void()> const& work)
{
    int ends[2];
    check(::pipe(ends), "pipe");
    auto const child = check(::fork(), "fork");
    if (child == 0)
        work_and_exit(limit, ends[1], result, work);
    ::close(ends[1]);
    bool const read =
        ::read(ends[0], result.data(), result.size()) == static_cast<ssize_t>(result.size());
    ::close(ends[0]);
    return ended_well(child, limit) && read;
}

} // namespace rollcast::bench
