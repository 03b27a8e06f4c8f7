// SPDX-License-Identifier: BSL-1.0

// Sends one text to several groups, also where one of them fails: 09_fan_out hello lo
// 239.1.1.1:5000 239.1.1.2:5000
#include <rollcast/send.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/system/system_error.hpp>

#include <exception>
#include <iostream>
#include <stdexcept>
#include <string>

namespace asio = boost::asio;

asio::awaitable<void> tell_all(rollcast::sender& all, std::string text)
{
    auto const made = co_await all.send_all(asio::buffer(text));
    for (auto const& [report, error] : made) {
        std::cout << to_string(all.find(report.publication)->config().group) << ": ";
        if (error)
            std::cout << error.message() << std::endl;
        else
            std::cout << "sent " << report.bytes << " bytes" << std::endl;
    }
}

void add(rollcast::sender& all, char const* group, char const* interface)
{
    rollcast::publication_config config{.group = rollcast::net::group::parse(group).value()};
    config.interface = interface;
    rollcast::error_code ec;
    all.add(config, ec);
    if (ec)
        throw boost::system::system_error(ec, group);
}

int main(int argc, char** argv)
try {
    if (argc < 4)
        throw std::invalid_argument("usage: 09_fan_out TEXT INTERFACE GROUP:PORT...");
    asio::io_context context;
    rollcast::sender all(context.get_executor());
    for (int i = 3; i < argc; ++i)
        add(all, argv[i], argv[2]);
    asio::co_spawn(context, tell_all(all, argv[1]), rollcast::rethrow);
    context.run();
} catch (std::exception const& problem) {
    std::cerr << problem.what() << '\n';
    return 1;
}
