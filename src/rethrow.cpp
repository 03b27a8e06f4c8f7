// SPDX-License-Identifier: BSL-1.0
#include <rollcast/rethrow.hpp>

#include "error/explanation.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/multiple_exceptions.hpp>
#include <boost/system/system_error.hpp>

namespace rollcast {
namespace {

/// What was thrown, or what operators of awaitables have kept where they put several into one.
struct told {
    std::exception_ptr failure;
    bool is_one_of_several = false;
};

told told_by(std::exception_ptr const& failure)
{
    try {
        std::rethrow_exception(failure);
    } catch (asio::multiple_exceptions const& several) {
        return {told_by(several.first_exception()).failure, true};
    } catch (...) {
        return {failure};
    }
}

/// Its code, if it has one.
error_code code_of(std::exception_ptr const& failure)
{
    try {
        std::rethrow_exception(failure);
    } catch (boost::system::system_error const& problem) {
        return problem.code();
    } catch (...) {
        return {};
    }
}

} // namespace

void rethrow_t::end(std::exception_ptr const& failure, bool was_cancelled)
{
    auto const [first, is_one_of_several] = told_by(failure);
    std::rethrow_exception(was_cancelled && detail::is_cancellation(code_of(first)) ? first
                                                                                    : failure);
}

void rethrow_t::pass_on(std::exception_ptr const& failure)
{
    if (!failure)
        return;
    auto const [first, is_one_of_several] = told_by(failure);
    auto const code = code_of(first);
    if (!detail::is_cancellation(code) && code != error::stopped)
        std::rethrow_exception(first);
    // Nobody has cancelled it from outside, so one side was for a failure of the other.
    if (is_one_of_several && detail::is_cancellation(code))
        detail::throw_explained(
            code, "one side of && was cancelled, as the other one has failed, which is "
                  "not told why; spawn them one by one");
}

} // namespace rollcast
