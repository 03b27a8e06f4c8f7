// SPDX-License-Identifier: BSL-1.0
#include <rollcast/testing/network.hpp>

#include "detail/printing.hpp"
#include "testing/memory_carrier.hpp"
#include "testing/memory_environment.hpp"
#include "testing/switchboard.hpp"

#include <boost/asio/executor_work_guard.hpp>

#include <algorithm>
#include <ostream>
#include <stdexcept>
#include <utility>

namespace rollcast::testing {

ROLLCAST_PRINTED(conditions)

chart_config host::place(chart_config config) const
{
    config.environment = detail::environment_of(machine_);
    return config;
}

asio::ip::address host::address() const
{
    return machine_->v4;
}

namespace {

void plug(detail::machine& which, bool in)
{
    if (which.plugged_in == in)
        return;
    which.plugged_in = in;
    for (auto const& each : which.board->carriers_of(which))
        each->note_cable();
}

} // namespace

void host::unplug()
{
    plug(*machine_, false);
}

void host::plug_in()
{
    plug(*machine_, true);
}

void host::obstruct(error_code why)
{
    if (why == machine_->obstruction)
        return;
    machine_->obstruction = why;
    for (auto const& each : machine_->board->carriers_of(*machine_))
        each->note_obstruction(why);
}

void host::refuse(error_code why)
{
    machine_->refusal = why;
}

network::network(asio::io_context& context, std::uint64_t seed)
    : context_(context), board_(std::make_shared<detail::switchboard>(seed))
{
}

network::~network() = default;

host network::add_host()
{
    return host(board_->add_machine(board_));
}

void network::set_conditions(conditions const& how)
{
    using std::chrono::nanoseconds;
    if (!(how.loss >= 0 && how.loss <= 1))
        throw std::invalid_argument("set_conditions: the loss is a share, from 0 to 1");
    if (how.delay < nanoseconds(0) || how.jitter < nanoseconds(0))
        throw std::invalid_argument("set_conditions: delay and jitter are not negative");
    board_->set_conditions(how);
}

void network::cut(host const& from, host const& to)
{
    board_->cut(*from.machine_, *to.machine_);
}

void network::part(std::vector<host> const& some, std::vector<host> const& others)
{
    for (auto const& one : some)
        for (auto const& other : others) {
            cut(one, other);
            cut(other, one);
        }
}

void network::heal()
{
    board_->heal();
}

void network::run_for(std::chrono::nanoseconds how_long)
{
    run_until([] { return false; }, how_long);
}

bool network::run_until(std::function<bool()> const& condition, std::chrono::nanoseconds limit)
{
    if (std::exchange(running_, true))
        throw std::logic_error("run_for: the network runs already; call it outside of handlers");
    struct resting {
        bool& running;
        ~resting() { running = false; }
    } const rest{running_};
    auto& plans = board_->plans();
    auto const end = plans.later(std::chrono::duration_cast<detail::duration>(limit));
    context_.restart();
    // So that the context stops only where somebody has stopped it.
    auto const work = asio::make_work_guard(context_);
    for (;;) {
        context_.poll();
        if (condition())
            return true;
        if (context_.stopped())
            return false;
        auto const next = plans.next();
        if (!next || *next > end)
            break;
        plans.advance();
    }
    if (end != detail::time_point::max())
        plans.advance_to(std::max(plans.now(), end));
    return false;
}

std::chrono::steady_clock::time_point network::now() const
{
    return board_->plans().now();
}

std::chrono::nanoseconds network::elapsed() const
{
    return board_->plans().passed();
}

} // namespace rollcast::testing
