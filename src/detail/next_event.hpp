// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "detail/operation.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <utility>

namespace rollcast::detail {

/// Marks an operation as under way, of which an object may have one at a time.
class in_progress {
public:
    /// Throws `receive_in_progress`, explained by the source, where such an operation is under way.
    in_progress(bool& flag, auto const& source, char const* function) : flag_(flag)
    {
        throw_if(flag ? error_code(error::receive_in_progress) : error_code{}, function,
                 [&](error_code const& code) { return source.explain(code); });
        flag_ = true;
    }
    ~in_progress() { flag_ = false; }
    in_progress(in_progress const&) = delete;

private:
    bool& flag_;
};

/// The body of every wait for an event of a subscription, a publication or the like. `News` holds
/// the state of that object (`from`), says whether the object is still in order (`check`), takes an
/// event that has come, and waits until one may have come.
template <class News>
asio::awaitable<typename News::event> next_event(News news, char const* function)
{
    in_progress const guard(news.is_awaited(), *news.from, function);
    co_await asio::post(news.from->get_executor(), asio::use_awaitable);
    for (;;) {
        auto const cancellation = co_await asio::this_coro::cancellation_state;
        throw_if_cancelled(cancellation, function);
        throw_if(news.check(), function,
                 [&](error_code const& code) { return news.from->explain(code); });
        if (auto event = news.take())
            co_return std::move(*event);
        co_await news.wait();
    }
}

} // namespace rollcast::detail
