// SPDX-License-Identifier: BSL-1.0
#include "cli/metrics_log.hpp"

#include "cli/problem.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string>
#include <utility>
#include <vector>

namespace rollcast::cli {
namespace {

std::string joined(std::vector<net::network_interface> const& interfaces)
{
    std::vector<std::string> names;
    for (auto const& each : interfaces)
        names.push_back(to_string(each));
    return fmt::format("{}", fmt::join(names, ","));
}

metrics::json_lines_config config_for(metrics_options const& options, net::group const& group)
{
    metrics::json_lines_config config;
    config.path = options.file;
    config.node_id = options.node_id;
    config.extra_flags = options.extra_flags;
    config.flags["transport"] = std::string("udp-multicast");
    config.flags["multicast_group"] = group.address.to_string();
    config.flags["multicast_port"] = std::int64_t{group.port};
    return config;
}

metrics::json_lines_writer open(metrics::json_lines_config const& config)
{
    auto writer = metrics::json_lines_writer::open(config);
    if (!writer)
        throw problem(failed, "--metrics-file " + writer.error().message());
    return std::move(*writer);
}

} // namespace

metrics::json_lines_config metrics_config(recv_options const& options)
{
    auto const& from = options.config;
    auto config = config_for(options.metrics, from.group);
    bool const any = from.sources.empty();
    config.flags["role"] = std::string("receiver");
    config.flags["multicast_interface"] = joined(from.interfaces);
    config.flags["join_mode"] = std::string(any ? "asm" : "ssm");
    config.flags["source_filter"] = std::string(any ? "any" : "source-specific");
    config.flags["batch_receive_enabled"] = options.batch.has_value();
    if (!any)
        config.flags["source_addr"] = from.sources.front().to_string();
    return config;
}

metrics::json_lines_config metrics_config(send_options const& options)
{
    auto const& to = options.config;
    auto config = config_for(options.metrics, to.group);
    using std::chrono::milliseconds;
    auto const interval = std::chrono::duration_cast<milliseconds>(options.interval);
    config.artifact_type = metrics::send_artifact;
    config.producer = metrics::send_producer;
    config.flags["role"] = std::string("sender");
    config.flags["multicast_source"] = to.source ? to.source->to_string() : std::string();
    config.flags["multicast_interface"] = to_string(to.interface);
    config.flags["publish_interval_ms"] = std::int64_t{interval.count()};
    config.flags["chunk_payload_bytes"] =
        static_cast<std::int64_t>(options.size.value_or(options.payload.size()));
    config.flags["pacing"] = std::string(options.interval.count() ? "fixed-interval" : "none");
    config.flags["batch_send_enabled"] = options.batch.has_value();
    config.flags["loopback_enabled"] = to.loopback;
    config.flags["ttl_or_hops"] = std::int64_t{to.hop_limit};
    return config;
}

metrics_file::metrics_file(metrics::json_lines_config const& config) : writer_(open(config)) {}

metrics_file::~metrics_file()
{
    if (!has_samples_)
        writer_.discard();
}

template <class Snapshot>
metrics_log<Snapshot>::metrics_log(metrics_options const& options,
                                   metrics::json_lines_config config,
                                   std::function<void(std::string const&)> complain)
    : options_(options), complain_(std::move(complain))
{
    if (options.file.empty())
        return;
    traffic_file_.emplace(config);
    process_file_.emplace(metrics::hardware_sibling(std::move(config)));
}

template <class Snapshot>
void metrics_log<Snapshot>::sample(Snapshot const& traffic)
{
    if (!traffic_file_ || failed_)
        return;
    if (auto const since = traffic_.sample(traffic))
        check(traffic_file_->append(traffic, *since));
    auto const process = metrics::capture_process();
    if (!process)
        return check(process.error());
    if (auto const since = process_.sample(*process))
        check(process_file_->append(*since));
}

/// A run goes on without its metrics, but not without saying so.
template <class Snapshot>
void metrics_log<Snapshot>::check(error_code const& ec)
{
    if (!ec || std::exchange(failed_, true))
        return;
    complain_("--metrics-file " + options_.file.string() + ": " + ec.message());
}

template class metrics_log<metrics::receiver_snapshot>;
template class metrics_log<metrics::sender_snapshot>;

} // namespace rollcast::cli
