// SPDX-License-Identifier: BSL-1.0
#include "send/batches.hpp"
#include "support/loopback.hpp"
#include "support/printing.hpp"
#include "support/run.hpp"

#include <rollcast/receive/subscription.hpp>
#include <rollcast/send/sender.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/test/unit_test.hpp>

#include <optional>
#include <string_view>
#include <vector>

using namespace rollcast;
using test::ipv4;
using test::sending;
using test::texts;

namespace {

struct sender_on_lo {
    asio::io_context context;
    sender all{context.get_executor()};
    asio::const_buffer const payload = asio::buffer("hello", 5);

    static publication_config numbered_config(unsigned char number)
    {
        return sending({asio::ip::address_v4({239, 1, 2, number}), 5000});
    }

    static publication_config broken_config()
    {
        auto config = numbered_config(200);
        config.hop_limit = 256;
        return config;
    }

    subscription joined(publication_config const& config)
    {
        subscription sub(context.get_executor(), test::hearing(config.group));
        sub.join();
        return sub;
    }

    publication_id add(publication_config const& config)
    {
        error_code ec;
        auto const id = all.add(config, ec);
        BOOST_TEST_REQUIRE(!ec.failed());
        return id;
    }

    error_code failure_to_add(publication_config const& config)
    {
        error_code ec;
        BOOST_TEST(all.add(config, ec) == 0U);
        return ec;
    }

    void is_unknown(publication_id id);
};

void sender_on_lo::is_unknown(publication_id id)
{
    BOOST_TEST(all.find(id) == nullptr);
    BOOST_TEST(!all.take(id).has_value());
    BOOST_TEST(!all.remove(id));
    error_code ec;
    BOOST_TEST(all.try_send(id, payload, ec).bytes == 0U);
    BOOST_TEST(ec == error::unknown_id);
    BOOST_TEST(test::failure_of([&] { test::run(context, all.send(id, payload)); }) ==
               error::unknown_id);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(send_sender, sender_on_lo,
                         *boost::unit_test::precondition(test::loopback_carries_ipv4))

BOOST_AUTO_TEST_CASE(ids_start_at_1_and_are_never_used_again)
{
    BOOST_TEST(add(numbered_config(1)) == 1U);
    BOOST_TEST(add(numbered_config(2)) == 2U);
    BOOST_TEST(all.remove(2));
    BOOST_TEST(add(numbered_config(2)) == 3U);
    BOOST_TEST(all.remove(1));
    BOOST_TEST(all.remove(3));
    BOOST_TEST(add(numbered_config(1)) == 4U);
    BOOST_TEST(all.size() == 1U);
}

BOOST_AUTO_TEST_CASE(an_add_that_failed_uses_no_id)
{
    BOOST_TEST(add(numbered_config(1)) == 1U);
    BOOST_TEST(failure_to_add(numbered_config(1)) == error::duplicate_entry);
    BOOST_TEST(failure_to_add(broken_config()) == error::invalid_hop_limit);
    error_code ec;
    BOOST_TEST(all.add(publication(context.get_executor(), numbered_config(1)), ec) == 0U);
    BOOST_TEST(ec == error::duplicate_entry);
    BOOST_TEST(all.size() == 1U);
    BOOST_TEST(add(numbered_config(2)) == 2U);
}

BOOST_AUTO_TEST_CASE(a_duplicate_with_a_source_port_is_called_a_duplicate)
{
    auto config = numbered_config(1);
    config.source_port = 40000;
    add(config);
    BOOST_TEST(failure_to_add(config) == error::duplicate_entry);
}

BOOST_AUTO_TEST_CASE(configurations_that_differ_in_anything_are_no_duplicates)
{
    auto config = numbered_config(1);
    add(config);
    config.loopback = false;
    add(config);
    config.dscp = 46;
    add(config);
    config.replies = true;
    add(config);
    config.pacing_rate = 1'000'000;
    add(config);
    BOOST_TEST(all.size() == 5U);
}

BOOST_AUTO_TEST_CASE(adding_opens)
{
    auto const* const pub = all.find(add(numbered_config(1)));
    BOOST_TEST_REQUIRE(pub != nullptr);
    BOOST_TEST(pub->is_open());
    BOOST_TEST(pub->config().group == numbered_config(1).group);
}

BOOST_AUTO_TEST_CASE(what_is_removed_is_unknown)
{
    add(numbered_config(1));
    is_unknown(0);
    is_unknown(2);
    BOOST_TEST(all.remove(1));
    is_unknown(1);
}

BOOST_AUTO_TEST_CASE(an_unknown_id_is_told_to_every_form_of_completion)
{
    std::optional<error_code> told;
    BOOST_CHECK_NO_THROW(
        all.send(7, payload, [&](error_code ec, send_report const&) { told = ec; }));
    test::run_ready(context);
    BOOST_TEST_REQUIRE(told.has_value());
    BOOST_TEST(*told == error::unknown_id);
    test::run(context, [&]() -> asio::awaitable<void> {
        auto const [ec, report] = co_await all.send(7, payload, asio::as_tuple(asio::deferred));
        BOOST_TEST(ec == error::unknown_id);
    });
}

BOOST_AUTO_TEST_CASE(a_publication_taken_goes_on_by_itself)
{
    auto sub = joined(numbered_config(1));
    add(numbered_config(1));
    auto const source = all.find(1)->local_endpoint();
    auto taken = all.take(1);
    BOOST_TEST_REQUIRE(taken.has_value());
    BOOST_TEST(all.size() == 0U);
    is_unknown(1);
    auto const report = test::run(context, taken->send(payload));
    BOOST_TEST(report.publication == 0U);
    BOOST_TEST(report.source == source);
    BOOST_TEST((test::queued_texts(sub) == texts{"hello"}));
    error_code ec;
    BOOST_TEST(all.add(std::move(*taken), ec) == 2U);
    BOOST_TEST(all.find(2)->local_endpoint() == source);
}

BOOST_AUTO_TEST_CASE(all_are_walked_in_the_order_of_their_ids)
{
    for (unsigned char number = 1; number <= 4; ++number)
        add(numbered_config(number));
    all.remove(2);
    std::vector<publication_id> ids;
    for (auto const& [id, pub] : all.publications()) {
        BOOST_TEST(&pub == all.find(id));
        ids.push_back(id);
        if (id == 3)
            all.remove(1); // it has been walked
    }
    BOOST_TEST((ids == std::vector<publication_id>{1, 3, 4}));
    BOOST_TEST(all.publications().size() == 2U);
}

BOOST_AUTO_TEST_CASE(what_replaces_a_publication_has_its_id)
{
    auto first = joined(numbered_config(1));
    auto second = joined(numbered_config(2));
    auto const id = add(numbered_config(1));
    add(numbered_config(3));
    all.replace_publication(id, numbered_config(2));
    auto const report = test::run(context, all.send(id, payload));
    BOOST_TEST(report.publication == id);
    BOOST_TEST(test::queued_texts(first).empty());
    BOOST_TEST((test::queued_texts(second) == texts{"hello"}));
    BOOST_TEST(all.size() == 2U);
    BOOST_TEST(add(numbered_config(1)) == 3U); // which is free again
}

BOOST_AUTO_TEST_CASE(what_cannot_be_opened_replaces_nothing)
{
    auto sub = joined(numbered_config(1));
    auto const id = add(numbered_config(1));
    auto const source = all.find(id)->local_endpoint();
    error_code ec;
    all.replace_publication(id, broken_config(), ec);
    BOOST_TEST(ec == error::invalid_hop_limit);
    add(numbered_config(3));
    all.replace_publication(id, numbered_config(3), ec);
    BOOST_TEST(ec == error::duplicate_entry);
    all.replace_publication(7, numbered_config(4), ec);
    BOOST_TEST(ec == error::unknown_id);
    test::run(context, all.send(id, payload));
    BOOST_TEST((test::queued_texts(sub) == texts{"hello"}));
    BOOST_TEST(all.find(id)->local_endpoint() == source);
}

BOOST_AUTO_TEST_CASE(a_refused_replacement_says_why)
{
    add(numbered_config(1));
    auto const complaint = [&](publication_id id) {
        try {
            all.replace_publication(id, broken_config());
        } catch (boost::system::system_error const& problem) {
            return std::string(problem.what());
        }
        return std::string();
    };
    BOOST_TEST(complaint(1).find("256") != std::string::npos);
    BOOST_TEST(complaint(7).find("there are: 1") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_source_port_passes_on_and_is_shared_with_nobody_else)
{
    for (bool const replies : {false, true}) {
        auto config = numbered_config(1);
        config.replies = replies;
        auto const id = add(config);
        config.source_port = all.find(id)->local_endpoint().port();
        all.replace_publication(id, config);
        config.dscp = 10;
        all.replace_publication(id, config);
        BOOST_TEST(all.find(id)->local_endpoint().port() == config.source_port);
        BOOST_TEST(all.find(id)->config().dscp == 10);
        config.dscp = 11;
        BOOST_TEST(failure_to_add(config) == asio::error::address_in_use);
        all.remove(id);
    }
}

BOOST_AUTO_TEST_CASE(what_waits_for_a_replaced_publication_ends)
{
    auto config = numbered_config(1);
    config.replies = true;
    auto const id = add(config);
    std::array<char, 16> answer{};
    error_code ended;
    all.find(id)->recv_reply(asio::buffer(answer),
                             [&](error_code const& ec, reply const&) { ended = ec; });
    context.poll(); // until it waits
    all.replace_publication(id, numbered_config(2));
    test::run_until(context, [&] { return ended.failed(); });
    BOOST_TEST(ended == asio::error::operation_aborted);
}

BOOST_AUTO_TEST_CASE(sending_by_id_sends_by_that_publication_alone)
{
    auto first = joined(numbered_config(1));
    auto second = joined(numbered_config(2));
    add(numbered_config(1));
    add(numbered_config(2));
    BOOST_TEST(test::run(context, all.send(2, payload)).publication == 2U);
    error_code ec;
    BOOST_TEST(all.try_send(2, payload, ec).publication == 2U);
    BOOST_TEST(test::result_of(context, all.send(2, payload, asio::use_future)).publication == 2U);
    BOOST_TEST(test::queued_texts(first).empty());
    BOOST_TEST(test::queued_texts(second).size() == 3U);
}

BOOST_AUTO_TEST_CASE(send_all_tells_of_each_in_the_order_of_ids_and_goes_on_past_a_failure)
{
    auto first = joined(numbered_config(1));
    auto last = joined(numbered_config(3));
    add(numbered_config(1));
    error_code ec;
    BOOST_TEST(all.add(publication(context.get_executor(), broken_config()), ec) == 2U);
    add(numbered_config(3));
    auto const is_right = [&](std::span<delivery const> made) {
        BOOST_TEST_REQUIRE(made.size() == 3U);
        for (std::size_t i = 0; i < 3; ++i)
            BOOST_TEST(made[i].report.publication == i + 1);
        BOOST_TEST(made[1].error == error::invalid_hop_limit);
        BOOST_TEST(made[1].report.bytes == 0U);
        for (auto const i : {0U, 2U}) {
            BOOST_TEST(!made[i].error.failed());
            BOOST_TEST(made[i].report.bytes == 5U);
            BOOST_TEST(made[i].report.source == all.find(i + 1)->local_endpoint());
            BOOST_TEST(made[i].report.destination == all.find(i + 1)->destination());
        }
        for (auto* const sub : {&first, &last})
            BOOST_TEST((test::queued_texts(*sub) == texts{"hello"}));
    };
    is_right(test::run(context, all.send_all(payload)));
    is_right(all.try_send_all(payload));
    is_right(test::result_of(context, all.send_all(payload, asio::use_future)));
}

BOOST_AUTO_TEST_CASE(what_a_sender_refuses_stays_the_callers)
{
    error_code ec;
    all.add(sending(ipv4.any_source), ec);
    BOOST_TEST(!ec, ec.message());
    publication twin(context, sending(ipv4.any_source));
    twin.open();
    BOOST_TEST(all.add(std::move(twin), ec) == 0U);
    BOOST_TEST(ec == error::duplicate_entry);
    BOOST_TEST(twin.is_open());
}

BOOST_AUTO_TEST_CASE(a_sender_without_publications_sends_nothing)
{
    BOOST_TEST(test::run(context, all.send_all(payload)).empty());
    BOOST_TEST(all.try_send_all(payload).empty());
}

BOOST_AUTO_TEST_CASE(a_fan_out_that_starts_after_the_sender_is_gone_is_aborted)
{
    std::optional<sender> other(std::in_place, context.get_executor());
    error_code ec;
    other->add(numbered_config(1), ec);
    auto late = other->send_all(payload);
    other.reset();
    BOOST_TEST(test::failure_of([&] { test::run(context, std::move(late)); }) ==
               asio::error::operation_aborted);
}

BOOST_AUTO_TEST_CASE(a_moved_sender_goes_on)
{
    add(numbered_config(1));
    sender moved(std::move(all));
    BOOST_TEST(moved.size() == 1U);
    BOOST_TEST(moved.try_send_all(payload).size() == 1U);
    error_code ec;
    BOOST_TEST(moved.add(numbered_config(2), ec) == 2U);
}

BOOST_AUTO_TEST_SUITE_END()
