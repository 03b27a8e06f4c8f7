// SPDX-License-Identifier: BSL-1.0
#include "metrics_files/json_fixture.hpp"
#include "support/printing.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <csignal>
#include <cstdint>
#include <limits>

#include <sys/resource.h>

using namespace rollcast;
using namespace rollcast::metrics;
using namespace std::chrono_literals;
using test::about;
using test::config_for;
using test::opened;

namespace {

constexpr auto infinity = std::numeric_limits<double>::infinity();
constexpr auto not_a_number = std::numeric_limits<double>::quiet_NaN();

/// No file grows beyond this size in the whole process, as on a disk that is full.
class file_size_limit {
public:
    explicit file_size_limit(std::uintmax_t size) : handler_(std::signal(SIGXFSZ, SIG_IGN))
    {
        ::getrlimit(RLIMIT_FSIZE, &before_);
        rlimit const limit{size, before_.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }

    ~file_size_limit()
    {
        ::setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, handler_);
    }

private:
    rlimit before_{};
    void (*handler_)(int);
};

} // namespace

BOOST_AUTO_TEST_SUITE(metrics_json_lines)

BOOST_AUTO_TEST_CASE(a_receiver_sample_has_the_fields_readers_know)
{
    test::folder folder;
    auto const path = folder / "network.jsonl";
    auto writer = opened(about(receive_artifact, path));
    receiver_snapshot earlier;
    receiver_snapshot later;
    static_cast<receiver_counters&>(later) = {{1, 2, 3, 4, 5, 6, 7, 8, 9}, 10, 11, 12, 13};
    later.active_subscriptions = 14;
    later.joined_subscriptions = 15;
    earlier.packets_received = 1;
    later.captured_at += 2s;
    later.wall_captured_at += 1'700'000'000s;
    BOOST_TEST(!writer.append(later, delta(earlier, later).value()));
    BOOST_TEST(test::lines_of(path).at(1) ==
               R"({"active_subscriptions":14,"batch_calls_delta":10,"batch_calls_total":10,)"
               R"("batch_packets_received_delta":11,"batch_packets_received_total":11,)"
               R"("bytes_per_sec":1E0,"bytes_received_delta":2,"bytes_received_total":2,)"
               R"("dropped_delta":9,"dropped_total":9,"filtered_delta":7,"filtered_total":7,)"
               R"("interval_secs":2E0,"join_count_delta":5,"join_count_total":5,)"
               R"("joined_subscriptions":15,"leave_count_delta":6,"leave_count_total":6,)"
               R"("packets_per_sec":0E0,"packets_received_delta":0,"packets_received_total":1,)"
               R"("receive_errors_delta":4,"receive_errors_per_sec":2E0,"receive_errors_total":4,)"
               R"("truncated_delta":8,"truncated_total":8,"ts":1.7E9,)"
               R"("would_block_count_delta":3,"would_block_count_total":3,)"
               R"("would_block_per_sec":1.5E0})");
}

BOOST_AUTO_TEST_CASE(a_sender_sample_has_the_fields_readers_know)
{
    test::folder folder;
    auto const path = folder / "network.jsonl";
    auto writer = opened(about(send_artifact, path));
    sender_snapshot earlier;
    sender_snapshot later;
    static_cast<sender_counters&>(later) = {{1, 2, 3, 4, 5}, 6, 7};
    later.active_publications = 8;
    earlier.packets_sent = 1;
    later.captured_at += 2s;
    later.wall_captured_at += 1'700'000'000s;
    BOOST_TEST(!writer.append(later, delta(earlier, later).value()));
    BOOST_TEST(test::lines_of(path).at(1) ==
               R"({"active_publications":8,"bytes_per_sec":1.5E0,"bytes_sent_delta":3,)"
               R"("bytes_sent_total":3,"dropped_delta":5,"dropped_total":5,)"
               R"("interval_secs":2E0,"packets_per_sec":5E-1,)"
               R"("packets_sent_delta":1,"packets_sent_total":2,"publications_added_delta":6,)"
               R"("publications_added_total":6,"publications_removed_delta":7,)"
               R"("publications_removed_total":7,"send_calls_delta":1,"send_calls_per_sec":5E-1,)"
               R"("send_calls_total":1,"send_errors_delta":4,"send_errors_per_sec":2E0,)"
               R"("send_errors_total":4,"ts":1.7E9})");
}

BOOST_AUTO_TEST_CASE(a_process_sample_has_the_fields_readers_know)
{
    test::folder folder;
    auto const path = folder / "network.jsonl";
    auto writer = opened(about(process_artifact, path));
    BOOST_TEST(!writer.append(process_delta{1.5, 2, 3, 4, 7, 350, 5, 6, 7, 8, 9, 10, 11, 12}));
    BOOST_TEST(test::lines_of(path).at(1) ==
               R"({"cpu_system_secs":4E0,"cpu_total_secs":7E0,"cpu_user_secs":3E0,)"
               R"("cpu_util_percent":3.5E2,"ctx_switches_involuntary":12,)"
               R"("ctx_switches_voluntary":11,"interval_secs":2E0,"open_fds":8,)"
               R"("page_faults_major":10,"page_faults_minor":9,"rss_bytes":5,"thread_count":7,)"
               R"("ts":1.5E0,"virtual_memory_bytes":6})");
}

BOOST_AUTO_TEST_CASE(a_sample_of_your_own_is_written_with_its_keys_in_order)
{
    test::folder folder;
    auto const path = folder / "own.jsonl";
    auto writer = opened(about("own", path));
    BOOST_TEST(
        !writer.append(" { \"ts\":7, \"a\":{\"z\":1,\"b\":\"x\\ny\"}, \"interval_secs\":0 } "));
    BOOST_TEST(test::lines_of(path).at(1) ==
               R"({"a":{"b":"x\ny","z":1},"interval_secs":0,"ts":7})");
}

BOOST_AUTO_TEST_CASE(what_is_no_sample_is_refused_and_not_written)
{
    test::folder folder;
    auto const config = config_for(folder / "network.jsonl");
    auto writer = opened(config);
    auto const before = test::content_of(config.path);
    for (auto const* text : {"",
                             "1",
                             "[]",
                             "null",
                             "{",
                             "{} {}",
                             "{}",
                             R"({"ts":1})",
                             R"({"interval_secs":1})",
                             R"({"interval_secs":-0.001,"ts":1})",
                             R"({"interval_secs":1,"ts":1e999})",
                             R"({"interval_secs":1e999,"ts":1})",
                             R"({"interval_secs":"1","ts":1})",
                             R"({"interval_secs":1,"ts":null})",
                             R"({"interval_secs":1,"ts":1,"x":[{"y":1e999}]})",
                             R"({"interval_secs":1,"ts":1,"schema":"heimdall-jsonl-v1"})",
                             R"({"interval_secs":1,"ts":1,"artifact_type":1})",
                             R"({"interval_secs":1,"ts":1,"node_id":1})",
                             R"({"interval_secs":1,"ts":1,"producer":1})",
                             R"({"interval_secs":1,"ts":1,"flags":{}})",
                             "{\"interval_secs\":1,\"ts\":1,\"x\":\"\xff\"}"})
        BOOST_TEST(writer.append(text) == error::invalid_metrics_sample, text);
    BOOST_TEST(test::content_of(config.path) == before);
}

BOOST_AUTO_TEST_CASE(a_sample_with_an_impossible_time_is_refused)
{
    test::folder folder;
    auto receive = opened(about(receive_artifact, folder / "receive.jsonl"));
    auto send = opened(about(send_artifact, folder / "send.jsonl"));
    auto process = opened(about(process_artifact, folder / "process.jsonl"));
    for (auto const wrong : {infinity, -infinity, not_a_number, -0.5}) {
        receiver_delta received;
        received.interval_secs = wrong;
        BOOST_TEST(receive.append({}, received) == error::invalid_metrics_sample);
        sender_delta sent;
        sent.interval_secs = wrong;
        BOOST_TEST(send.append({}, sent) == error::invalid_metrics_sample);
        process_delta used;
        used.interval_secs = wrong;
        BOOST_TEST(process.append(used) == error::invalid_metrics_sample);
    }
    process_delta used;
    used.ts = not_a_number;
    BOOST_TEST(process.append(used) == error::invalid_metrics_sample);
    used.ts = 1;
    used.cpu_util_percent = infinity;
    BOOST_TEST(process.append(used) == error::invalid_metrics_sample);
    for (auto const* name : {"receive.jsonl", "send.jsonl", "process.jsonl"})
        BOOST_TEST(test::lines_of(folder / name).size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_sample_of_another_artifact_is_refused)
{
    test::folder folder;
    auto receive = opened(about(receive_artifact, folder / "receive.jsonl"));
    BOOST_TEST(receive.append(sender_snapshot{}, sender_delta{}) == error::invalid_metrics_sample);
    BOOST_TEST(receive.append(process_delta{}) == error::invalid_metrics_sample);
    BOOST_TEST(!receive.append(receiver_snapshot{}, receiver_delta{}));
    auto send = opened(about(send_artifact, folder / "send.jsonl"));
    BOOST_TEST(send.append(receiver_snapshot{}, receiver_delta{}) == error::invalid_metrics_sample);
    BOOST_TEST(!send.append(sender_snapshot{}, sender_delta{}));
}

BOOST_AUTO_TEST_CASE(a_line_that_does_not_fit_leaves_nothing_behind)
{
    test::folder folder;
    auto const config = config_for(folder / "network.jsonl");
    auto writer = opened(config);
    BOOST_TEST(!writer.append(receiver_snapshot{}, receiver_delta{}));
    auto const before = test::content_of(config.path);
    {
        file_size_limit const limit(before.size() + 10);
        BOOST_TEST(writer.append(receiver_snapshot{}, receiver_delta{}) ==
                   boost::system::errc::file_too_large);
    }
    BOOST_TEST(test::content_of(config.path) == before);
    BOOST_TEST(!writer.append(receiver_snapshot{}, receiver_delta{}));
    BOOST_TEST(test::lines_of(config.path).size() == 3U);
}

BOOST_AUTO_TEST_SUITE_END()
