// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "support/sim_dice.hpp"
#include "support/sim_hearing.hpp"
#include "support/simulated_network.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace rollcast::test {

/// A network as there are many: one wire or two, apart, joined or behind a reflector; hosts with
/// one address or several that not all reach; and places where not everybody hears everybody.
class soak_network {
public:
    soak_network(simulated_network& net, sim_dice& dice);

    /// Of the same interfaces, but for better or worse.
    void change_conditions();
    /// No more loss or delay than a good wire has.
    void calm();
    /// All hear each other that ever do.
    void heal();

    unsigned segments() const noexcept { return segments_; }
    double worst_loss() const noexcept { return worst_loss_; }
    std::vector<unsigned> some_segments();
    /// Gives it addresses, and whom it hears.
    void admit(std::size_t who);
    /// One that nobody depends on, which may be the first one that is tried, until all is calm.
    void silence_an_address();

    /// Whether these two know of each other without anybody's help, as long as nothing is amiss.
    bool are_neighbours(std::size_t a, std::size_t b) const;
    /// Whether not everybody hears everybody, however long it lasts.
    bool is_heard_in_part() const noexcept { return static_cast<bool>(hearing_); }
    /// Then it takes its time to find out which of them work.
    bool has_several_addresses() const noexcept { return plan_ != 0; }
    std::string describe() const;

private:
    enum class form { alone, apart, joined, reflected };

    void restrict_hearing();
    void draw_form();
    bool is_anywhere(std::size_t who) const;
    conditions draw_conditions();

    simulated_network& net_;
    sim_dice& dice_;
    form form_ = form::alone;
    unsigned segments_ = 1;
    std::size_t plan_ = 0; ///< Of addresses.
    hearing hearing_;
    std::optional<unsigned> hearing_on_; ///< None: on all segments.
    double worst_loss_ = 0;
    std::vector<asio::ip::address> silenced_;
};

} // namespace rollcast::test
