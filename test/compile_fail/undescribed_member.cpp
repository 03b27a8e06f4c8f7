// SPDX-License-Identifier: BSL-1.0
// expect: rollcast: not all members of this struct are described
#include <rollcast/announce/typed.hpp>

struct account {
    std::string owner;
    int balance = 0;
};
BOOST_DESCRIBE_STRUCT(account, (), (owner))

std::vector<std::byte> bytes_of(account const& value)
{
    return rollcast::announce::encode(value);
}
