// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/error.hpp>
#include <rollcast/export.hpp>
#include <rollcast/metrics/delta.hpp>
#include <rollcast/metrics_files/process.hpp>

#include <boost/describe/class.hpp>

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

/// Files of samples, one JSON object a line below one line of header: `heimdall-jsonl-v1`.
///
/// The header tells the schema, the artifact (what the samples are about), the node, the producer,
/// when the file was begun and flags of the run. Text is UTF-8, times are seconds since 1970.
namespace rollcast::metrics {

inline constexpr std::string_view json_lines_schema = "heimdall-jsonl-v1";

// What a file's samples are about: of a `receiver_delta`, a `sender_delta`, a `process_delta`.
inline constexpr std::string_view receive_artifact = "mcrx-network";
inline constexpr std::string_view send_artifact = "mctx-network";
inline constexpr std::string_view process_artifact = "process-hardware";

// Which part of which program wrote the file; any name that is not empty will do.
inline constexpr std::string_view receive_producer = "rollcast/recv";
inline constexpr std::string_view send_producer = "rollcast/send";

/// One value of how a run was set up, as the header of its file tells.
using flag = std::variant<bool, std::int64_t, std::string>;

/// Which file to write, and its header. The defaults are those of a program that receives; one that
/// sends sets `artifact_type` and `producer`.
struct json_lines_config {
    std::filesystem::path path{};                ///< Its folder has to exist.
    std::string artifact_type{receive_artifact}; ///< Decides which samples `append` takes.
    std::string producer{receive_producer};
    std::string node_id{}; ///< The host, say; empty means `infer_node_id_from_path(path)`.
    std::map<std::string, flag> flags{};
    std::string extra_flags = "{}"; ///< A JSON object; where both have a name, `flags` wins.
};
BOOST_DESCRIBE_STRUCT(json_lines_config, (),
                      (path, artifact_type, producer, node_id, flags, extra_flags))

/// The error of `json_lines_writer::open` as text for people: with the file or the value that it is
/// about, and what would be right. The error that `open` returns has this text already.
ROLLCAST_EXPORT std::string explain(json_lines_config const& config, error_code const& ec);

/// The name of the folder the file lies in, else the file's without its ending, else "unknown":
/// "node7/network.jsonl" is of node7. Looks at the text of the path only.
ROLLCAST_EXPORT std::string infer_node_id_from_path(std::filesystem::path const& path);

/// `network.jsonl` has `network_hardware.jsonl` beside it.
ROLLCAST_EXPORT std::filesystem::path hardware_path(std::filesystem::path const& path);

/// The same node, producer and flags for the samples of the process, in the file beside it
/// (`hardware_path`).
ROLLCAST_EXPORT json_lines_config hardware_sibling(json_lines_config config);

/// Writes samples to one file, which no other writer may have open.
///
///     auto file = metrics::json_lines_writer::open({.path = "node7/network.jsonl"}).value();
///     if (auto const since = traffic.sample(reader.snapshot())) // see `sampler`
///         ec = file.append(*traffic.previous(), *since);
///
/// A line is handed to the system at once and whole, or not at all; it is not forced to the disk
/// (fsync). The call blocks as write(2) does. The lock on the file is advisory (flock(2)), and ends
/// with the writer or the process. A writer that was moved from can only be destroyed and assigned
/// to. Threads: one at a time.
class ROLLCAST_EXPORT json_lines_writer {
public:
    /// Makes the file, or goes on with one whose header differs in `created_at` only. An existing
    /// file is read from its beginning and every line is parsed, so a long one takes its time.
    ///
    /// Errors: `invalid_metrics_header`, before the file is touched; `metrics_file_in_use`;
    /// `metrics_file_mismatch` for a file that does not continue, which stays as it is;
    /// `invalid_argument` for what is no regular file; or the system's.
    static explained_result<json_lines_writer> open(json_lines_config const& config);

    json_lines_writer(json_lines_writer&&) noexcept;
    json_lines_writer& operator=(json_lines_writer&&) noexcept;
    ~json_lines_writer();

    std::filesystem::path const& path() const noexcept;

    /// Removes the file again if `open` has made it, for a run that has come to nothing. To be
    /// called last.
    void discard() noexcept;

    /// Writes a sample of your own, its keys in alphabetical order.
    ///
    /// Errors: `invalid_metrics_sample` unless it is a JSON object with finite numbers, among them
    /// `ts` and an `interval_secs` that is not negative, and without the keys of a header; or the
    /// system's.
    error_code append(std::string_view object);

    /// Writes a sample of the file's artifact, with totals of `now` and growth and rates of
    /// `since`.
    ///
    /// For one subscription or publication hand over `as_receiver` or `as_sender` of its snapshots,
    /// and the delta between two such.
    /// Errors: `invalid_metrics_sample` where the file has another artifact; or the system's.
    error_code append(receiver_snapshot const& now, receiver_delta const& since);
    error_code append(sender_snapshot const& now, sender_delta const& since);
    error_code append(process_delta const& since);

private:
    struct state;

    explicit json_lines_writer(std::unique_ptr<state> state);

    std::unique_ptr<state> state_;
};

ROLLCAST_EXPORT std::string to_string(json_lines_config const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, json_lines_config const& value);

} // namespace rollcast::metrics
