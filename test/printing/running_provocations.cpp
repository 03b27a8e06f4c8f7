// SPDX-License-Identifier: BSL-1.0
#include "printing/provocations.hpp"

#include "chart/event_queue.hpp"
#include "support/run.hpp"

#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <array>
#include <fstream>

namespace rollcast::test {

using asio::ip::make_address;

namespace {

/// What an egress queue tells that keeps launch times.
[[noreturn]] void say_dropped(error why)
{
    network_error told;
    told.destination = parsed("239.1.1.1:5000").endpoint();
    told.error = why;
    say(to_string(told));
}

} // namespace

provocations const running_provocations{
    {error::unknown_source,
     {[](auto& with) {
          subscription sub(with.context.get_executor(),
                           with.hearing_from({make_address("10.0.0.7")}));
          sub.drop_source(make_address("10.0.0.9"));
      },
      {"drop_source: 10.0.0.9", "there are: 10.0.0.7"}}},
    {error::not_any_source,
     {[](auto& with) {
          subscription sub(with.context.get_executor(),
                           with.hearing_from({make_address("10.0.0.7")}));
          sub.block_source(make_address("10.0.0.9"));
      },
      {"block_source: 10.0.0.9", "232.1.1.1"}}},
    {error::unknown_id,
     {[](auto& with) {
          receiver all(with.context.get_executor());
          all.add(with.hearing(parsed("239.1.1.1:5000")));
          all.join(7);
      },
      {"join: subscription 7: ", "there are: 1"}}},
    {error::already_joined,
     {[](auto& with) {
          subscription sub(with.context.get_executor(), with.hearing(parsed("239.1.1.1:5000")));
          sub.join();
          sub.join();
      },
      {"239.1.1.1:5000: already joined"}}},
    {error::not_joined,
     {[](auto& with) {
          subscription sub(with.context.get_executor(), with.hearing(parsed("239.1.1.1:5000")));
          run(with.context, sub.recv());
      },
      {"recv: 239.1.1.1:5000: not joined"}}},
    {error::receive_in_progress,
     {[](auto& with) {
          subscription sub(with.context.get_executor(), with.hearing(parsed("239.1.1.1:5000")));
          sub.join();
          sub.recv(asio::detached);
          run_ready(with.context);
          run(with.context, sub.recv());
      },
      {"recv: 239.1.1.1:5000: another receive"}}},
    {error::events_missed,
     {[](auto& with) {
          auto const executor = with.context.get_executor();
          auto const queue = std::make_shared<detail::event_queue>(executor, 5);
          notifications reader(executor, queue);
          for (std::size_t i = 0; i < 8; ++i)
              queue->push({});
          for (std::size_t i = 0; i <= 5; ++i)
              run(with.context, reader.recv_instance());
      },
      {"recv: 3 events", "look at the whole chart"}}},
    {error::already_running,
     {[](auto& with) {
          chart one(with.context.get_executor(), with.charting());
          one.maintain(asio::detached);
          run_ready(with.context);
          run(with.context, one.maintain());
      },
      {"maintain: chart of instance 9: already running"}}},
    {error::replies_not_asked_for,
     {[](auto& with) {
          publication pub(with.context.get_executor(), with.sending());
          std::array<std::byte, 8> into{};
          run(with.context, pub.recv_reply(asio::buffer(into)));
      },
      {"recv_reply: 239.1.1.1:5000: ", "replies"}}},
    {error::launch_times_not_asked_for,
     {[](auto& with) {
          publication pub(with.context.get_executor(), with.sending());
          run(with.context, pub.send_at(net::launch_time(), asio::buffer("x", 1)));
      },
      {"send: 239.1.1.1:5000: ", "`launch_times`"}}},
    {error::send_times_not_asked_for,
     {[](auto& with) {
          publication pub(with.context.get_executor(), with.sending());
          run(with.context, pub.send_time_told());
      },
      {"send_time_told: 239.1.1.1:5000: ", "`send_times`"}}},
    {error::payload_too_large,
     {[](auto& with) {
          publication pub(with.context.get_executor(), with.sending());
          std::vector<std::byte> const payload(70000);
          run(with.context, pub.send(asio::buffer(payload)));
      },
      {"send: 70000 bytes to 239.1.1.1:5000", "65507"}}},
    {error::socket_not_udp,
     {[](auto& with) {
          asio::ip::tcp::socket socket(with.context, asio::ip::tcp::v4());
          (void)subscription::adopt(with.context.get_executor(),
                                    with.hearing(parsed("239.1.1.1:5000")), socket.native_handle())
              .value();
      },
      {"239.1.1.1:5000: not a UDP socket"}}},
    {error::socket_family_mismatch,
     {[](auto& with) {
          asio::ip::udp::socket socket(with.context, asio::ip::udp::v6());
          (void)subscription::adopt(with.hearing(parsed("239.1.1.1:5000")), socket).value();
      },
      {"239.1.1.1:5000: socket and group"}}},
    {error::socket_port_mismatch,
     {[](auto& with) {
          asio::ip::udp::socket socket(with.context, {asio::ip::udp::v4(), 5009});
          (void)subscription::adopt(with.hearing(parsed("239.1.1.1:5000")), socket).value();
      },
      {"239.1.1.1:5000", "bound to 0.0.0.0:5009"}}},
    {error::socket_address_mismatch,
     {[](auto& with) {
          asio::ip::udp::socket socket(with.context, {make_address("127.0.0.1"), 5009});
          auto config = with.sending();
          config.source = make_address("127.0.0.2");
          config.source_port = 5009;
          (void)publication::adopt(config, socket).value();
      },
      {"127.0.0.2:5009", "bound to 127.0.0.1:5009"}}},
    {error::too_many_sources,
     {[](auto& with) {
          std::vector<asio::ip::address> sources;
          for (unsigned i = 0; i < 11; ++i)
              sources.emplace_back(asio::ip::address_v4(0x0a000001 + i));
          with.join_adopted(with.hearing_from(sources));
      },
      {"join: 11 sources for 232.1.1.1", "igmp_max_msf"}}},
    {error::too_many_memberships,
     {[](auto& with) {
          say_of(with.hearing(parsed("239.1.1.1:5000")), error::too_many_memberships);
      },
      {"239.1.1.1:5000", "igmp_max_memberships"}}},
    {error::no_multicast_route,
     {[](auto& with) { say_of(with.hearing(parsed("239.1.1.1:5000")), error::no_multicast_route); },
      {"239.1.1.1: ", "there are: lo", "name an interface"}}},
    {error::refused_by_route,
     {[](auto& with) { say_of(with.hearing(parsed("239.1.1.1:5000")), error::refused_by_route); },
      {"239.1.1.1: ", "blackhole", "name an interface"}}},
    {error::device_refused,
     {[](auto& with) {
          auto config = with.sending();
          config.device = "vrf-blue";
          with.open(config);
      },
      {"open: \"vrf-blue\": ", "there are: lo", "name an interface"}}},
    {error::priority_refused,
     {[](auto& with) {
          auto config = with.sending();
          config.priority = 7;
          say_of(config, error::priority_refused);
      },
      {"7: ", "CAP_NET_ADMIN"}}},
    {error::dont_fragment_refused,
     {[](auto& with) { say_of(with.sending(), error::dont_fragment_refused); },
      {"239.1.1.1:5000: ", "`dont_fragment`"}}},
    {error::busy_poll_refused,
     {[](auto& with) {
          auto config = with.hearing(parsed("239.1.1.1:5000"));
          config.busy_poll = std::chrono::microseconds(50);
          say_of(config, error::busy_poll_refused);
      },
      {"50 us: ", "CAP_NET_ADMIN"}}},
    {error::launch_times_refused,
     {[](auto& with) {
          auto config = with.sending();
          config.launch_times = net::launch_clock::tai;
          say_of(config, error::launch_times_refused);
      },
      {"tai: ", "CAP_NET_ADMIN"}}},
    {error::timestamps_refused,
     {[](auto& with) { say_of(with.sending(), error::timestamps_refused); },
      {"239.1.1.1:5000: ", "of the kernel"}}},
    {error::launch_time_missed,
     {[](auto&) { say_dropped(error::launch_time_missed); }, {"239.1.1.1:5000: ", "send earlier"}}},
    {error::launch_time_invalid,
     {[](auto&) { say_dropped(error::launch_time_invalid); },
      {"239.1.1.1:5000: ", "clock of that queue"}}},
    {error::no_loopback_route,
     {[](auto& with) { say_of(with.sending("[ff15::1]:5000"), error::no_loopback_route); },
      {"[ff15::1]:5000", "ip -6 route add"}}},
    {error::no_usable_interface,
     {[](auto& with) {
          auto config = with.charting();
          config.excluded_interfaces = {"l*"};
          with.open(config);
      },
      {"open: no usable interface", "lo: the interface is excluded"}}},
    {error::interface_choice_failed,
     {[](auto& with) {
          auto config = with.charting();
          config.use_interface = [](net::interface_info const&) -> bool { throw 1; };
          with.open(config);
      },
      {"open: lo: ", "has thrown"}}},
    {error::metrics_file_in_use,
     {[](auto& with) {
          auto const first = metrics::json_lines_writer::open(with.file("m.jsonl"));
          (void)metrics::json_lines_writer::open(with.file("m.jsonl")).value();
      },
      {"m.jsonl: another writer"}}},
    {error::metrics_file_mismatch,
     {[](auto& with) {
          std::ofstream(with.folder / "m.jsonl") << "what is this?\n";
          (void)metrics::json_lines_writer::open(with.file("m.jsonl")).value();
      },
      {"m.jsonl: the metrics file does not continue"}}},
    {error::malformed,
     {[](auto&) { (void)parsed("239.1.1.1"); }, {"239.1.1.1: ", "write 239.1.1.1:5000"}}},
    {error::other_form,
     {[](auto&) {
          event told;
          told.kind = event_kind::data_unreadable;
          told.who.id = 9;
          told.why = error::other_form;
          say(to_string(told));
      },
      {"data_unreadable 9: typed data of another struct", "same names and types"}}},
};

} // namespace rollcast::test
