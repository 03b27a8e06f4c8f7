// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "cli/options.hpp"

#include <rollcast/metrics/delta.hpp>
#include <rollcast/metrics/snapshot.hpp>
#include <rollcast/metrics_files/json_lines.hpp>
#include <rollcast/metrics_files/process.hpp>

#include <functional>
#include <optional>

namespace rollcast::cli {

/// The flags of a run, as its file's header has them.
metrics::json_lines_config metrics_config(recv_options const& options);
metrics::json_lines_config metrics_config(send_options const& options);

/// A file that grows by samples. One that was made for nothing, because the run did not come to its
/// first sample, is removed again.
class metrics_file {
public:
    /// Throws a problem where it cannot be written or is another run's.
    explicit metrics_file(metrics::json_lines_config const& config);
    ~metrics_file();
    metrics_file(metrics_file const&) = delete;
    metrics_file& operator=(metrics_file const&) = delete;

    error_code append(auto const&... sample)
    {
        auto const ec = writer_.append(sample...);
        has_samples_ = has_samples_ || !ec;
        return ec;
    }

private:
    metrics::json_lines_writer writer_;
    bool has_samples_ = false;
};

/// Writes samples of the traffic to one file and of the process to the one beside it.
template <class Snapshot>
class metrics_log {
public:
    /// Without a file it does nothing. Throws a problem where a file cannot be written or is
    /// another run's; where that happens later, it tells once by `complain`.
    metrics_log(metrics_options const& options, metrics::json_lines_config config,
                std::function<void(std::string const&)> complain);

    void sample(Snapshot const& traffic);

    bool has_failed() const noexcept { return failed_; }

private:
    void check(error_code const& ec);

    metrics_options const& options_;
    std::function<void(std::string const&)> complain_;
    std::optional<metrics_file> traffic_file_;
    std::optional<metrics_file> process_file_;
    metrics::sampler<Snapshot> traffic_;
    metrics::sampler<metrics::process_snapshot> process_;
    bool failed_ = false;
};

extern template class metrics_log<metrics::receiver_snapshot>;
extern template class metrics_log<metrics::sender_snapshot>;

} // namespace rollcast::cli
