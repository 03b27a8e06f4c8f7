// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <set>
#include <string>

namespace rollcast::cli {

/// What an examination has come to; the worse the larger. What cannot be known counts as good.
enum class health { ok, unknown, warn, fail };

/// One thing that was looked at.
struct finding {
    std::string check;
    std::string interface{}; ///< Empty where it concerns the whole machine.
    health status = health::ok;
    std::string detail{}; ///< What was found, and the cause where something is wrong.
    std::string remedy{}; ///< A command that would mend it.
};

/// Prints findings as they are made, for people or scripts, and remembers the worst.
class findings {
public:
    explicit findings(bool json) : json_(json) {}

    /// So that what is found stands in one column, however long the name of an interface is.
    void make_room_for(std::string const& interface);

    void add(finding const& what);
    void verdict(health status, std::string const& in_words) const;

    health worst() const noexcept { return worst_; }

private:
    bool json_;
    std::size_t longest_interface_ = 8;
    std::set<std::string> remedies_; ///< Those that people have read; scripts get each.
    health worst_ = health::ok;
};

} // namespace rollcast::cli
