// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "announce/group_key.hpp"
#include "protocol/random_source.hpp"
#include "support/sim_cast.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace rollcast::test {

/// The same datagram as another implementation might write it that keeps the letter of
/// docs/protocol.md and nothing more: its fields in any order, and, where they fit, before, between
/// and after them some of kinds that nobody knows, of any length. Only what is said to all gets
/// any, and no hello or question: the rest has to be as short as what it answers.
std::vector<std::byte> in_other_words(std::span<std::byte const> datagram, cast way,
                                      group_key const& key, detail::random_source& random);

} // namespace rollcast::test
