// SPDX-License-Identifier: BSL-1.0
#include "protocol/lost_presences.hpp"

#include "announce/codec.hpp"
#include "protocol/told_addresses.hpp"

#include <algorithm>

namespace rollcast::detail {

void lost_presences::add(link const& where, std::chrono::milliseconds beat_interval,
                         time_point until)
{
    erase(where.index);
    if (all_.size() == capacity)
        all_.erase(all_.begin());
    record there;
    there.beat_interval = beat_interval;
    there.discovery_port = 1; // nobody needs it, but it may not be 0
    there.unicast_port_v4 = where.unicast_port_v4;
    there.unicast_port_v6 = where.unicast_port_v6;
    there.addresses = told_addresses(where.addresses);
    all_.push_back({where.index, std::move(there), until});
}

void lost_presences::erase(unsigned link_index)
{
    std::erase_if(all_, [&](presence const& each) { return each.link == link_index; });
}

std::vector<std::byte> lost_presences::told(identity const& own, time_point now) const
{
    std::vector<std::byte> bytes;
    for (auto const& each : all_) {
        if (each.until <= now)
            continue;
        auto const packed = announce::pack(each.record);
        if (!packed)
            continue;
        announce::append(bytes, member_view{own, false, announce::view_record(*packed).value()});
    }
    return bytes;
}

bool is_reached_at(record_view const& known, record_view const& lost)
{
    auto const where = [](record_view const& packed) {
        auto value = announce::unpack(packed);
        std::ranges::sort(value.addresses);
        record only;
        only.unicast_port_v4 = value.unicast_port_v4;
        only.unicast_port_v6 = value.unicast_port_v6;
        only.addresses = std::move(value.addresses);
        return only;
    };
    return where(known) == where(lost);
}

} // namespace rollcast::detail
