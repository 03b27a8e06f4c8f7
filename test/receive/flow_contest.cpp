// SPDX-License-Identifier: BSL-1.0
#include "receive/flow_contest.hpp"

#include "support/other_process.hpp"

#include <rollcast/receive/receiver.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <exception>

namespace rollcast::test {
namespace {

using clock = std::chrono::steady_clock;

/// Fewer than a queue holds, for whoever is not quick enough.
constexpr std::size_t burst = 40;

/// Long enough for one burst, short enough where some of it never comes.
constexpr std::chrono::milliseconds pause{100};

void run_for(asio::io_context& context, clock::duration time)
{
    context.restart();
    context.run_for(time);
}

asio::awaitable<void> hear(subscription& from, tally& into)
{
    for (;;) {
        auto const packet = co_await from.recv();
        into.note(packet.text());
    }
}

asio::awaitable<void> hear_from_both(receiver& from, std::array<tally, 2>& into)
{
    for (;;) {
        auto const packet = co_await from.recv();
        into.at(packet.subscription - 1).note(packet.text());
    }
}

asio::awaitable<void> hear_of_it(other_process& from, tally& into)
{
    for (;;) {
        auto const line = co_await from.line();
        into.note(line);
    }
}

/// What ends a listener shows in the tally.
void ended(std::exception_ptr) {}

asio::awaitable<void> tell_all(subscription& from, other_process::tell const& tell)
{
    for (;;) {
        auto const packet = co_await from.recv();
        tell(packet.text());
    }
}

/// The body of a process that subscribes on that host and tells what it hears.
auto subscriber(network_namespace const& host, subscription_config const& config)
{
    return [&](other_process::tell const& tell) {
        asio::io_context context;
        subscription sub(context.get_executor(), config);
        host.within([&] { sub.join(); });
        tell("joined");
        run(context, tell_all(sub, tell), std::chrono::minutes(1));
    };
}

} // namespace

void tally::note(std::string_view text)
{
    if (text.substr(0, 1) != std::to_string(side_))
        ++foreign_;
    else if (text.ends_with("end"))
        ended_ = true;
    else if (!own_.emplace(text).second)
        ++repeated_;
}

bool tally::is_complete() const noexcept
{
    return ended_ && own_.size() == flow_contest::flows;
}

void tally::check() const
{
    BOOST_TEST_CONTEXT("subscription " << side_)
    {
        BOOST_TEST(own_.size() == flow_contest::flows);
        BOOST_TEST(repeated_ == 0U);
        BOOST_TEST(foreign_ == 0U);
        BOOST_TEST(ended_);
    }
}

void flow_contest::in_one_process(contest const& of)
{
    auto first = joined(right, of.sides[0].ear);
    auto second = joined(right, of.sides[1].ear);
    asio::co_spawn(context, hear(first, tallies_[0]), ended);
    asio::co_spawn(context, hear(second, tallies_[1]), ended);
    compete(of);
}

void flow_contest::in_two_processes(contest const& of)
{
    other_process first(context, subscriber(right, of.sides[0].ear));
    BOOST_TEST_REQUIRE(run(context, first.line()) == "joined");
    other_process second(context, subscriber(right, of.sides[1].ear));
    BOOST_TEST_REQUIRE(run(context, second.line()) == "joined");
    asio::co_spawn(context, hear_of_it(first, tallies_[0]), ended);
    asio::co_spawn(context, hear_of_it(second, tallies_[1]), ended);
    compete(of);
    first.end();
    second.end();
    run_ready(context); // a line may have come already, and its listener asks for another
}

void flow_contest::through_a_receiver(contest const& of)
{
    receiver both(context.get_executor());
    right.within([&] {
        for (auto const& side : of.sides) {
            error_code ec;
            auto const id = both.add(side.ear, ec);
            BOOST_TEST_REQUIRE(!ec.failed());
            both.join(id, ec);
            BOOST_TEST_REQUIRE(!ec.failed());
        }
    });
    asio::co_spawn(context, hear_from_both(both, tallies_), ended);
    compete(of);
}

void flow_contest::send_flow(contest const& of, std::size_t side, std::string const& text)
{
    auto config = of.sides[side].mouth;
    config.source_port = ++last_port_;
    auto pub = opened(left, config);
    error_code ec;
    pub.try_send(asio::buffer(std::to_string(side) + " " + text), ec);
    BOOST_TEST_REQUIRE(!ec.failed());
}

void flow_contest::send_to_both(contest const& of)
{
    for (std::size_t const side : {0U, 1U})
        for (std::size_t flow = 1; flow <= flows; ++flow) {
            send_flow(of, side, std::to_string(flow));
            if (flow % burst == 0)
                let_them_hear(side, flow);
        }
}

void flow_contest::let_them_hear(std::size_t side, std::size_t sent)
{
    auto const deadline = clock::now() + pause;
    while (tallies_[side].heard() < sent && clock::now() < deadline)
        run_for(context, std::chrono::milliseconds(1));
}

void flow_contest::compete(contest const& of)
{
    tallies_ = {tally(0), tally(1)};
    send_to_both(of);
    // Whoever heard the end has heard all before it; an end may go astray as any other flow.
    auto const deadline = clock::now() + patience;
    while (!(tallies_[0].is_complete() && tallies_[1].is_complete()) && clock::now() < deadline) {
        send_flow(of, 0, "end");
        send_flow(of, 1, "end");
        run_for(context, std::chrono::milliseconds(5));
    }
    for (auto const& each : tallies_)
        each.check();
}

} // namespace rollcast::test
