// SPDX-License-Identifier: BSL-1.0
#include "metrics_files/json_fixture.hpp"
#include "support/printing.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <regex>
#include <string>
#include <vector>

#include <sys/stat.h>

using namespace rollcast;
using namespace rollcast::metrics;
using test::config_for;
using test::opened;
using test::problem_of;

BOOST_AUTO_TEST_SUITE(metrics_json_header)

BOOST_AUTO_TEST_CASE(a_node_is_named_after_the_folder_else_the_file)
{
    BOOST_TEST(infer_node_id_from_path("results/sender-0001/network.jsonl") == "sender-0001");
    BOOST_TEST(infer_node_id_from_path("/results/network.jsonl") == "results");
    BOOST_TEST(infer_node_id_from_path("network.jsonl") == "network");
    BOOST_TEST(infer_node_id_from_path("./network.jsonl") == "network");
    BOOST_TEST(infer_node_id_from_path("../network.jsonl") == "network");
    BOOST_TEST(infer_node_id_from_path("/network.jsonl") == "network");
    BOOST_TEST(infer_node_id_from_path("/") == "unknown");
    BOOST_TEST(infer_node_id_from_path("..") == "unknown");
    BOOST_TEST(infer_node_id_from_path("") == "unknown");
}

BOOST_AUTO_TEST_CASE(samples_of_the_process_lie_in_a_file_beside)
{
    BOOST_TEST(hardware_path("a/network.jsonl") == "a/network_hardware.jsonl");
    BOOST_TEST(hardware_path("network.x.jsonl") == "network.x_hardware.jsonl");
    BOOST_TEST(hardware_path("network") == "network_hardware");

    auto config = config_for("network.jsonl");
    config.node_id.clear();
    config.producer = send_producer;
    config.flags["role"] = "sender";
    auto const sibling = hardware_sibling(config);
    BOOST_TEST(sibling.path == "network_hardware.jsonl");
    BOOST_TEST(sibling.node_id == "network");
    BOOST_TEST(sibling.artifact_type == "process-hardware");
    BOOST_TEST(sibling.producer == "rollcast/send");
    BOOST_TEST(std::get<std::string>(sibling.flags.at("role")) == "sender");
}

BOOST_AUTO_TEST_CASE(a_file_begins_with_one_header_whose_own_flags_win)
{
    test::folder folder;
    auto config = config_for(folder / "network.jsonl");
    config.flags = {{"role", "receiver"}, {"multicast_port", 5000}, {"batch", false}};
    config.extra_flags = R"({"role":"king","z":{"b":1,"a":[{"d":2,"c":null}]},"experiment":"x"})";
    auto const before =
        std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
    BOOST_TEST(opened(config).path() == config.path);
    auto const lines = test::lines_of(config.path);
    BOOST_REQUIRE(lines.size() == 1U);
    std::regex const expected(
        R"(\{"artifact_type":"mcrx-network","created_at":([0-9.E]+),"flags":\{"batch":false,)"
        R"("experiment":"x","multicast_port":5000,"role":"receiver",)"
        R"("z":\{"a":\[\{"c":null,"d":2\}\],"b":1\}\},"node_id":"node","producer":"rollcast/recv",)"
        R"("schema":"heimdall-jsonl-v1"\})");
    std::smatch match;
    BOOST_REQUIRE_MESSAGE(std::regex_match(lines[0], match, expected), lines[0]);
    BOOST_TEST(std::stod(match[1]) >= before - 1);
    BOOST_TEST(std::stod(match[1]) <= before + 60);
}

BOOST_AUTO_TEST_CASE(a_node_without_a_name_gets_that_of_the_path)
{
    test::folder folder;
    std::filesystem::create_directory(folder / "receiver-3");
    auto config = config_for(folder / "receiver-3" / "network.jsonl");
    config.node_id.clear();
    opened(config);
    BOOST_TEST(test::content_of(config.path).find(R"("node_id":"receiver-3")") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_wrong_header_is_refused_before_there_is_a_file)
{
    test::folder folder;
    auto const good = config_for(folder / "network.jsonl");
    std::vector<json_lines_config> wrong(8, good);
    wrong[0].producer.clear();
    wrong[1].artifact_type.clear();
    wrong[2].extra_flags = "[1]";
    wrong[3].extra_flags = "not JSON";
    wrong[4].extra_flags = R"({"a":1e999})";
    wrong[5].node_id = "\xff\xfe";
    wrong[6].flags["key"] = "\x80";
    wrong[7].extra_flags.clear();
    for (std::size_t i = 0; i < wrong.size(); ++i) {
        BOOST_TEST(problem_of(wrong[i]) == error::invalid_metrics_header, "number " << i);
        BOOST_TEST(!std::filesystem::exists(good.path), "number " << i);
    }
    opened(good);
    BOOST_TEST(std::filesystem::exists(good.path));
}

BOOST_AUTO_TEST_CASE(a_path_that_cannot_be_written_is_the_systems_error)
{
    namespace errc = boost::system::errc;
    test::folder folder;
    BOOST_TEST(problem_of(config_for(folder / "none" / "network.jsonl")) ==
               errc::no_such_file_or_directory);
    std::filesystem::create_directory(folder / "folder");
    BOOST_TEST(problem_of(config_for(folder / "folder")) == errc::is_a_directory);
    BOOST_REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
    BOOST_TEST(problem_of(config_for(folder / "pipe")) == errc::invalid_argument);
    BOOST_TEST(problem_of(config_for("/dev/full")) == errc::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
