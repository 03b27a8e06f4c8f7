// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string>

/// Sends itself a datagram by multicast on lo, and returns what arrived.
std::string converse();
