// SPDX-License-Identifier: BSL-1.0
#include "support/sim_soak_network.hpp"

#include "protocol/subnets.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace rollcast::test {
namespace {

using asio::ip::make_address;
using std::chrono::milliseconds;
using address_list = std::vector<simulated_address>;

constexpr double greatest_loss = 0.4;

struct host {
    std::string segment;
    std::string number;
    bool even;
};

host host_of(std::size_t who, unsigned segment)
{
    return {std::to_string(segment), std::to_string(who + 1), who % 2 == 0};
}

simulated_address in_24(std::string const& net, host const& of, bool answers = true)
{
    return {make_address(net + '.' + of.segment + '.' + of.number), 24, answers};
}

simulated_address link_local(host const& of)
{
    return {make_address("fe80::" + of.segment + ":" + of.number), 64};
}

simulated_address deprecated(host const& of, int nth)
{
    auto const text = "fd00:" + of.segment + "::" + std::to_string(nth) + ":" + of.number;
    return {make_address(text), 64, true, true};
}

/// Some have a second subnet, which comes first.
address_list second_subnet(host const& of)
{
    address_list all{in_24("172.16", of), link_local(of)};
    if (of.even)
        all.insert(all.begin(), in_24("192.168", of));
    return all;
}

/// On the wire of others, and of no subnet of theirs.
address_list own_subnets(host const& of)
{
    return {in_24(of.even ? "172.16" : "192.168", of), link_local(of)};
}

address_list first_does_not_answer(host const& of)
{
    return {in_24("172.16", of, false), link_local(of), in_24("192.168", of)};
}

address_list many_deprecated(host const& of)
{
    address_list all{in_24("172.16", of)};
    for (int nth = 1; nth <= 8; ++nth)
        all.push_back(deprecated(of, nth));
    all.push_back(link_local(of));
    return all;
}

constexpr std::array plans{second_subnet, own_subnets, first_does_not_answer, many_deprecated};

} // namespace

soak_network::soak_network(simulated_network& net, sim_dice& dice) : net_(net), dice_(dice)
{
    draw_form();
    for (unsigned i = 0; i < segments_; ++i)
        net_.add_segment(draw_conditions());
    if (form_ == form::joined) {
        net_.join(0, 1);
    } else if (form_ == form::reflected) {
        repetition const how{.delay = dice_.between(milliseconds(0), milliseconds(300)),
                             .keeps_source = dice_.chance(0.5)};
        net_.repeat(0, 1, how);
        net_.repeat(1, 0, how);
    }
}

void soak_network::draw_form()
{
    auto const drawn = dice_.unit();
    form_ = drawn < 0.6   ? form::alone
            : drawn < 0.8 ? form::apart
            : drawn < 0.9 ? form::joined
                          : form::reflected;
    segments_ = form_ == form::alone ? 1 : 2;
    bool const is_plain = form_ == form::alone || form_ == form::apart;
    if (is_plain && dice_.chance(0.3))
        plan_ = 1 + dice_.below(plans.size());
    bool const on_both = form_ == form::apart && plan_ == 0; // a wire and radio
    if ((form_ == form::alone || on_both) && dice_.chance(0.2))
        hearing_ = dice_.one_of<hearing>({by_hub, in_chain, in_cells(1 + dice_.below(6))});
    if (on_both)
        hearing_on_ = 1;
}

conditions soak_network::draw_conditions()
{
    conditions how;
    how.delay = dice_.between(milliseconds(1), milliseconds(5));
    how.jitter =
        dice_.chance(0.5) ? dice_.between(milliseconds(0), milliseconds(60)) : milliseconds(0);
    how.loss = dice_.chance(0.3) ? 0 : greatest_loss * dice_.unit();
    how.duplication = dice_.chance(0.3) ? 0.2 * dice_.unit() : 0;
    how.ipv6 = dice_.chance(0.5) || plan_ != 0;
    worst_loss_ = std::max(worst_loss_, how.loss);
    return how;
}

void soak_network::change_conditions()
{
    auto& how = net_.segment(static_cast<unsigned>(dice_.below(segments_)));
    auto const ipv6 = how.ipv6; // an interface keeps its addresses
    how = draw_conditions();
    how.ipv6 = ipv6;
}

void soak_network::calm()
{
    for (unsigned i = 0; i < segments_; ++i) {
        auto& how = net_.segment(i);
        how.jitter = {};
        how.loss = how.duplication = 0;
    }
    for (auto const& each : std::exchange(silenced_, {}))
        net_.silence(each, false);
    heal();
}

void soak_network::restrict_hearing()
{
    if (hearing_ && hearing_on_)
        restrict_hearing_on(net_, *hearing_on_, hearing_);
    else if (hearing_)
        test::restrict_hearing(net_, hearing_);
}

void soak_network::heal()
{
    net_.heal();
    restrict_hearing();
}

std::vector<unsigned> soak_network::some_segments()
{
    if (segments_ == 1)
        return {0};
    return std::array<std::vector<unsigned>, 3>{{{0}, {1}, {0, 1}}}[dice_.below(3)];
}

void soak_network::admit(std::size_t who)
{
    restrict_hearing();
    for (unsigned segment = 0; plan_ != 0 && segment < segments_; ++segment)
        net_.set_addresses(who, segment, plans[plan_ - 1](host_of(who, segment)));
}

void soak_network::silence_an_address()
{
    if (plan_ == 0)
        return;
    auto const who = dice_.below(net_.count());
    auto const segment = static_cast<unsigned>(dice_.below(segments_));
    auto const which = in_24(dice_.chance(0.5) ? "172.16" : "192.168", host_of(who, segment));
    if (net_.answers(which.address)) {
        net_.silence(which.address, true);
        silenced_.push_back(which.address);
    }
}

std::string soak_network::describe() const
{
    static constexpr std::array forms{"one wire", "two wires", "two links on one wire",
                                      "two wires and a reflector"};
    static constexpr std::array addresses{"", ", some on a second subnet", ", subnets of their own",
                                          ", first addresses that do not answer",
                                          ", many deprecated addresses"};
    return std::string(forms[static_cast<std::size_t>(form_)]) + addresses[plan_] +
           (hearing_ ? ", not everybody hears everybody" : "") +
           (hearing_ && hearing_on_ ? " on one of them" : "");
}

bool soak_network::is_anywhere(std::size_t who) const
{
    bool any = false;
    for (unsigned i = 0; i < segments_; ++i)
        any = any || net_.is_on(who, i);
    return any;
}

bool soak_network::are_neighbours(std::size_t a, std::size_t b) const
{
    if (form_ == form::joined || form_ == form::reflected)
        return is_anywhere(a) && is_anywhere(b);
    bool shared = false;
    for (unsigned i = 0; i < segments_; ++i) {
        bool const hear = !hearing_ || i != hearing_on_.value_or(i) || hearing_(a, b);
        shared = shared || (hear && net_.is_on(a, i) && net_.is_on(b, i));
    }
    return shared;
}

} // namespace rollcast::test
