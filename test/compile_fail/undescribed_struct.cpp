// SPDX-License-Identifier: BSL-1.0
// expect: rollcast: this type has no wire form; describe a struct
#include <rollcast/announce/typed.hpp>

struct address {
    std::string street;
};

struct person {
    std::string name;
    std::vector<address> addresses;
};
BOOST_DESCRIBE_STRUCT(person, (), (name, addresses))

std::vector<std::byte> bytes_of(person const& value)
{
    return rollcast::announce::encode(value);
}
