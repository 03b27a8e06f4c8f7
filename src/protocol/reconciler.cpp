// SPDX-License-Identifier: BSL-1.0
#include "protocol/reconciler.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace rollcast::detail {
namespace {

using std::chrono::milliseconds;

/// A change that the own chart has seen so recently is still on its way to other charts: a pull
/// would ask for what comes anyway.
constexpr auto settling_time = milliseconds(250);
/// Where charts change all the time a pull waits no longer than this for a quiet moment.
constexpr auto longest_settling = milliseconds(2000);
/// Between two pulls of this instance.
constexpr auto pull_interval = milliseconds(250);

/// An exchange that has brought nothing for so long has lost a datagram.
constexpr auto patience = milliseconds(300);

/// Datagrams of up to 1200 bytes. A receive queue of Linux's default size holds 92 of them, so that
/// a burst does not fill that of a peer.
constexpr std::size_t burst_size = 16;
constexpr auto burst_interval = milliseconds(5);

/// Streams to members at a time; a further one is dropped.
constexpr std::size_t most_streams = 8;

/// Observers have streams of their own, so that they hold up no member.
constexpr std::size_t most_observed_streams = 16;

/// An observer asks again so often, since nobody beats to it and tells it of the difference.
constexpr int most_failures = 5;
/// A member asks again less often: the next beat tells it of the difference once more.
constexpr int most_unanswered = 2;
/// The same for an observer, which has nothing but these answers.
constexpr auto observer_patience = milliseconds(200);
/// An observer asks again within so long: other observers may have asked at the same moment.
constexpr auto again_spread = milliseconds(100);
/// Pairs of hashes, of a peer's chart and of ours; the oldest is forgotten first.
constexpr std::size_t most_agreed = 32;
/// Members in doubt after one exchange, because the peer does not hold them.
constexpr std::size_t most_unshared = 8;

/// RECORDS with nothing but a cookie ask for a proof.
bool is_challenge(announcement const& heard)
{
    return heard.cookie && heard.differing.empty() && heard.members.empty() && heard.ended.empty();
}

milliseconds patience_of(self_state const& who) noexcept
{
    return who.observes ? observer_patience : patience;
}

} // namespace

bool reconciler::is_agreed(summary::hash_type const& theirs) const
{
    auto const pair = std::pair(theirs, out_.summary().hash);
    return std::ranges::find(agreed_, pair) != agreed_.end();
}

bool reconciler::is_young(time_point now) const noexcept
{
    return now - known_.changed_at() < settling_time;
}

void reconciler::compare(peer const& with, summary const& theirs,
                         std::optional<std::uint64_t> cookie, duration delay, time_point now,
                         bool urgent)
{
    if (!self_.may_ask() || theirs.hash == out_.summary().hash || is_agreed(theirs.hash))
        return;
    auto const at = now + delay;
    if (wish_ && (wish_->urgent || (wish_->at <= at && !urgent)))
        return;
    auto const since = wish_ ? wish_->since : now;
    wish_ = wish{with, theirs.hash, cookie, at, urgent};
    wish_->members = theirs.members;
    wish_->since = since;
}

/// A PULL is long, and the address the peer seems to have spoken from may be that of a victim: it
/// is asked for a proof first, briefly. An instance that knows little next to the peer, as a
/// newcomer does, asks for all the peer has, in no more bytes than the peer has sent.
void reconciler::seek(wish const& which, time_point now)
{
    bool const again = self_.observes && which.failures != 0;
    bool const knows_little = again || 2 * std::size_t{out_.summary().members} < which.members;
    if (out_.is_proven(which.with.where))
        pull(which, false, now);
    else if (!(which.cookie && knows_little && pull(which, true, now)))
        ask_for_proof(which, now);
}

void reconciler::ask_for_proof(wish which, time_point now)
{
    auto const most = self_.observes ? most_failures : most_unanswered;
    if (which.proof_asked && which.failures++ == most)
        return;
    auto value = out_.speak(message_type::ping);
    value.cookie = out_.cookie(which.with.where, now);
    if (!out_.unicast(which.with.where, value)) {
        out_of_words_ = true;
        return;
    }
    which.proof_asked = true;
    which.at = now + patience_of(self_);
    wish_ = which;
}

void reconciler::hear_proof(announcement const& heard, arrival const& from, time_point now)
{
    if (!wish_ || !wish_->proof_asked || wish_->with.where != from.source)
        return;
    wish_->proof_asked = false;
    wish_->at = now;
    if (heard.cookie)
        wish_->cookie = heard.cookie;
}

/// Whether the PULL could be sent.
bool reconciler::pull(wish const& which, bool whole, time_point now)
{
    std::array<std::byte, announce::bucket_count * 4> packed;
    auto* out = packed.data();
    for (std::size_t bucket = 0; bucket < announce::bucket_count; ++bucket) {
        auto const hash = out_.bucket_hash(bucket);
        for (int shift = 24; shift >= 0; shift -= 8)
            *out++ = static_cast<std::byte>(hash >> shift);
    }
    auto value = out_.speak(message_type::pull);
    value.cookie = out_.cookie(which.with.where, now);
    value.echo = which.cookie;
    if (!whole) {
        value.summary = out_.summary();
        value.buckets = packed;
    }
    if (!out_.unicast(which.with.where, value))
        return false;
    if (which.failures != 0) // much is lost on this link
        out_.unicast(which.with.where, value);
    exchange_ = exchange{which.with, which.theirs, now + patience_of(self_)};
    exchange_->cookie = which.cookie;
    exchange_->failures = which.failures;
    pulled_at_ = now;
    return true;
}

void reconciler::hear_pull(announcement const& heard, asker const& from, time_point now)
{
    if (!self_.may_speak() || !self_.replies)
        return;
    if (!from.proven) {
        auto challenge = out_.speak(message_type::records);
        challenge.part = part{0, true};
        challenge.summary = out_.summary();
        challenge.cookie = out_.cookie(from.where, now);
        challenge.echo = heard.cookie;
        out_.answer(from, challenge, now);
        return;
    }
    if (!self_.limits.may_answer(from.where.address(), from.member, now))
        return;
    stream reply{from.where, heard.cookie};
    reply.observer = from.observer;
    if (heard.buckets.empty())
        reply.which.set(); // the asker wants all buckets
    for (std::size_t bucket = 0; 4 * bucket < heard.buckets.size(); ++bucket) {
        std::uint32_t theirs = 0;
        for (auto const byte : heard.buckets.subspan(4 * bucket, 4))
            theirs = theirs << 8 | std::to_integer<std::uint32_t>(byte);
        reply.which[bucket] = theirs != out_.bucket_hash(bucket);
    }
    start_stream(std::move(reply), now);
}

void reconciler::start_stream(stream value, time_point now)
{
    auto const same = [&](stream const& each) {
        return each.to == value.to && each.push == value.push;
    };
    std::erase_if(streams_, same);
    auto const alike = std::ranges::count(streams_, value.observer, &stream::observer);
    auto const most = value.observer ? most_observed_streams : most_streams;
    if (static_cast<std::size_t>(alike) >= most)
        return;
    streams_.push_back(std::move(value));
    if (next_burst_ <= now)
        transmit(now);
}

void reconciler::transmit(time_point now)
{
    for (std::size_t sent = 0; sent < burst_size && !streams_.empty(); ++sent) {
        // In turn, so that a long answer does not hold up the short ones.
        std::ranges::rotate(streams_, streams_.begin() + 1);
        if (step(streams_.back(), now))
            streams_.pop_back();
    }
    next_burst_ = now + burst_interval;
}

/// Sends one more datagram of the stream; whether it was the last.
bool reconciler::step(stream& which, time_point now)
{
    auto value = out_.speak(message_type::records);
    value.summary = out_.summary();
    if (!which.push)
        value.cookie = out_.cookie(which.to, now);
    value.echo = which.echo;
    value.part = part{which.index++, false};
    std::array<std::byte, announce::bucket_count / 8> differing{};
    for (std::size_t bucket = 0; bucket < announce::bucket_count; ++bucket)
        if (which.which[bucket])
            differing[bucket / 8] |= std::byte{0x80} >> bucket % 8;
    value.differing = differing;
    std::vector<std::byte> members;
    std::vector<std::byte> ended;
    bool done = fill(which, value, members);
    value.members = wire_list<member_view>(members);
    if (which.push && members.empty())
        return true;
    if (done)
        done = which.push || fill_ended(which, value, ended, now);
    value.ended = wire_list<ended_member>(ended);
    which.tombstones_told = which.tombstones_told || !ended.empty();
    // Tombstones that do not fit are left for another exchange: they are few, or no peer waits for
    // them.
    value.part->last = done || which.tombstones_told;
    out_.unicast(which.to, value);
    return value.part->last;
}

bool reconciler::is_left_out(stream const& which, member const& who) const
{
    if (!which.push)
        return false;
    auto const found = std::ranges::lower_bound(which.without, who.who().id, {}, &mention::id);
    return found != which.without.end() && found->id == who.who().id &&
           found->hash == who.hash().low();
}

/// Adds as many members as fit; whether these were all that were left to tell.
bool reconciler::fill(stream& which, announcement const& head, std::vector<std::byte>& members)
{
    auto const room =
        announce::max_datagram - announce::encoded_size(head) - announce::list_overhead;
    auto const add = [&](member const& who, bool proven) {
        auto const before = members.size();
        announce::append(members, member_view{who.who(), proven, who.record()});
        if (members.size() <= room)
            return true;
        members.resize(before);
        return false;
    };
    auto const& own = out_.own();
    bool const own_wanted = which.which[roster::bucket_of(own.position())];
    if (!which.own_told && own_wanted && !is_left_out(which, own))
        add(own, true);
    which.own_told = true;

    auto& all = known_.members();
    auto const entries = all.all();
    for (std::size_t bucket = which.begun ? roster::bucket_of(which.position) : 0;
         bucket < announce::bucket_count; ++bucket) {
        if (!which.which[bucket])
            continue;
        for (auto at = all.bucket_begin(bucket); at < entries.size(); ++at) {
            if (!entries[at])
                continue;
            auto const& who = entries[at].who();
            if (roster::bucket_of(who.position()) != bucket)
                break;
            bool const told = which.begun && who.position() <= which.position;
            if (told || is_left_out(which, who))
                continue;
            if (!add(who, entries[at].is_proven()))
                return false;
            which.begun = true;
            which.position = who.position();
        }
    }
    return true;
}

/// Adds as many tombstones of these buckets as fit. False where there are some, and no room even
/// for one.
bool reconciler::fill_ended(stream const& which, announcement const& head,
                            std::vector<std::byte>& ended, time_point now) const
{
    auto const size = announce::encoded_size(head) + announce::list_overhead;
    constexpr auto one = announce::ended_member_size;
    if (size + one > announce::max_datagram)
        return known_.dead().size() == 0;
    auto const room = announce::max_datagram - size;
    for (auto const& [id, trace] : known_.dead().all()) {
        if (trace.assumed)
            continue; // no other instance has said so, and none has to know
        if (!which.which[roster::bucket_of(ring_position(id, self_.config.key))])
            continue;
        if (ended.size() + one > room)
            break;
        auto const age = std::chrono::duration_cast<milliseconds>(now - trace.ended);
        announce::append(ended, ended_member{trace.who, trace.left, age});
    }
    return true;
}

void reconciler::hear_records(announcement const& heard, arrival const& from, time_point now)
{
    if (!exchange_ || exchange_->with.where != from.source)
        return;
    exchange_->until = now + patience_of(self_);
    for (auto const& each : heard.members) {
        if (exchange_->mentioned.size() > self_.config.max_instances)
            return; // only where the peer does not stop, or repeats itself
        auto const hash = hash_of(each.who, each.record.sequence, self_.config.key);
        exchange_->mentioned.push_back({each.who.id, hash.low()});
    }
}

void reconciler::heard_records(announcement const& heard, arrival const& from, time_point now)
{
    if (!exchange_ || exchange_->with.where != from.source)
        return;
    if (is_challenge(heard)) {
        if (!exchange_->cookie) // otherwise it is the same one once more, and the answer follows
            pull(wish{exchange_->with, exchange_->theirs, heard.cookie, now}, false, now);
        return;
    }
    if (!heard.cookie)
        return; // a push, which is no answer to our PULL
    auto& current = *exchange_;
    auto const index = heard.part->index;
    if (index >= current.parts.size())
        current.parts.resize(std::size_t{index} + 1);
    if (!current.parts[index]) {
        current.parts[index] = true;
        ++current.part_count;
    }
    if (heard.part->last)
        current.last_part = index;
    for (std::size_t bucket = 0; bucket < heard.differing.size() * 8; ++bucket)
        if ((heard.differing[bucket / 8] & std::byte{0x80} >> bucket % 8) != std::byte{0})
            current.differing.set(bucket);
    if (heard.summary)
        current.theirs = heard.summary->hash;
    if (current.part_count != current.last_part + 1)
        return;
    std::ranges::sort(current.mentioned, {}, &mention::id);
    stream push{from.source, heard.cookie};
    push.push = true;
    push.which = current.differing;
    push.without = std::move(current.mentioned);
    bool const equal = current.theirs == out_.summary().hash;
    if (finish())
        note_unshared(push);
    if (!equal && self_.may_speak())
        start_stream(std::move(push), now);
}

/// A difference that two complete exchanges with one peer have not removed will stay: one of the
/// charts is full, or has forgotten an instance, or two lives claim an id. Whether this exchange
/// has left such a difference.
bool reconciler::finish()
{
    outcome const now{exchange_->with.id, exchange_->theirs, out_.summary().hash};
    exchange_.reset();
    if (now.theirs == now.mine)
        return false;
    bool const stays = last_outcome_ == now;
    if (stays) {
        if (agreed_.size() >= most_agreed)
            agreed_.erase(agreed_.begin());
        agreed_.emplace_back(now.theirs, now.mine);
    }
    last_outcome_ = now;
    return stays;
}

void reconciler::note_unshared(stream const& what)
{
    for (auto const& entry : known_.members().all()) {
        if (!entry || !what.which[roster::bucket_of(entry.who().position())])
            continue;
        if (unshared_.size() >= most_unshared)
            return;
        if (!is_left_out(what, entry.who()))
            unshared_.push_back(entry.pointer());
    }
}

std::vector<member_ptr> reconciler::take_unshared()
{
    return std::exchange(unshared_, {});
}

/// A datagram of the exchange was lost. A member learns of the difference again by the next beat;
/// an observer, which gets no beats, asks again.
void reconciler::give_up(time_point now)
{
    auto const lost = *std::exchange(exchange_, std::nullopt);
    if (!self_.observes || wish_ || lost.failures == most_failures)
        return;
    auto const at = now + share(again_spread, self_.random.unit());
    wish_ = wish{lost.with, lost.theirs, lost.cookie, at, true};
    wish_->failures = lost.failures + 1;
}

void reconciler::advance(time_point now)
{
    if (!streams_.empty() && next_burst_ <= now)
        transmit(now);
    if (exchange_ && exchange_->until <= now)
        give_up(now);
    if (!wish_ || wish_->at > now)
        return;
    auto at = exchange_ ? exchange_->until : now;
    if (!wish_->urgent) {
        auto const settled =
            std::min(known_.changed_at() + settling_time, wish_->since + longest_settling);
        at = std::max({at, settled, pulled_at_ + pull_interval});
    }
    if (at > now) {
        wish_->at = at;
        return;
    }
    auto const which = *wish_;
    wish_.reset();
    if (which.theirs != out_.summary().hash && !is_agreed(which.theirs))
        seek(which, now);
}

std::optional<time_point> reconciler::next_deadline() const
{
    std::optional<time_point> next;
    if (!streams_.empty())
        next = next_burst_;
    if (exchange_)
        next = earlier(next, exchange_->until);
    if (wish_)
        next = earlier(next, wish_->at);
    return next;
}

void reconciler::stop()
{
    wish_.reset();
    exchange_.reset();
    streams_.clear();
}

} // namespace rollcast::detail
