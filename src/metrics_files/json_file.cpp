// SPDX-License-Identifier: BSL-1.0
#include "metrics_files/json_file.hpp"

#include "metrics_files/json_text.hpp"

#include <string>
#include <vector>

namespace rollcast::metrics {
namespace {

constexpr std::size_t chunk_size = 1 << 16;

bool is_blank(std::string_view line) noexcept
{
    return line.find_first_not_of(" \t\r") == std::string_view::npos;
}

bool continues(boost::json::object found, boost::json::object wanted)
{
    if (!is_header(found))
        return false;
    found.erase("created_at");
    wanted.erase("created_at");
    return is_same(found, wanted);
}

/// Judges line by line whether a file goes on under the header.
class file_reader {
public:
    explicit file_reader(boost::json::object const& header) : header_(header) {}

    bool take(std::string_view line)
    {
        if (is_blank(line))
            return true;
        auto const object = parse_object(line);
        if (!object)
            return false;
        if (has_header_)
            return !has_header_key(*object);
        has_header_ = true;
        return continues(*object, header_);
    }

    /// Takes the complete lines of the text, and leaves the rest.
    bool take_lines(std::string& text)
    {
        std::size_t begin = 0;
        for (auto end = text.find('\n'); end != std::string::npos; end = text.find('\n', begin)) {
            if (!take(std::string_view(text).substr(begin, end - begin)))
                return false;
            begin = end + 1;
        }
        text.erase(0, begin);
        return true;
    }

    bool has_header() const noexcept { return has_header_; }

private:
    boost::json::object const& header_;
    bool has_header_ = false;
};

} // namespace

result<file_content> read_content(os::locked_file const& file, boost::json::object const& header)
{
    file_reader reader(header);
    std::vector<char> chunk(chunk_size);
    std::string rest;
    std::uint64_t offset = 0;
    for (;;) {
        auto const got = file.read_at(offset, chunk);
        if (!got)
            return got.error();
        if (*got == 0)
            break;
        offset += *got;
        rest.append(chunk.data(), *got);
        if (!reader.take_lines(rest))
            return error::metrics_file_mismatch;
    }
    if (!reader.take(rest))
        return error::metrics_file_mismatch;
    return file_content{reader.has_header(), rest.empty()};
}

} // namespace rollcast::metrics
