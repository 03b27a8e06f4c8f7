// SPDX-License-Identifier: BSL-1.0
// expect: rollcast: this struct has private or protected members
#include <rollcast/announce/typed.hpp>

class account {
public:
    std::string owner;

private:
    int secret = 0;

    BOOST_DESCRIBE_CLASS(account, (), (owner), (), (secret))
};

std::vector<std::byte> bytes_of(account const& value)
{
    return rollcast::announce::encode(value);
}
