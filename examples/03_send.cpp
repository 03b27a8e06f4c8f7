// SPDX-License-Identifier: BSL-1.0

// Sends a datagram to a multicast group: 03_send 239.1.1.1:5000 hello [interface]
#include <rollcast/send.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <iostream>
#include <string>

namespace asio = boost::asio;

asio::awaitable<void> say(rollcast::publication& pub, std::string text)
{
    auto const report = co_await pub.send(asio::buffer(text));
    std::cout << "sent " << report.bytes << " bytes from " << report.source << " to "
              << report.destination << std::endl;
}

int main(int argc, char** argv)
try {
    if (argc < 3)
        throw std::invalid_argument("usage: 03_send GROUP:PORT TEXT [INTERFACE]");
    rollcast::publication_config config{.group = rollcast::net::group::parse(argv[1]).value()};
    if (argc > 3)
        config.interface = argv[3];

    asio::io_context context;
    rollcast::publication pub(context.get_executor(), config);
    asio::co_spawn(context, say(pub, argv[2]), rollcast::rethrow);
    context.run();
} catch (std::exception const& problem) {
    std::cerr << problem.what() << '\n';
    return 1;
}
