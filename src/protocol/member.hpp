// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "announce/announcement.hpp"
#include "protocol/link.hpp"
#include "protocol/set_hash.hpp"

#include <boost/smart_ptr/intrusive_ptr.hpp>

#include <memory>
#include <unordered_map>
#include <vector>

namespace rollcast::detail {

class member_pool;

/// What is known of one instance on one link as of one sequence number. Never changes, so that the
/// charts of one thread may share it.
class member {
public:
    member(identity const& who, record_view const& told, std::uint64_t position,
           set_hash const& hash);

    identity const& who() const noexcept { return who_; }
    std::uint32_t sequence() const noexcept { return sequence_; }
    std::chrono::milliseconds beat_interval() const noexcept { return beat_interval_; }
    std::chrono::milliseconds detection_time() const noexcept { return 4 * beat_interval_; }
    std::uint64_t position() const noexcept { return position_; } ///< On the ring.
    set_hash const& hash() const noexcept { return hash_; }
    record_view record() const noexcept { return {sequence_, beat_interval_, packed()}; }
    std::span<std::byte const> packed() const noexcept { return {bytes_.get(), size_}; }

    bool speaks(bool v4) const noexcept { return v4 ? v4_ : v6_; }
    /// Whether an address of this IP version leads to it; a loopback address does so only on
    /// loopback.
    bool is_reached(bool v4, bool by_loopback) const noexcept
    {
        return by_loopback ? speaks(v4) : v4 ? v4_abroad_ : v6_abroad_;
    }
    bool has_several_addresses() const noexcept { return several_addresses_; }
    net::port_type discovery_port() const noexcept { return discovery_port_; }

private:
    friend void intrusive_ptr_add_ref(member const* value) noexcept { ++value->users_; }
    friend void intrusive_ptr_release(member const* value) noexcept;
    friend class member_pool;

    identity who_;
    std::uint64_t position_;
    set_hash hash_;
    std::unique_ptr<std::byte[]> bytes_;
    std::uint32_t size_;
    std::uint32_t sequence_;
    std::chrono::milliseconds beat_interval_;
    member_pool* pool_ = nullptr;
    mutable std::uint32_t users_ = 0; ///< Not atomic: a pool is for one thread.
    net::port_type discovery_port_;
    bool v4_ = false;
    bool v6_ = false;
    bool v4_abroad_ = false;
    bool v6_abroad_ = false;
    bool several_addresses_ = false;
};

using member_ptr = boost::intrusive_ptr<member const>;

/// Lets the charts of one thread share what they know alike.
class member_pool {
public:
    member_pool() = default;
    ~member_pool();
    member_pool(member_pool const&) = delete;
    member_pool& operator=(member_pool const&) = delete;

    member_ptr share(identity const& who, record_view const& told, group_key const& key);

private:
    friend void intrusive_ptr_release(member const* value) noexcept;
    void drop(member const& value) noexcept;

    std::unordered_multimap<std::uint64_t, member*> known_; ///< By the low half of the hash.
};

/// A member of this chart alone, or a shared one where there is a pool.
member_ptr make_member(identity const& who, record_view const& told, group_key const& key,
                       member_pool* pool);

} // namespace rollcast::detail
