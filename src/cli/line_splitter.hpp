// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace rollcast::cli {

/// Makes lines of pieces as they come. A line ends with '\n', or with the input if there is
/// something left; every other byte belongs to it.
class line_splitter {
public:
    /// Of a line that is longer, the rest is forgotten.
    explicit line_splitter(std::size_t longest) : longest_(longest) {}

    /// The next line that is whole, of a piece that was added before.
    std::optional<std::string> next()
    {
        auto const end = piece_.find('\n');
        take(std::min(end, piece_.size()));
        if (end == std::string_view::npos)
            return std::nullopt;
        piece_.remove_prefix(1);
        began_ = false;
        return std::exchange(line_, {});
    }

    /// Only once `next` has nothing more; the piece has to outlive that.
    void add(std::string_view piece) { piece_ = piece; }

    /// What stands behind the last '\n', at the end of the input.
    std::optional<std::string> rest()
    {
        return std::exchange(began_, false) ? std::optional(std::exchange(line_, {}))
                                            : std::nullopt;
    }

private:
    void take(std::size_t size)
    {
        line_ += piece_.substr(0, std::min(size, longest_ - line_.size()));
        piece_.remove_prefix(size);
        began_ = began_ || size != 0;
    }

    std::size_t longest_;
    std::string_view piece_{};
    std::string line_{};
    bool began_ = false;
};

} // namespace rollcast::cli
