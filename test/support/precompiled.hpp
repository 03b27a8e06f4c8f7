// SPDX-License-Identifier: BSL-1.0
#pragma once

// What most tests include and none of them changes; a room's main.cpp is compiled without it.
#include "detail/precompiled.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <map>
#include <string_view>
