// SPDX-License-Identifier: BSL-1.0
#include "metrics_files/folder.hpp"
#include "support/printing.hpp"

#include <rollcast/metrics_files/json_lines.hpp>

#include <boost/test/unit_test.hpp>

#include <optional>
#include <string>
#include <vector>

using namespace rollcast;
using namespace rollcast::metrics;

namespace {

constexpr auto row = R"({"interval_secs":1,"ts":1})";

json_lines_config sample_config(std::filesystem::path const& path)
{
    json_lines_config config;
    config.path = path;
    config.node_id = "node";
    config.flags = {{"role", "receiver"}, {"port", 5000}};
    config.extra_flags = R"({"rate":0.1234567890123456789,"deep":{"list":[1,2.5,"x"]}})";
    return config;
}

/// A file with header and one row, and what becomes of it.
struct file_on_disk {
    test::folder folder;
    json_lines_config config = sample_config(folder / "network.jsonl");

    file_on_disk()
    {
        auto writer = json_lines_writer::open(config).value();
        if (auto const ec = writer.append(row))
            throw boost::system::system_error(ec);
    }

    std::string header() const { return test::lines_of(config.path).at(0); }

    error_code open() const
    {
        auto const writer = json_lines_writer::open(config);
        return writer ? error_code{} : writer.error();
    }

    /// Opens a file of this content; one that is refused must be left as it was.
    error_code open_with(std::string const& content) const
    {
        test::write_file(config.path, content);
        auto const ec = open();
        if (ec)
            BOOST_TEST(test::content_of(config.path) == content);
        return ec;
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(metrics_json_reopen)

BOOST_AUTO_TEST_CASE(a_file_goes_on_below_the_header_it_has)
{
    file_on_disk const file;
    auto const before = test::content_of(file.config.path);
    auto writer = json_lines_writer::open(file.config).value();
    BOOST_TEST(test::content_of(file.config.path) == before);
    BOOST_TEST(!writer.append(R"({"interval_secs":1,"ts":2})"));
    BOOST_TEST(test::content_of(file.config.path) == before + R"({"interval_secs":1,"ts":2})"
                                                              "\n");
}

BOOST_AUTO_TEST_CASE(a_header_may_differ_in_when_it_was_created_only)
{
    file_on_disk const file;
    auto const header = file.header();
    auto const with = [&](std::string const& what, std::string const& instead) {
        auto changed = header;
        auto const at = changed.find(what);
        BOOST_REQUIRE_MESSAGE(at != std::string::npos, what);
        changed.replace(at, what.size(), instead);
        return file.open_with(changed + '\n');
    };
    auto const stamp = header.substr(header.find("\"created_at\""),
                                     header.find(",\"flags\"") - header.find("\"created_at\""));
    BOOST_TEST(!with(stamp, R"("created_at":17)"));
    BOOST_TEST(!with(R"("port":5000)", R"( "port" : 5.0e3 )"));
    auto const mismatch = make_error_code(error::metrics_file_mismatch);
    BOOST_TEST(with(stamp, R"("created_at":"17")") == mismatch);
    BOOST_TEST(with(stamp, R"("created_on":17)") == mismatch);
    BOOST_TEST(with(R"("node_id":"node")", R"("node_id":"edon")") == mismatch);
    BOOST_TEST(with("rollcast/recv", "rollcast/send") == mismatch);
    BOOST_TEST(with("mcrx-network", "mctx-network") == mismatch);
    BOOST_TEST(with("heimdall-jsonl-v1", "heimdall-jsonl-v2") == mismatch);
    BOOST_TEST(with(R"("port":5000)", R"("port":5001)") == mismatch);
    BOOST_TEST(with(R"("port":5000)", R"("port":"5000")") == mismatch);
    BOOST_TEST(with(R"("x"])", R"("x","x"])") == mismatch);
    BOOST_TEST(with(R"("port":5000,)", "") == mismatch);
    BOOST_TEST(with(R"("role":)", R"("more":1,"role":)") == mismatch);
    BOOST_TEST(with(R"("schema":)", R"("more":1,"schema":)") == mismatch);
}

BOOST_AUTO_TEST_CASE(numbers_that_are_written_and_read_back_stay_the_same)
{
    test::folder folder;
    auto config = sample_config(folder / "network.jsonl");
    for (int i = 0; i < 200; ++i) {
        std::filesystem::remove(config.path);
        config.extra_flags = R"({"rate":)" + std::to_string(i) + ".12345678901234567" +
                             std::to_string(i) + "e-" + std::to_string(i % 30) + '}';
        BOOST_TEST(json_lines_writer::open(config).has_value());
        BOOST_TEST(json_lines_writer::open(config).has_value(), config.extra_flags);
    }
}

BOOST_AUTO_TEST_CASE(empty_and_blank_files_are_new_ones)
{
    file_on_disk const file;
    for (auto const* content : {"", "\n", "  \n\t\r\n", "  "}) {
        BOOST_TEST(!file.open_with(content));
        auto const after = test::content_of(file.config.path);
        BOOST_TEST(after.starts_with(content));
        BOOST_TEST(after.find(R"({"artifact_type")") != std::string::npos);
        BOOST_TEST(!file.open());
        BOOST_TEST(test::content_of(file.config.path) == after);
    }
}

BOOST_AUTO_TEST_CASE(blank_lines_are_nothing)
{
    file_on_disk const file;
    BOOST_TEST(!file.open_with("\n \n" + file.header() + "\n\n\r\n" + row + "\n\n"));
}

BOOST_AUTO_TEST_CASE(a_file_with_anything_else_in_it_is_refused_and_left_alone)
{
    file_on_disk const file;
    auto const header = file.header() + '\n';
    auto const line = std::string(row) + '\n';
    for (auto const& content : std::vector<std::string>{
             line, line + header, header + header, header + line + header, header + "[]\n",
             header + "1\n", header + "text\n", header + line + R"({"flags":{}})" + '\n',
             header + R"({"node_id":1})" + '\n', "[]\n" + header, "text\n", header + "{}{}\n",
             std::string("\xff\n"), std::string("\0", 1)})
        BOOST_TEST(file.open_with(content) == error::metrics_file_mismatch, content);
}

BOOST_AUTO_TEST_CASE(a_torn_last_line_is_refused_wherever_it_was_torn)
{
    file_on_disk const file;
    auto const header = file.header();
    auto const whole = header + '\n' + row + '\n';
    for (auto size = header.size() + 2; size < whole.size() - 1; ++size)
        BOOST_TEST(file.open_with(whole.substr(0, size)) == error::metrics_file_mismatch);
    for (std::size_t size = 1; size < header.size(); size += 7)
        BOOST_TEST(file.open_with(whole.substr(0, size)) == error::metrics_file_mismatch);
}

BOOST_AUTO_TEST_CASE(a_last_line_that_lacks_only_its_end_gets_it)
{
    file_on_disk const file;
    auto const header = file.header();
    for (auto const& content : std::vector<std::string>{header, header + '\n' + row}) {
        test::write_file(file.config.path, content);
        auto writer = json_lines_writer::open(file.config).value();
        BOOST_TEST(test::content_of(file.config.path) == content);
        BOOST_TEST(!writer.append(row));
        BOOST_TEST(!writer.append(row));
        BOOST_TEST(test::content_of(file.config.path) == content + '\n' + row + '\n' + row + '\n');
    }
}

BOOST_AUTO_TEST_CASE(lines_are_judged_wherever_reading_divides_them)
{
    file_on_disk const file;
    auto content = file.header() + '\n';
    for (int i = 0; i < 20'000; ++i)
        content += R"({"interval_secs":1,"ts":)" + std::to_string(i) + "}\n";
    auto const padding = R"({"text":")" + std::string(200'000, 'x') + "\"}\n";
    BOOST_TEST(!file.open_with(content + padding));
    BOOST_TEST(file.open_with(content + padding + file.header() + '\n') ==
               error::metrics_file_mismatch);
}

BOOST_AUTO_TEST_CASE(a_second_writer_waits_for_the_first_to_end)
{
    file_on_disk const file;
    std::optional writer = json_lines_writer::open(file.config).value();
    BOOST_TEST(file.open() == error::metrics_file_in_use);
    auto moved = std::move(*writer);
    writer.reset();
    BOOST_TEST(file.open() == error::metrics_file_in_use);
    {
        auto const last = std::move(moved);
    }
    BOOST_TEST(!file.open());
}

BOOST_AUTO_TEST_SUITE_END()
