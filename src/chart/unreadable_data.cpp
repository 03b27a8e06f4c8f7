// SPDX-License-Identifier: BSL-1.0
#include "chart/unreadable_data.hpp"

namespace rollcast::detail {

unreadable_data::novelty unreadable_data::note(instance const& who)
{
    auto const at = known_.find(who.id);
    bool const same_life = at != known_.end() && at->second.first == who.life;
    if (same_life && at->second.second == who.sequence)
        return novelty::none;
    // More ids than a chart holds, so that some have ended; the rest is told of once more.
    if (at == known_.end() && known_.size() > most_)
        known_.clear();
    known_.insert_or_assign(who.id, std::pair(who.life, who.sequence));
    return same_life ? novelty::record : novelty::life;
}

} // namespace rollcast::detail
