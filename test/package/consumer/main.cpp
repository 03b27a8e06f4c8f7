// SPDX-License-Identifier: BSL-1.0
#include "conversation.hpp"

#include <cstdio>

int main()
{
    auto const heard = converse();
    std::printf("heard %s\n", heard.c_str());
    return heard == "hello" ? 0 : 1;
}
