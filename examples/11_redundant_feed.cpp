// SPDX-License-Identifier: BSL-1.0

// Receives a numbered feed that is sent twice, by two groups or two networks, as one stream:
//     11_redundant_feed GROUP:PORT%INTERFACE GROUP:PORT%INTERFACE
// and sends such a feed, for a try:
//     11_redundant_feed GROUP:PORT%INTERFACE GROUP:PORT%INTERFACE send COUNT
#include <rollcast/receive.hpp>
#include <rollcast/send.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <charconv>
#include <csignal>
#include <exception>
#include <iostream>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace asio = boost::asio;
using rollcast::arbiter;

struct line {
    rollcast::net::group group;
    rollcast::net::network_interface interface;
};

line parse(std::string_view text)
{
    auto const percent = text.find('%');
    if (percent == text.npos)
        return {rollcast::net::group::parse(text).value(), {}};
    return {rollcast::net::group::parse(text.substr(0, percent)).value(),
            std::string(text.substr(percent + 1))};
}

/// What is numbered is the feed's own matter; here the text begins with the number.
std::optional<std::uint64_t> number_of(rollcast::packet const& packet)
{
    auto const text = packet.text();
    std::uint64_t number = 0;
    auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), number);
    return ec == std::errc{} ? std::optional(number) : std::nullopt;
}

/// Both lines, and the stream that is made of them.
class feed {
public:
    feed(asio::io_context& context, std::vector<line> const& lines)
        : context_(context), timer_(context), one_(number_of, {.lines = lines.size()})
    {
        for (auto const& each : lines) {
            auto config = rollcast::subscription_config::any_source(each.group);
            if (!each.interface.is_unspecified())
                config.interfaces = {each.interface};
            lines_.emplace_back(context, config).join();
        }
    }

    void start()
    {
        for (std::size_t number = 0; number < lines_.size(); ++number)
            asio::co_spawn(context_, follow(number), rollcast::rethrow);
    }

    void finish()
    {
        one_.flush(print);
        for (std::size_t number = 0; number < lines_.size(); ++number)
            std::cout << "line " << number << ": " << one_.counters(number) << '\n';
        std::cout << one_.counters() << std::endl;
    }

private:
    static void print(rollcast::sequenced const& what)
    {
        std::cout << what << (what.packet.payload.empty() ? "" : ": ") << what.packet.text()
                  << std::endl;
    }

    asio::awaitable<void> follow(std::size_t number)
    {
        for (;;) {
            auto const packet = co_await lines_[number].recv();
            one_.take(number, packet, arbiter::clock::now(), print);
            await_what_is_missing();
        }
    }

    /// Nobody else would notice that it does not come.
    void await_what_is_missing()
    {
        auto const deadline = one_.deadline();
        if (!deadline || deadline == awaited_)
            return;
        awaited_ = deadline;
        timer_.expires_at(*deadline);
        timer_.async_wait([this](auto const& ec) {
            if (ec)
                return;
            one_.expire(arbiter::clock::now(), print);
            await_what_is_missing();
        });
    }

    asio::io_context& context_;
    std::vector<rollcast::subscription> lines_;
    asio::steady_timer timer_;
    arbiter one_;
    std::optional<arbiter::clock::time_point> awaited_;
};

/// Every tenth is missing on one line or the other, every hundredth on both.
asio::awaitable<void> send(asio::io_context& context, std::vector<line> const& lines, int count)
{
    rollcast::sender sender(context);
    std::vector<rollcast::publication_id> ids;
    for (auto const& each : lines)
        ids.push_back(sender.add({.group = each.group, .interface = each.interface}));
    rollcast::pacer pacer(context, 1000);
    for (int number = 1; number <= count; ++number) {
        co_await pacer.turn();
        auto const text = std::to_string(number) + " of " + std::to_string(count);
        for (std::size_t which = 0; which < ids.size(); ++which) {
            bool const is_lost = number % 100 == 0 || number % 10 == static_cast<int>(which);
            if (!is_lost)
                co_await sender.send(ids[which], asio::buffer(text));
        }
    }
}

int main(int argc, char** argv)
try {
    bool const sends = argc == 5 && std::string_view(argv[3]) == "send";
    if (argc != 3 && !sends)
        throw std::invalid_argument("usage: 11_redundant_feed GROUP:PORT[%INTERFACE] "
                                    "GROUP:PORT[%INTERFACE] [send COUNT]");
    asio::io_context context;
    std::vector<line> const lines{parse(argv[1]), parse(argv[2])};
    if (sends) {
        asio::co_spawn(context, send(context, lines, std::stoi(argv[4])), rollcast::rethrow);
        context.run();
        return 0;
    }
    feed feed(context, lines);
    std::cout << "joined" << std::endl;
    feed.start();
    asio::signal_set interrupt(context, SIGINT, SIGTERM);
    interrupt.async_wait([&](auto, auto) { context.stop(); });
    context.run();
    feed.finish();
} catch (std::exception const& problem) {
    std::cerr << problem.what() << '\n';
    return 1;
}
