// SPDX-License-Identifier: BSL-1.0
#include "support/printing.hpp"

#include <rollcast/metrics_files/environment.hpp>
#include <rollcast/metrics_files/json_lines.hpp>

#include <boost/test/unit_test.hpp>

#include <map>
#include <string>

#include <stdlib.h>

using namespace rollcast;
using namespace rollcast::metrics;

namespace {

using variables = std::map<std::string, std::string>;

/// Variables for as long as it lives.
class environment {
public:
    explicit environment(variables set) : set_(std::move(set))
    {
        for (auto const& [name, value] : set_)
            ::setenv(name.c_str(), value.c_str(), 1);
    }

    environment(environment const&) = delete;
    environment& operator=(environment const&) = delete;
    ~environment()
    {
        for (auto const& [name, value] : set_)
            ::unsetenv(name.c_str());
    }

private:
    variables set_;
};

double seconds(std::string_view text)
{
    return parse_summary_interval(text).value().count();
}

} // namespace

BOOST_AUTO_TEST_SUITE(metrics_environment)

BOOST_AUTO_TEST_CASE(without_variables_there_are_no_summaries)
{
    environment const empty(
        variables{{"MCRX_METRICS_SUMMARY_SECS", ""}, {"MCRX_METRICS_FLAGS_JSON", ""}});
    for (auto const prefix : {receive_variables, send_variables}) {
        auto const options = summary_from_environment(prefix).value();
        BOOST_TEST(options.interval.count() == 0.0);
        BOOST_TEST(options.file.empty());
        BOOST_TEST(options.node_id.empty());
        BOOST_TEST(options.extra_flags == "{}");
    }
}

BOOST_AUTO_TEST_CASE(each_program_has_variables_of_its_own)
{
    environment const both(variables{{"MCRX_METRICS_SUMMARY_SECS", "2"},
                                     {"MCRX_METRICS_SUMMARY_FILE", "runs/a/network.jsonl"},
                                     {"MCRX_METRICS_NODE_ID", "node 7"},
                                     {"MCRX_METRICS_FLAGS_JSON", R"({"experiment":"baseline"})"},
                                     {"MCTX_METRICS_SUMMARY_SECS", "0.25"}});
    auto const receive = summary_from_environment("MCRX_METRICS_").value();
    BOOST_TEST(receive.interval.count() == 2.0);
    BOOST_TEST(receive.file == "runs/a/network.jsonl");
    BOOST_TEST(receive.node_id == "node 7");
    BOOST_TEST(receive.extra_flags == R"({"experiment":"baseline"})");
    auto const send = summary_from_environment("MCTX_METRICS_").value();
    BOOST_TEST(send.interval.count() == 0.25);
    BOOST_TEST(send.file.empty());
}

BOOST_AUTO_TEST_CASE(an_interval_is_decimal_seconds)
{
    BOOST_TEST(seconds("0") == 0.0);
    BOOST_TEST(seconds("1") == 1.0);
    BOOST_TEST(seconds("0.5") == 0.5);
    BOOST_TEST(seconds("1000000000") == 1e9);
    for (auto const* text : {"", "abc", "1s", " 1", "1 ", "-1", "nan", "inf", "1e3", "0x10",
                             "1000000001", "1,5", "+1"})
        BOOST_TEST((parse_summary_interval(text).error() == error::invalid_metrics_interval), text);
}

BOOST_AUTO_TEST_CASE(a_wrong_interval_is_an_error_that_says_what_would_be_right)
{
    environment const wrong(variables{{"MCTX_METRICS_SUMMARY_SECS", "soon"}});
    auto const options = summary_from_environment(send_variables);
    BOOST_TEST((options.error() == error::invalid_metrics_interval));
    BOOST_TEST(options.error().message().find("seconds") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(flags_that_are_no_object_are_an_error)
{
    for (auto const* flags : {"[]", "baseline", "{", "1", R"({"a":1}{"b":2})", R"({"a":1e999})"}) {
        environment const wrong(variables{{"MCRX_METRICS_FLAGS_JSON", flags}});
        auto const options = summary_from_environment(receive_variables);
        BOOST_TEST((options.error() == error::invalid_metrics_header), flags);
    }
}

BOOST_AUTO_TEST_SUITE_END()
