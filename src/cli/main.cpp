// SPDX-License-Identifier: BSL-1.0
#include "cli/commands.hpp"
#include "cli/ignored.hpp"
#include "cli/options.hpp"
#include "cli/output.hpp"
#include "cli/problem.hpp"
#include "os/console/quiet_thread.hpp"
#include "os/console/terminal.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/system/system_error.hpp>

#include <csignal>
#include <cstdio>
#include <exception>

namespace rollcast::cli {
namespace {

/// Runs one command until it ends, is interrupted, or its time is up.
class runner {
public:
    status run(auto const& options, auto command)
    {
        if (!is_ignored(SIGHUP))
            signals_.add(SIGHUP);
        await_signal();
        if (options.common.timeout)
            start_timer(*options.common.timeout);
        // A closed pipe is told by the write that fails, not by sudden death.
        broken_pipe_.async_wait([](error_code const&, int) {});
        if (!os::is_terminal(stdout)) // which has SIGHUP, and may be survived
            await_hangup();
        auto finished = [this](std::exception_ptr failure, status result) {
            failure_ = failure;
            result_ = result;
            context_.stop();
        };
        asio::co_spawn(context_, command(options, end_),
                       asio::bind_cancellation_slot(end_.slot(), finished));
        context_.run();
        if (failure_)
            std::rethrow_exception(failure_);
        if (end_.is_for_want_of_reader())
            throw unread();
        return result_;
    }

private:
    void await_signal()
    {
        signals_.async_wait([this](error_code const& ec, int) {
            if (ec)
                return;
            end_.now(stop::reason::signal);
            // A second one ends us where we stand; a terminal that goes may say so twice.
            error_code ignored;
            signals_.remove(SIGINT, ignored);
            signals_.remove(SIGTERM, ignored);
        });
    }

    /// Who would otherwise be missed only when there is something to say.
    void await_hangup()
    {
        if (reader_.is_open())
            reader_.async_wait(asio::posix::descriptor_base::wait_read,
                               [this](error_code const& ec) {
                                   if (!ec)
                                       end_.now(stop::reason::unread);
                               });
    }

    void start_timer(std::chrono::nanoseconds after)
    {
        timer_.expires_after(after);
        timer_.async_wait([this](error_code const& ec) {
            if (!ec)
                end_.now(stop::reason::timeout);
        });
    }

    asio::io_context context_{1};
    asio::signal_set signals_{context_, SIGINT, SIGTERM};
    asio::signal_set broken_pipe_{context_, SIGPIPE};
    asio::steady_timer timer_{context_};
    asio::posix::stream_descriptor reader_ = os::watch_reader(context_.get_executor(), stdout);
    stop end_;
    std::exception_ptr failure_;
    status result_ = done;
};

status run(options const& what)
{
    runner runner;
    if (auto const* info = std::get_if<information>(&what))
        return print_line(info->text), done;
    if (auto const* options = std::get_if<recv_options>(&what))
        return runner.run(*options, run_recv);
    if (auto const* options = std::get_if<send_options>(&what))
        return runner.run(*options, run_send);
    if (auto const* options = std::get_if<list_options>(&what))
        return runner.run(*options, run_list);
    if (auto const* options = std::get_if<doctor_options>(&what))
        return runner.run(*options, run_doctor);
    return runner.run(std::get<chart_options>(what), run_chart);
}

/// A closed standard stream would be replaced by the first socket to be opened, and what is meant
/// for the terminal would go to the network. Opening takes the lowest free places; three that are
/// taken already cost nothing.
void fill_standard_streams()
{
    for (int stream = 0; stream < 3; ++stream)
        (void)std::fopen("/dev/null", "r");
}

/// As it ends every program that does not catch it; the shell knows by that what has happened.
/// Returns where whoever has started us wants the signal to be ignored, and so a message instead.
void end_by_broken_pipe(bool ignored)
{
    if (!ignored)
        os::take_signal_here(SIGPIPE);
}

} // namespace
} // namespace rollcast::cli

int main(int argc, char** argv)
{
    using namespace rollcast::cli;
    fill_standard_streams();
    bool const may_write_in_vain = is_ignored(SIGPIPE);
    try {
        return run(parse(argc, argv));
    } catch (unread const& what) {
        end_by_broken_pipe(may_write_in_vain);
        complain(what.what());
        return what.status();
    } catch (problem const& what) {
        complain(what.what());
        return what.status();
    } catch (boost::system::system_error const& what) {
        bool const is_limit = what.code() == asio::error::no_descriptors;
        complain(is_limit ? explain(what.code()) : what.what());
        return failed;
    } catch (std::exception const& what) {
        complain(what.what());
        return failed;
    }
}
