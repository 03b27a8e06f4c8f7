// SPDX-License-Identifier: BSL-1.0
#include "conversation.hpp"

#include <rollcast/rollcast.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>

namespace asio = boost::asio;

static asio::awaitable<void> hear_oneself(rollcast::subscription& ear, rollcast::publication& mouth,
                                          std::string& heard)
{
    co_await mouth.send(asio::buffer("hello", 5));
    auto const packet = co_await ear.recv();
    heard.assign(reinterpret_cast<char const*>(packet.payload.data()), packet.payload.size());
}

std::string converse()
{
    asio::io_context context;
    auto const group = rollcast::net::group::parse("239.1.1.1:5000").value();

    auto hearing = rollcast::subscription_config::any_source(group);
    hearing.interfaces = {"lo"};
    rollcast::subscription ear(context.get_executor(), hearing);
    ear.join();

    rollcast::publication_config sending;
    sending.group = group;
    sending.interface = "lo";
    rollcast::publication mouth(context.get_executor(), sending);

    std::string heard;
    std::exception_ptr failure;
    asio::co_spawn(context, hear_oneself(ear, mouth, heard),
                   [&](std::exception_ptr e) { failure = e; });
    context.run();
    if (failure)
        std::rethrow_exception(failure);
    return heard;
}
