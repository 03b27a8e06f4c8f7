// SPDX-License-Identifier: BSL-1.0
#include <rollcast/chart.hpp>

#include <iostream>

/// Whoever includes the door of a room can print what it returns; no other header is needed.
void print(rollcast::event const& what, rollcast::chart const& chart)
{
    std::cout << what << what.kind << what.who << what.who.life << what.interface << what.who.state;
    std::cout << chart.counters() << chart.obstacles().front() << chart.groups().front();
}
