// SPDX-License-Identifier: BSL-1.0
#include "cli/doctor/answers.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <set>
#include <string>

namespace rollcast::cli {
namespace {

bool has_met(roll_call const& call)
{
    return call.is_audible() && !call.heard().empty();
}

/// In milliseconds, of which it took at least one.
double slowest(roll_call const& call)
{
    auto last = std::chrono::steady_clock::duration::zero();
    for (auto const& [id, after] : call.heard())
        last = std::max(last, after);
    using milliseconds = std::chrono::duration<double, std::milli>;
    return std::max(1.0, std::ceil(milliseconds(last).count()));
}

std::string in_words(roll_call const& call)
{
    return fmt::format("{} on {} within {:.0f} ms{}", call.heard().size(), call.interface().name,
                       slowest(call),
                       call.is_audible() ? "" : ", unasked, for nothing can be sent there");
}

std::string strangers(std::uint64_t datagrams)
{
    if (datagrams == 0)
        return {};
    return fmt::format("; {} datagram{} came from others, of another name or program", datagrams,
                       datagrams == 1 ? "" : "s");
}

} // namespace

finding answers::told() const
{
    std::set<std::uint64_t> all;
    std::vector<std::string> links;
    std::uint64_t foreign = 0;
    bool asked = false, answered = false;
    for (auto const& each : calls_) {
        foreign += each->foreign();
        asked = asked || each->is_audible();
        answered = answered || cli::has_met(*each);
        for (auto const& [id, after] : each->heard())
            all.insert(id);
        if (!each->heard().empty())
            links.push_back(in_words(*each));
    }
    if (all.empty() && !asked)
        return {"instances",
                {},
                health::unknown,
                "nobody could be called, for nothing can be sent" + strangers(foreign)};
    if (all.empty())
        return {"instances",
                {},
                health::unknown,
                fmt::format("nobody else answered within {} s{}; start one elsewhere to try the "
                            "way there",
                            roll_call::patience.count(), strangers(foreign))};
    return {"instances",
            {},
            answered ? health::ok : health::warn,
            fmt::format("{} other{} {}: {}{}", all.size(), all.size() == 1 ? "" : "s",
                        answered          ? "answered"
                        : all.size() == 1 ? "is heard"
                                          : "are heard",
                        fmt::join(links, ", "), strangers(foreign))};
}

bool answers::has_met(bool loopback) const
{
    return std::ranges::any_of(calls_, [&](auto const& each) {
        return cli::has_met(*each) && each->interface().loopback == loopback;
    });
}

bool answers::has_met_on(net::interface_info const& which) const
{
    return std::ranges::any_of(calls_, [&](auto const& each) {
        return cli::has_met(*each) && each->interface().index == which.index;
    });
}

} // namespace rollcast::cli
