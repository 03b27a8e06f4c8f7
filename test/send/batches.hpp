// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "support/run.hpp"

#include <rollcast/receive/batch.hpp>
#include <rollcast/receive/subscription.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

// What the tests of many datagrams at once share.

namespace rollcast::test {

using texts = std::vector<std::string>;
using sizes = std::vector<std::size_t>;

/// Texts of so many sizes; each begins with its place, as far as it is long enough.
inline texts numbered(sizes const& each)
{
    texts result;
    for (auto const size : each) {
        auto text = std::to_string(result.size());
        text.resize(std::max(size, text.size()), '.');
        result.push_back(text.substr(text.size() > size ? text.size() - size : 0, size));
    }
    return result;
}

inline std::vector<asio::const_buffer> buffers_of(texts const& each)
{
    std::vector<asio::const_buffer> result;
    for (auto const& text : each)
        result.push_back(asio::buffer(text));
    return result;
}

inline std::size_t bytes_of(texts const& each)
{
    return asio::buffer_size(buffers_of(each));
}

inline sizes sizes_of(texts const& each)
{
    sizes result;
    for (auto const& text : each)
        result.push_back(text.size());
    return result;
}

/// The next datagrams, one by one however they arrived; throws if they do not come.
inline texts next_texts(asio::io_context& context, subscription& sub, std::size_t count)
{
    texts result;
    batch into(64);
    while (result.size() < count) {
        run(context, sub.recv_batch(into));
        for (auto const& packet : into)
            result.emplace_back(packet.text());
    }
    return result;
}

/// What is there already.
inline texts queued_texts(subscription& sub)
{
    texts result;
    batch into(64);
    error_code ec;
    while (sub.try_recv_batch(into, ec) != 0)
        for (auto const& packet : into)
            result.emplace_back(packet.text());
    return result;
}

} // namespace rollcast::test
