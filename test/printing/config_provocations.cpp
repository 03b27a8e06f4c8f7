// SPDX-License-Identifier: BSL-1.0
#include "printing/provocations.hpp"

#include "carrier/multicast/interface_choice.hpp"

namespace rollcast::test {
namespace {

using namespace std::chrono_literals;
using asio::ip::make_address;

net::interface_info interface(char const* name, unsigned index, char const* address = nullptr)
{
    net::interface_info result;
    result.name = name;
    result.index = index;
    result.up = result.multicast = true;
    if (address != nullptr)
        result.addresses = {{make_address(address), 64}};
    return result;
}

std::optional<std::uint64_t> nobodys_numbers(packet const&)
{
    return std::nullopt;
}

/// What `chart::open` would say on a machine that has this interface only.
[[noreturn]] void open_with_only(chart_config config, net::interface_info const& which)
{
    config.interfaces.clear();
    auto const choice = detail::choose_interfaces(config, {which});
    auto const obstacles = detail::left_out(config, choice, true);
    say(explain(config, error::no_usable_interface, obstacles));
}

} // namespace

provocations const config_provocations{
    {error::not_multicast,
     {[](auto& with) { with.join(with.hearing({make_address("10.0.0.1"), 5000})); },
      {"join: 10.0.0.1: ", "224.0.0.0/4"}}},
    {error::invalid_port,
     {[](auto& with) { with.join(with.hearing({make_address("239.1.1.1"), 0})); },
      {"239.1.1.1:0", "1 to 65535"}}},
    {error::source_required,
     {[](auto& with) { with.join(with.hearing_from({})); }, {"232.1.1.1: ", "name the sender"}}},
    {error::group_not_source_specific,
     {[](auto& with) {
          auto config = with.hearing(parsed("239.1.1.1:5000"));
          config.sources = {make_address("10.0.0.7")};
          with.join(config);
      },
      {"10.0.0.7 for 239.1.1.1", "232.0.0.0/8"}}},
    {error::invalid_source,
     {[](auto& with) { with.join(with.hearing_from({make_address("239.1.1.2")})); },
      {"239.1.1.2 for 232.1.1.1", "unicast"}}},
    {error::source_family_mismatch,
     {[](auto& with) { with.join(with.hearing_from({make_address("fd00::7")})); },
      {"fd00::7 for 232.1.1.1", "IP version"}}},
    {error::unknown_interface,
     {[](auto& with) {
          auto config = with.hearing(parsed("239.1.1.1:5000"));
          config.interfaces = {"eht0"};
          with.join(config);
      },
      {"join: eht0: no such interface (there are: lo"}}},
    {error::ambiguous_interface,
     {[](auto&) {
          std::vector const two{interface("e1", 1, "10.0.0.9"), interface("e2", 2, "10.0.0.9")};
          (void)net::resolve("10.0.0.9", two).value();
      },
      {"10.0.0.9", "e1, e2"}}},
    {error::interface_mismatch,
     {[](auto& with) {
          say_of(with.hearing({make_address("ff02::1"), 5000}), error::interface_mismatch);
      },
      {"lo for ff02::1", "name one"}}},
    {error::interface_address_mismatch,
     {[](auto& with) {
          auto config = with.sending();
          config.interface = "fe80::99%lo";
          with.open(config);
      },
      {"open: fe80::99%lo: ", "does not have this address"}}},
    {error::interface_family_mismatch,
     {[](auto& with) {
          auto config = with.sending("[ff15::1]:5000");
          config.interface = "127.0.0.1";
          with.open(config);
      },
      {"127.0.0.1 for ff15::1"}}},
    {error::interface_required,
     {[](auto& with) {
          say_of(with.hearing({make_address("ff12::1"), 5000}), error::interface_required);
      },
      {"ff12::1: ", "there are: lo"}}},
    {error::invalid_hop_limit,
     {[](auto& with) {
          auto config = with.sending();
          config.hop_limit = 300;
          with.open(config);
      },
      {"open: 300: ", "0 to 255"}}},
    {error::invalid_dscp,
     {[](auto& with) {
          auto config = with.sending();
          config.dscp = 64;
          with.open(config);
      },
      {"open: 64: ", "0 to 63"}}},
    {error::invalid_priority,
     {[](auto& with) {
          auto config = with.sending();
          config.priority = -1;
          with.open(config);
      },
      {"open: -1: ", "0 to 6"}}},
    {error::invalid_rate, {[](auto&) { pace(0); }, {"pace: 0: ", "above 0"}}},
    {error::invalid_lines,
     {[](auto&) { arbiter(nobodys_numbers, {.lines = 65}); }, {"arbiter: 65: ", "1 to 64"}}},
    {error::invalid_window,
     {[](auto&) { arbiter(nobodys_numbers, {.window = 129, .number_bits = 8}); },
      {"arbiter: 129: ", "1 to 65536"}}},
    {error::invalid_patience,
     {[](auto&) { arbiter(nobodys_numbers, {.patience = -1ns}); },
      {"arbiter: -1 ns: ", "0 to 1 h"}}},
    {error::invalid_number_bits,
     {[](auto&) { arbiter(nobodys_numbers, {.number_bits = 7}); }, {"arbiter: 7: ", "8 to 64"}}},
    {error::invalid_busy_poll,
     {[](auto& with) {
          auto config = with.hearing(parsed("239.1.1.1:5000"));
          config.busy_poll = 2h;
          with.join(config);
      },
      {"join: 7200000000 us: ", "30 minutes"}}},
    {error::duplicate_entry,
     {[](auto& with) {
          with.join(with.hearing_from({make_address("10.0.0.7"), make_address("10.0.0.7")}));
      },
      {"10.0.0.7: listed twice"}}},
    {error::invalid_detection_time,
     {[](auto& with) {
          auto config = with.charting();
          config.detection_time = 500ms;
          with.open(config);
      },
      {"open: 500 ms: ", "1 to 3600 seconds"}}},
    {error::invalid_digest_interval,
     {[](auto& with) {
          auto config = with.charting();
          config.shortest_digest_interval = 7ms;
          with.open(config);
      },
      {"7 ms and 16000 ms", "20 ms"}}},
    {error::invalid_port_name,
     {[](auto& with) {
          auto config = with.charting();
          config.services = {{"two words", 8042}};
          with.open(config);
      },
      {"open: \"two words\": ", "1 to 16 bytes"}}},
    {error::duplicate_port_name,
     {[](auto& with) {
          auto config = with.charting();
          config.services = {{"http", 8042}, {"http", 8043}};
          with.open(config);
      },
      {"\"http\": two service ports"}}},
    {error::too_many_ports,
     {[](auto& with) {
          auto config = with.charting();
          config.service_ports.assign(65, 8042);
          with.open(config);
      },
      {"65 service ports", "64 at most"}}},
    {error::too_many_backup_ports,
     {[](auto& with) {
          auto config = with.charting();
          config.backup_ports.assign(9, 8042);
          with.open(config);
      },
      {"9 backup ports", "8 at most"}}},
    {error::invalid_unicast_port,
     {[](auto& with) {
          auto config = with.charting();
          config.unicast_port = {40015, 40000};
          with.open(config);
      },
      {"40015-40000: not a unicast port", "two in order"}}},
    {error::data_too_large,
     {[](auto& with) {
          auto config = with.charting();
          config.service_ports = {1, 2, 3};
          config.data.resize(1400);
          with.open(config);
      },
      {"open: 1400 bytes", "room for ", "beside 3 ports"}}},
    {error::source_not_local,
     {[](auto& with) {
          auto config = with.sending();
          config.source = make_address("10.99.99.99");
          with.open(config);
      },
      {"10.99.99.99", "127.0.0.1"}}},
    {error::not_loopback,
     {[](auto& with) {
          std::vector<interface_obstacle> const away{
              {interface("eth0", 2, "10.0.0.1"), {}, error::not_loopback}};
          say(explain(with.charting(), error::not_loopback, away));
      },
      {"eth0: ", "loopback"}}},
    {error::source_interface_mismatch,
     {[](auto& with) {
          auto config = with.sending("[ff15::1]:5000");
          config.source = make_address("fd00::1");
          say_of(config, error::source_interface_mismatch);
      },
      {"fd00::1 for lo"}}},
    {error::invalid_metrics_interval,
     {[](auto&) { (void)metrics::parse_summary_interval("often").value(); },
      {"\"often\"", "0 (no samples) to 1000000000"}}},
    {error::invalid_metrics_header,
     {[](auto& with) {
          auto config = with.file("m.jsonl");
          config.extra_flags = "[1";
          (void)metrics::json_lines_writer::open(config).value();
      },
      {"extra_flags \"[1\"", "one JSON object"}}},
    {error::interface_is_down,
     {[](auto& with) {
          auto down = interface("eth0", 2, "10.0.0.1");
          down.up = false;
          open_with_only(with.charting(), down);
      },
      {"eth0: the interface is down", "ip link set eth0 up"}}},
    {error::interface_cannot_multicast,
     {[](auto& with) {
          auto plain = interface("tun0", 2, "10.0.0.1");
          plain.multicast = false;
          open_with_only(with.charting(), plain);
      },
      {"tun0: the interface has no MULTICAST flag"}}},
    {error::interface_without_address,
     {[](auto& with) { open_with_only(with.charting(), interface("eth0", 2, "fd00::1")); },
      {"eth0: 239.255.42.98: the interface has no address"}}},
    {error::interface_excluded,
     {[](auto& with) {
          auto config = with.charting();
          config.excluded_interfaces = {"eth*"};
          open_with_only(config, interface("eth0", 2, "10.0.0.1"));
      },
      {"eth0: the interface is excluded", "excluded_interfaces"}}},
    {error::interface_refused,
     {[](auto& with) {
          auto config = with.charting();
          config.use_interface = [](net::interface_info const&) { return false; };
          with.open(config);
      },
      {"lo: ", "use_interface"}}},
    {error::interface_has_master,
     {[](auto& with) {
          auto config = with.charting();
          config.local_discovery = false;
          auto port = interface("veth0", 2, "10.0.0.1");
          port.master = 3;
          open_with_only(config, port);
      },
      {"veth0: the interface is a part", "name the interface"}}},
    {error::too_few_descriptors,
     {[](auto& with) {
          std::vector<interface_obstacle> const obstacles{
              {interface("eth7", 7, "10.0.0.1"), {}, error::too_few_descriptors}};
          say(explain(with.charting(), error::no_usable_interface, obstacles));
      },
      {"eth7: too few", "ulimit -n"}}},
    {error::unicast_ports_taken,
     {[](auto& with) {
          auto config = with.charting();
          config.unicast_port = 41080;
          chart first(with.context.get_executor(), config);
          first.open();
          with.open(config);
      },
      {"every unicast port is taken", "a range"}}},
    {error::nothing_heard,
     {[](auto&) {
          event told;
          told.kind = event_kind::interface_failed;
          told.interface.name = "eth7";
          told.why = error::nothing_heard;
          say(to_string(told));
      },
      {"eth7: nothing is heard", "firewall"}}},
};

} // namespace rollcast::test
