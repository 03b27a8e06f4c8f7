// SPDX-License-Identifier: BSL-1.0
#include <rollcast/rethrow.hpp>

#include <boost/asio/error.hpp>
#include <boost/asio/multiple_exceptions.hpp>
#include <boost/system/system_error.hpp>

namespace rollcast {
namespace {

/// What was thrown first, where an operator of awaitables has put several into one.
std::exception_ptr first_of(std::exception_ptr const& failure)
{
    try {
        std::rethrow_exception(failure);
    } catch (asio::multiple_exceptions const& several) {
        return several.first_exception();
    } catch (...) {
        return failure;
    }
}

} // namespace

void rethrow_t::pass_on(std::exception_ptr const& failure)
{
    if (!failure)
        return;
    try {
        std::rethrow_exception(first_of(failure));
    } catch (boost::system::system_error const& problem) {
        bool const wished =
            problem.code() == asio::error::operation_aborted || problem.code() == error::stopped;
        if (!wished)
            throw;
    }
}

} // namespace rollcast
