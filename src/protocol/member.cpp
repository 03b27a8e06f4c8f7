// SPDX-License-Identifier: BSL-1.0
#include "protocol/member.hpp"

#include "announce/codec.hpp"

#include <algorithm>

namespace rollcast::detail {

member::member(identity const& who, record_view const& told, std::uint64_t position,
               set_hash const& hash)
    : who_(who),
      position_(position),
      hash_(hash),
      bytes_(std::make_unique<std::byte[]>(told.bytes.size())),
      size_(static_cast<std::uint32_t>(told.bytes.size())),
      sequence_(told.sequence),
      beat_interval_(told.beat_interval)
{
    std::ranges::copy(told.bytes, bytes_.get());
    auto const value = announce::unpack(record());
    discovery_port_ = value.discovery_port;
    for (auto const& each : value.addresses) {
        auto const port = each.is_v4() ? value.unicast_port_v4 : value.unicast_port_v6;
        (each.is_v4() ? v4_ : v6_) |= port != 0;
        (each.is_v4() ? v4_abroad_ : v6_abroad_) |= port != 0 && !each.is_loopback();
    }
    several_addresses_ = value.addresses.size() > 1;
}

void intrusive_ptr_release(member const* value) noexcept
{
    if (--value->users_ != 0)
        return;
    if (value->pool_)
        value->pool_->drop(*value);
    delete value;
}

member_pool::~member_pool()
{
    for (auto const& [key, value] : known_)
        value->pool_ = nullptr;
}

member_ptr member_pool::share(identity const& who, record_view const& told, group_key const& key)
{
    auto const hash = hash_of(who, told.sequence, key);
    auto const [first, last] = known_.equal_range(hash.low());
    for (auto each = first; each != last; ++each)
        if (each->second->hash() == hash && std::ranges::equal(each->second->packed(), told.bytes))
            return each->second;
    auto fresh = std::make_unique<member>(who, told, ring_position(who.id, key), hash);
    known_.emplace(hash.low(), fresh.get());
    fresh->pool_ = this;
    return fresh.release();
}

void member_pool::drop(member const& value) noexcept
{
    auto const [first, last] = known_.equal_range(value.hash().low());
    auto const found =
        std::find_if(first, last, [&](auto const& each) { return each.second == &value; });
    if (found != last)
        known_.erase(found);
}

member_ptr make_member(identity const& who, record_view const& told, group_key const& key,
                       member_pool* pool)
{
    if (pool)
        return pool->share(who, told, key);
    return new member(who, told, ring_position(who.id, key), hash_of(who, told.sequence, key));
}

} // namespace rollcast::detail
