// SPDX-License-Identifier: BSL-1.0
#include "cli/live/screen.hpp"

#include <clocale>
#include <cstdio>
#include <cstdlib>

// The wide functions, and as functions: as macros they would take names such as `move` and `clear`.
#define NCURSES_WIDECHAR 1
#define NCURSES_NOMACROS 1
#include <curses.h>

namespace rollcast::cli {
namespace {

/// Numbers of the pairs of colours, from 1 on.
enum : short { green = 1, yellow, red };

/// See https://no-color.org.
bool wants_colours()
{
    auto const* const refused = std::getenv("NO_COLOR");
    return refused == nullptr || *refused == '\0';
}

bool use_colours()
{
    if (!wants_colours() || !::has_colors() || ::start_color() == ERR)
        return false;
    auto const background = static_cast<short>(::use_default_colors() == OK ? -1 : COLOR_BLACK);
    ::init_pair(green, COLOR_GREEN, background);
    ::init_pair(yellow, COLOR_YELLOW, background);
    ::init_pair(red, COLOR_RED, background);
    return true;
}

bool can_move_cursor()
{
    // The library takes the name as writable, and does not write.
    auto const* const move = ::tigetstr(const_cast<char*>("cup"));
    return move != nullptr && move != reinterpret_cast<char*>(-1);
}

key meaning_of(int code)
{
    switch (code) {
    case ERR:
        return key::none;
    case 'q':
    case 'Q':
        return key::quit;
    case KEY_UP:
    case 'k':
        return key::up;
    case KEY_DOWN:
    case 'j':
        return key::down;
    case KEY_PPAGE:
        return key::page_up;
    case KEY_NPAGE:
    case ' ':
        return key::page_down;
    case KEY_HOME:
    case 'g':
        return key::start;
    case KEY_END:
    case 'G':
        return key::end;
    case 'L' - '@':
        return key::redraw;
    default:
        return key::other;
    }
}

} // namespace

struct screen::terminal {
    ~terminal()
    {
        // Not every terminal has a second screen to go back from: the last line is written over.
        ::move(::getmaxy(stdscr) - 1, 0);
        ::clrtoeol();
        ::refresh();
        ::endwin();
        ::delscreen(handle);
    }

    chtype attributes_of(style how) const
    {
        auto const colour = [&](short pair) {
            return coloured ? static_cast<chtype>(::COLOR_PAIR(pair)) : chtype{0};
        };
        switch (how) {
        case style::strong:
            return A_BOLD;
        case style::faint:
            return A_DIM;
        case style::heading:
            return A_REVERSE;
        case style::good:
            return colour(green);
        case style::doubtful:
            return colour(yellow) | A_BOLD;
        case style::bad:
            return colour(red) | A_BOLD;
        case style::plain:
            break;
        }
        return A_NORMAL;
    }

    SCREEN* handle = nullptr;
    bool coloured = false;
};

std::unique_ptr<screen> screen::open(std::FILE* keyboard)
{
    std::setlocale(LC_CTYPE, ""); // how many bytes a character has, and how many cells
    auto* const handle = ::newterm(nullptr, stdout, keyboard);
    if (handle == nullptr)
        return nullptr;
    auto opened = std::make_unique<terminal>();
    opened->handle = handle;
    if (!can_move_cursor())
        return nullptr;
    opened->coloured = use_colours();
    ::cbreak();
    ::noecho();
    ::nonl();
    ::keypad(stdscr, TRUE);
    ::nodelay(stdscr, TRUE);
    ::typeahead(-1);    // a drawing is not broken off when something is typed
    ::set_escdelay(25); // milliseconds; the keys of a terminal far away still come at once
    ::curs_set(0);
    return std::unique_ptr<screen>(new screen(std::move(opened)));
}

screen::screen(std::unique_ptr<terminal> terminal) : terminal_(std::move(terminal)) {}

screen::~screen() = default;

extent screen::size() const
{
    return {static_cast<std::size_t>(::getmaxy(stdscr)),
            static_cast<std::size_t>(::getmaxx(stdscr))};
}

void screen::resize(extent size)
{
    ::resizeterm(static_cast<int>(size.rows), static_cast<int>(size.columns));
}

void screen::paint(std::vector<styled_line> const& lines)
{
    ::erase();
    for (std::size_t row = 0; row < lines.size(); ++row) {
        ::move(static_cast<int>(row), 0);
        for (auto const& [text, how] : lines[row]) {
            ::attrset(static_cast<NCURSES_ATTR_T>(terminal_->attributes_of(how)));
            ::addstr(text.c_str());
        }
    }
    ::attrset(A_NORMAL);
    ::refresh();
}

key screen::typed()
{
    return meaning_of(::getch());
}

void screen::lend()
{
    ::endwin();
}

void screen::reclaim()
{
    if (!::isendwin())
        ::endwin(); // somebody else has taken it without asking
    distrust();
}

void screen::distrust()
{
    ::clearok(stdscr, TRUE);
}

} // namespace rollcast::cli
