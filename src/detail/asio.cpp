// SPDX-License-Identifier: BSL-1.0

// Asio itself, compiled once where ROLLCAST_COMPILED_ASIO is on.
#include <boost/asio/impl/src.hpp>
