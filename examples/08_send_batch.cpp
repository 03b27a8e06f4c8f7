// SPDX-License-Identifier: BSL-1.0

// Sends the lines of its input, a datagram each, with few calls: 08_send_batch 239.1.1.1:5000
// [interface]
#include <rollcast/send.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

namespace asio = boost::asio;

std::vector<std::string> read_lines()
{
    std::vector<std::string> lines;
    for (std::string line; std::getline(std::cin, line);)
        lines.push_back(line);
    return lines;
}

asio::awaitable<void> send_each(rollcast::publication& pub, std::vector<std::string> lines)
{
    std::vector<asio::const_buffer> batch;
    for (auto const& line : lines)
        batch.push_back(asio::buffer(line));
    auto const report = co_await pub.send_batch(batch);
    for (auto const& failure : report.failures)
        std::cout << "line " << failure.index + 1 << ": " << failure.error.message() << '\n';
    std::cout << "sent " << report.packets << " of " << batch.size() << " datagrams, "
              << report.bytes << " bytes" << std::endl;
}

int main(int argc, char** argv)
try {
    if (argc < 2)
        throw std::invalid_argument("usage: 08_send_batch GROUP:PORT [INTERFACE]");
    rollcast::publication_config config{.group = rollcast::net::group::parse(argv[1]).value()};
    if (argc > 2)
        config.interface = argv[2];

    asio::io_context context;
    rollcast::publication pub(context.get_executor(), config);
    asio::co_spawn(context, send_each(pub, read_lines()), rollcast::rethrow);
    context.run();
} catch (std::exception const& problem) {
    std::cerr << problem.what() << '\n';
    return 1;
}
