// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "cli/live/styled_line.hpp"

#include <cstdio>
#include <memory>
#include <vector>

namespace rollcast::cli {

/// What may be typed; everything else is `other`.
enum class key { none, quit, up, down, page_up, page_down, start, end, redraw, other };

/// The whole terminal, as long as this lives; it is put back as it was.
class screen {
public:
    /// Null where the terminal, which is standard output, cannot move its cursor.
    static std::unique_ptr<screen> open(std::FILE* keyboard);

    ~screen();
    screen(screen const&) = delete;
    screen& operator=(screen const&) = delete;

    extent size() const;
    void resize(extent size);

    /// Writes only what has changed, so that nothing flickers.
    void paint(std::vector<styled_line> const& lines);

    /// The next key that was typed, without waiting.
    key typed();

    void lend();     ///< Gives the terminal to others, who may change it.
    void reclaim();  ///< Takes it back; the next `paint` writes everything.
    void distrust(); ///< The next `paint` writes everything.

private:
    struct terminal;
    explicit screen(std::unique_ptr<terminal> terminal);

    std::unique_ptr<terminal> terminal_;
};

} // namespace rollcast::cli
