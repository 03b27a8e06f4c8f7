// SPDX-License-Identifier: BSL-1.0
// Writes files for others to read: write_samples FOLDER. Or keeps a file open until its standard
// input ends: write_samples --hold FILE, which says "held" once nobody else may write it.
#include "metrics/recorder.hpp"

#include <rollcast/metrics_files.hpp>

#include <chrono>
#include <iostream>
#include <string>
#include <thread>

using namespace rollcast;
using namespace rollcast::metrics;

namespace {

constexpr int sample_count = 4;

void check(error_code const& ec)
{
    if (ec)
        throw boost::system::system_error(ec);
}

json_lines_config receive_config(std::filesystem::path const& path)
{
    json_lines_config config;
    config.path = path;
    config.flags = {{"transport", "udp-multicast"},       {"role", "receiver"},
                    {"multicast_group", "232.1.2.3"},     {"multicast_port", 5000},
                    {"multicast_interface", "lo"},        {"join_mode", "ssm"},
                    {"source_filter", "source-specific"}, {"source_addr", "127.0.0.1"},
                    {"batch_receive_enabled", false}};
    config.extra_flags = R"({"experiment":"baseline","role":"not this"})";
    return config;
}

json_lines_config send_config(std::filesystem::path const& path)
{
    json_lines_config config;
    config.path = path;
    config.artifact_type = send_artifact;
    config.producer = send_producer;
    config.flags = {{"transport", "udp-multicast"},  {"role", "sender"},
                    {"multicast_group", "ff3e::1"},  {"multicast_port", 5000},
                    {"multicast_source", "default"}, {"multicast_interface", "default"},
                    {"publish_interval_ms", 10},     {"chunk_payload_bytes", 1200},
                    {"pacing", "fixed-interval"},    {"batch_send_enabled", false},
                    {"loopback_enabled", true},      {"ttl_or_hops", 1}};
    return config;
}

receiver_record more(receiver_record record)
{
    record.passed.packets += 10;
    record.passed.bytes += 1234;
    record.passed.would_block += 3;
    record.passed.joins = 2;
    record.passed.leaves = 1;
    ++record.passed.errors;
    ++record.batch_calls;
    record.batch_packets += 7;
    record.subscriptions_added = 2;
    record.active_subscriptions = 2;
    record.joined_subscriptions = 1;
    return record;
}

sender_record more(sender_record record)
{
    record.passed.calls += 10;
    record.passed.packets += 9;
    record.passed.bytes += 900;
    ++record.passed.errors;
    record.publications_added = 1;
    record.active_publications = 1;
    return record;
}

template <class Record>
void write_network(json_lines_config const& config)
{
    recorder<Record> recorder;
    auto const reader = recorder.switch_on();
    sampler<decltype(reader.snapshot())> samples;
    auto writer = json_lines_writer::open(config).value();
    for (int written = 0; written < sample_count;) {
        recorder.record([](Record& record) { record = more(record); });
        auto const snapshot = reader.snapshot();
        auto const difference = samples.sample(snapshot);
        if (difference)
            check(writer.append(snapshot, *difference));
        written += difference.has_value();
        std::this_thread::sleep_for(std::chrono::milliseconds(2)); // an interval to be measured
    }
}

void write_process(json_lines_config const& config)
{
    sampler<process_snapshot> samples;
    auto writer = json_lines_writer::open(config).value();
    for (int written = 0; written < sample_count;) {
        auto const difference = samples.sample(capture_process().value());
        if (difference)
            check(writer.append(*difference));
        written += difference.has_value();
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
}

void write_all(std::filesystem::path const& folder)
{
    auto const receive = receive_config(folder / "receive.jsonl");
    auto const send = send_config(folder / "send.jsonl");
    write_network<receiver_record>(receive);
    write_network<sender_record>(send);
    write_process(hardware_sibling(receive));
    write_process(hardware_sibling(send));
}

void hold(std::filesystem::path const& path)
{
    auto const writer = json_lines_writer::open(receive_config(path)).value();
    std::cout << "held" << std::endl;
    std::string line;
    while (std::getline(std::cin, line)) {
    }
}

} // namespace

int main(int argc, char** argv)
try {
    if (argc == 3 && std::string_view(argv[1]) == "--hold")
        hold(argv[2]);
    else
        write_all(argv[1]);
} catch (boost::system::system_error const& problem) {
    std::cerr << problem.code().message() << '\n';
    return 1;
}
