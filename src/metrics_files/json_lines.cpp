// SPDX-License-Identifier: BSL-1.0
#include <rollcast/metrics_files/json_lines.hpp>

#include "error/explanation.hpp"
#include "metrics_files/json_file.hpp"
#include "metrics_files/json_text.hpp"
#include "metrics_files/samples.hpp"
#include "metrics_files/seconds.hpp"

#include <boost/json/string.hpp>

#include <optional>
#include <utility>

namespace rollcast::metrics {
namespace {

boost::json::string text_value(std::string_view text)
{
    return boost::json::string(text.data(), text.size());
}

boost::json::value flag_value(flag const& value)
{
    if (auto const* const text = std::get_if<std::string>(&value))
        return text_value(*text);
    if (auto const* const number = std::get_if<std::int64_t>(&value))
        return *number;
    return std::get<bool>(value);
}

/// None if a reader would not take the result for a header, be it for bytes that are not UTF-8.
std::optional<boost::json::object> make_header(json_lines_config const& config)
{
    auto flags = parse_object(config.extra_flags);
    if (!flags)
        return std::nullopt;
    for (auto const& [name, value] : config.flags)
        (*flags)[name] = flag_value(value);
    auto const& node = config.node_id;
    boost::json::object header;
    header["schema"] = text_value(json_lines_schema);
    header["artifact_type"] = text_value(config.artifact_type);
    header["node_id"] = text_value(node.empty() ? infer_node_id_from_path(config.path) : node);
    header["producer"] = text_value(config.producer);
    header["created_at"] = unix_seconds(std::chrono::system_clock::now());
    header["flags"] = std::move(*flags);
    auto const read_back = parse_object(to_line(header));
    if (!read_back || !is_header(*read_back))
        return std::nullopt;
    return header;
}

/// A name of a folder or file, and not one of the ways to say "here" or "above".
bool is_name(std::string const& name)
{
    return !name.empty() && name != "." && name != "..";
}

} // namespace

struct ROLLCAST_HIDDEN json_lines_writer::state {
    error_code append(boost::json::object const& sample);
    error_code append(std::string_view artifact, boost::json::object const& sample);

    std::filesystem::path path;
    std::string artifact_type;
    os::locked_file file;
    bool ends_line; ///< Or the next line must first end the one before.
};

error_code json_lines_writer::state::append(boost::json::object const& sample)
{
    if (!is_sample(sample) || !is_finite(sample))
        return error::invalid_metrics_sample;
    auto const ec = file.append((ends_line ? "" : "\n") + to_line(sample) + '\n');
    ends_line = ends_line || !ec;
    return ec;
}

error_code json_lines_writer::state::append(std::string_view artifact,
                                            boost::json::object const& sample)
{
    return artifact == artifact_type ? append(sample) : error::invalid_metrics_sample;
}

/// Of a header the flags are most easily wrong; the rest of it is names.
std::string explain(json_lines_config const& config, error_code const& ec)
{
    if (ec != error::invalid_metrics_header)
        return detail::explanation(config.path.string(), ec);
    if (!parse_object(config.extra_flags))
        return detail::explanation("extra_flags " + detail::abridged(config.extra_flags), ec);
    return detail::explanation("node id " + detail::abridged(config.node_id) + ", producer " +
                                   detail::abridged(config.producer) + ", artifact type " +
                                   detail::abridged(config.artifact_type),
                               ec);
}

std::string infer_node_id_from_path(std::filesystem::path const& path)
{
    auto const folder = path.parent_path().filename().string();
    if (is_name(folder))
        return folder;
    auto const stem = path.stem().string();
    return is_name(stem) ? stem : "unknown";
}

std::filesystem::path hardware_path(std::filesystem::path const& path)
{
    auto name = path.stem();
    name += "_hardware";
    name += path.extension();
    return path.parent_path() / name;
}

json_lines_config hardware_sibling(json_lines_config config)
{
    if (config.node_id.empty())
        config.node_id = infer_node_id_from_path(config.path);
    config.path = hardware_path(config.path);
    config.artifact_type = process_artifact;
    return config;
}

explained_result<json_lines_writer> json_lines_writer::open(json_lines_config const& config)
{
    auto const explained = [&](error_code const& ec) {
        return explained_error(ec, explain(config, ec));
    };
    auto const header = make_header(config);
    if (!header)
        return explained(error::invalid_metrics_header);
    auto file = os::locked_file::open(config.path);
    if (!file)
        return explained(file.error());
    auto const content = read_content(*file, *header);
    if (!content)
        return explained(content.error());
    bool const is_new = !content->has_header;
    if (is_new)
        if (auto const ec = file->append(to_line(*header) + '\n')) {
            file->remove_if_made();
            return explained(ec);
        }
    return json_lines_writer(std::unique_ptr<state>(new state{
        config.path, config.artifact_type, std::move(*file), is_new || content->ends_line}));
}

json_lines_writer::json_lines_writer(std::unique_ptr<state> state) : state_(std::move(state)) {}

json_lines_writer::json_lines_writer(json_lines_writer&&) noexcept = default;
json_lines_writer& json_lines_writer::operator=(json_lines_writer&&) noexcept = default;
json_lines_writer::~json_lines_writer() = default;

std::filesystem::path const& json_lines_writer::path() const noexcept
{
    return state_->path;
}

void json_lines_writer::discard() noexcept
{
    state_->file.remove_if_made();
}

error_code json_lines_writer::append(std::string_view object)
{
    auto const sample = parse_object(object);
    return sample ? state_->append(*sample) : error::invalid_metrics_sample;
}

error_code json_lines_writer::append(receiver_snapshot const& now, receiver_delta const& since)
{
    return state_->append(receive_artifact, to_sample(now, since));
}

error_code json_lines_writer::append(sender_snapshot const& now, sender_delta const& since)
{
    return state_->append(send_artifact, to_sample(now, since));
}

error_code json_lines_writer::append(process_delta const& since)
{
    return state_->append(process_artifact, to_sample(since));
}

} // namespace rollcast::metrics
