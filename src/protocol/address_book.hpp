// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/chart/instance.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace rollcast::detail {

/// The best address of every instance, kept until the chart changes: programs ask for it far more
/// often than an instance comes or goes.
class address_book {
public:
    using page = std::shared_ptr<std::vector<best_address> const>;
    using port = std::variant<std::size_t, std::string>; ///< The n-th, or one by name.

    /// The page for this port as of this version of the chart; `write` is called where it is new.
    template <class Write>
    page look_up(port const& which, std::uint64_t version, Write&& write)
    {
        if (version_ != version)
            pages_.clear();
        version_ = version;
        auto const known = std::ranges::find(pages_, which, &entry::first);
        if (known != pages_.end())
            return known->second;
        if (pages_.size() == most_pages)
            pages_.erase(pages_.begin());
        pages_.emplace_back(which, std::make_shared<std::vector<best_address> const>(write()));
        return pages_.back().second;
    }

private:
    using entry = std::pair<port, page>;

    static constexpr std::size_t most_pages = 8; ///< A program may ask for any names.

    std::vector<entry> pages_;
    std::uint64_t version_ = 0;
};

} // namespace rollcast::detail
