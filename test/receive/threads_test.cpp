// SPDX-License-Identifier: BSL-1.0
#include "support/loopback.hpp"
#include "support/run.hpp"

#include <rollcast/receive.hpp>
#include <rollcast/send.hpp>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/test/unit_test.hpp>

#include <string>
#include <thread>
#include <vector>

// Operations with a token may be started in any thread, while others run the executor.

using namespace rollcast;

namespace {

struct foreign_threads {
    static constexpr int packets = 300;

    asio::io_context context;
    asio::any_io_executor strand = asio::make_strand(context);
    asio::executor_work_guard<asio::io_context::executor_type> work{context.get_executor()};
    std::vector<std::jthread> threads;
    subscription sub{strand, test::hearing(test::ipv4.any_source)};
    publication pub{strand, test::sending(test::ipv4.any_source)};
    sender all{strand};

    foreign_threads()
    {
        sub.join();
        all.add(test::sending(test::ipv4.any_source));
        for (int i = 0; i < 3; ++i)
            threads.emplace_back([this] { context.run(); });
    }
    ~foreign_threads()
    {
        work.reset();
        threads.clear();
    }

    template <class T>
    static T get(std::future<T> pending)
    {
        BOOST_TEST_REQUIRE((pending.wait_for(test::patience) == std::future_status::ready));
        return pending.get();
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(receive_threads, foreign_threads,
                         *boost::unit_test::precondition(test::loopback_carries_ipv4))

BOOST_AUTO_TEST_CASE(sends_and_receives_may_be_started_in_other_threads)
{
    std::jthread const sending([this] {
        for (int i = 0; i < packets; ++i) {
            auto const text = std::to_string(i);
            if (i % 2 == 0)
                pub.send(asio::buffer(text), asio::use_future).get();
            else
                all.send_all(asio::buffer(text), asio::use_future).get();
        }
    });
    batch into;
    std::size_t heard = 0;
    while (heard < packets)
        heard += get(sub.recv_batch(into, asio::use_future));
    BOOST_TEST(heard == std::size_t{packets});
}

BOOST_AUTO_TEST_CASE(sends_of_one_thread_leave_in_their_order)
{
    std::vector<std::string> texts;
    for (int i = 0; i < 100; ++i)
        texts.push_back(std::to_string(i));
    std::vector<std::future<send_report>> pending;
    for (auto const& text : texts)
        pending.push_back(pub.send(asio::buffer(text), asio::use_future));
    for (auto& each : pending)
        get(std::move(each));
    std::vector<std::string> heard;
    batch into;
    while (heard.size() < texts.size()) {
        get(sub.recv_batch(into, asio::use_future));
        for (auto const& packet : into)
            heard.emplace_back(packet.text());
    }
    BOOST_TEST((heard == texts));
}

BOOST_AUTO_TEST_SUITE_END()
