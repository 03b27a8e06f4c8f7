// SPDX-License-Identifier: BSL-1.0
#include "chart/costs.hpp"
#include "announce/codec.hpp"

#include "chart/crowd.hpp"
#include "support/measure.hpp"
#include "support/print.hpp"
#include "support/simulated_network.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>

#include <malloc.h>

namespace rollcast::bench {
namespace {

constexpr std::size_t many = 1000;
constexpr std::size_t very_many = 10'000;
constexpr std::size_t repetitions = 7;

double in_seconds(std::chrono::nanoseconds value)
{
    return std::chrono::duration<double>(value).count();
}

/// One line; whether the target is met. Without a limit it is only told.
enum class bound { at_least, at_most, none };

bool report(std::string_view name, double value, std::string_view unit, bound how, double limit)
{
    bool const met =
        how == bound::none || (how == bound::at_least ? value >= limit : value <= limit);
    std::string text = fmt::format("{:<52} {:>10.4g} {:<8}", name, value, unit);
    if (how != bound::none)
        text += fmt::format(" {}{} {:g}", met ? "" : "! not ",
                            how == bound::at_least ? ">=" : "<=", limit);
    print(text);
    return met;
}

/// How often a second a chart takes in datagrams like these, in the median.
template <class Make>
double rate_of(bool multicast, Make&& make)
{
    std::vector<double> rates;
    for (std::size_t i = 0; i < repetitions; ++i) {
        crowd who(many, 100);
        who.introduce_all();
        constexpr std::size_t rounds = 50;
        std::vector<std::vector<std::byte>> datagrams;
        std::vector<detail::arrival> sources;
        for (std::uint32_t round = 1; round <= rounds; ++round)
            for (std::size_t each = 0; each < many; ++each) {
                datagrams.push_back(make(who, each, round));
                sources.push_back(who.source(each, multicast));
            }
        auto const time = spent_on([&] {
            for (std::size_t each = 0; each < datagrams.size(); ++each) {
                who.chart().receive(datagrams[each], sources[each], who.now());
                if (each % 64 == 0) { // as the shell does after what has queued up
                    who.chart().take_outgoing();
                    who.chart().take_events();
                }
            }
        });
        rates.push_back(static_cast<double>(datagrams.size()) / in_seconds(time.cpu));
    }
    return median(rates);
}

bool report_rates()
{
    auto const beats =
        rate_of(false, [](crowd& who, std::size_t each, std::uint32_t) { return who.beat(each); });
    auto const hellos = rate_of(
        true, [](crowd& who, std::size_t each, std::uint32_t) { return who.hello(each, 0); });
    auto const changes = rate_of(true, [](crowd& who, std::size_t each, std::uint32_t round) {
        return who.hello(each, round);
    });
    bool ok =
        report("announcements decoded and applied, beats", beats / 1e6, "M/s", bound::at_least, 1);
    ok = report("the same, hellos without news", hellos / 1e6, "M/s", bound::at_least, 1) && ok;
    // Each of these becomes a new record and an event with all of it.
    report("the same, hellos with other data", changes / 1e6, "M/s", bound::none, 0);
    return ok;
}

bool report_memory()
{
    constexpr std::size_t data_size = 100;
    crowd who(very_many, data_size);
    auto const before = ::mallinfo2();
    who.introduce_all();
    auto const after = ::mallinfo2();
    auto const bytes = static_cast<double>(after.uordblks + after.hblkhd) -
                       static_cast<double>(before.uordblks + before.hblkhd);
    return report("memory of an instance beyond its data",
                  bytes / static_cast<double>(very_many) - data_size, "bytes", bound::at_most, 400);
}

/// As chart::addr_vec does it.
std::size_t ask_for_addresses(detail::engine& chart)
{
    std::vector<std::pair<std::uint64_t, asio::ip::tcp::endpoint>> all;
    auto const best = chart.best_addresses(std::size_t{0});
    all.reserve(best->size());
    for (auto const& [id, address, port] : *best)
        all.emplace_back(id, asio::ip::tcp::endpoint(address, port));
    return all.size();
}

bool report_addresses()
{
    crowd who(very_many, 100);
    who.introduce_all();
    std::vector<double> first;
    std::vector<double> again;
    for (std::uint32_t i = 0; i < 10 * repetitions; ++i) {
        who.chart().receive(who.hello(0, i + 1), who.source(0, true), who.now());
        first.push_back(in_seconds(spent_on([&] { ask_for_addresses(who.chart()); }).cpu));
        again.push_back(in_seconds(spent_on([&] { ask_for_addresses(who.chart()); }).cpu));
    }
    report("addr_vec() of 10,000 after a change", median(first) * 1e6, "us", bound::none, 0);
    return report("addr_vec() of 10,000", median(again) * 1e6, "us", bound::at_most, 200);
}

double decode_time()
{
    crowd who(2, 100);
    auto const datagram = who.beat(0);
    constexpr std::size_t times = 200'000;
    std::size_t good = 0;
    auto const time = spent_on([&] {
        for (std::size_t i = 0; i < times; ++i)
            good += announce::decode(datagram, group_key()).has_value();
    });
    return in_seconds(time.cpu) / static_cast<double>(std::max<std::size_t>(good, 1));
}

/// All that the simulator does counts, which decodes a datagram once for all; so what decoding
/// costs each of them is added.
bool report_idle()
{
    using namespace std::chrono_literals;
    constexpr auto length = 120s;
    test::simulated_network net(1, test::simulated_network::checks::off);
    net.add_many(many, {.terse_events = true});
    net.complete();
    net.run_for(120s);
    auto const before = net.total_traffic().received;
    auto const time = spent_on([&] { net.run_for(length); });
    auto const heard = static_cast<double>(net.total_traffic().received - before);
    auto const whole = in_seconds(time.cpu) + heard * decode_time();
    return report("CPU of an idle instance in a chart of 1,000",
                  100 * whole / in_seconds(length) / static_cast<double>(many), "% at most",
                  bound::at_most, 0.1);
}

} // namespace

bool run_costs()
{
    bool ok = report_rates();
    ok = report_memory() && ok;
    ok = report_addresses() && ok;
    return report_idle() && ok;
}

} // namespace rollcast::bench
