// SPDX-License-Identifier: BSL-1.0
#include "cli/arguments.hpp"

#include "cli/nearest.hpp"
#include "cli/problem.hpp"

#include <rollcast/net/endpoint.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <optional>
#include <string_view>

namespace rollcast::cli {
namespace {

/// As opposed to a number below zero, to "-", and to what stands behind "--", which is marked.
bool is_option(std::string_view word)
{
    return word.size() > 1 && word[0] == '-' &&
           (word[1] == '-' || std::isalpha(static_cast<unsigned char>(word[1])) != 0);
}

std::string name_of(std::string const& word)
{
    return word.substr(0, word.find('='));
}

bool takes_value(CLI::Option const& option)
{
    return option.get_items_expected_max() > 0 && !option.get_type_name().empty();
}

CLI::Option const* find(CLI::App const& app, std::string const& word)
{
    return app.get_option_no_throw(name_of(word));
}

CLI::App const* command_of(CLI::App const& root, std::string const& word)
{
    for (auto const* each : root.get_subcommands({}))
        if (each->get_name() == word)
            return each;
    return nullptr;
}

words command_names(CLI::App const& root)
{
    words names;
    for (auto const* each : root.get_subcommands({}))
        names.push_back(each->get_name());
    return names;
}

/// The commands that have an option, as in "chart and list".
std::string who_has(CLI::App const& root, std::string const& word)
{
    words names;
    for (auto const* each : root.get_subcommands({}))
        if (find(*each, word) != nullptr)
            names.push_back(each->get_name());
    return fmt::format("{}", fmt::join(names, " and "));
}

words option_names(CLI::App const& app)
{
    words names;
    for (auto const* each : app.get_options())
        for (auto const& name : each->get_lnames())
            names.push_back("--" + name);
    return names;
}

/// Where the command stands; the end if there is none.
words::const_iterator place_of_command(words const& typed)
{
    return std::ranges::find_if_not(typed, is_option);
}

/// An option that another command has; whatever it is like here, it was not mistyped.
[[noreturn]] void refuse_option_of(std::string const& others, std::string const& word,
                                   std::string const& of)
{
    auto const name = name_of(word);
    if (of.empty())
        throw problem(wrong_usage, word,
                      fmt::format("goes behind the command; write rollcast COMMAND {}", word));
    throw problem(wrong_usage, word,
                  fmt::format("no option of {}; {} belongs to {}; see rollcast {} --help", of, name,
                              others, of));
}

[[noreturn]] void refuse_option(CLI::App const& app, std::string const& word, std::string const& of)
{
    auto const& root = app.get_parent() == nullptr ? app : *app.get_parent();
    auto const others = who_has(root, word);
    if (!others.empty())
        refuse_option_of(others, word, of);
    auto const near = nearest(name_of(word), option_names(app));
    auto const help = of.empty() ? std::string("rollcast --help") : "rollcast " + of + " --help";
    auto const hint = of == "send" ? "; a payload that begins with - goes behind --" : "";
    if (near.empty())
        throw problem(wrong_usage, word, fmt::format("no such option; see {}{}", help, hint));
    throw problem(wrong_usage, word,
                  fmt::format("no such option; did you mean {}? See {}{}", near, help, hint));
}

/// Goes over the options of one command, and gives the number of words that this one takes.
std::size_t check_option(CLI::App const& app, std::string const& of, words::const_iterator at,
                         words::const_iterator end)
{
    auto const* const option = find(app, *at);
    bool const has_value = at->find('=') != std::string::npos;
    if (option == nullptr)
        refuse_option(app, *at, of);
    if (!takes_value(*option)) {
        if (has_value)
            throw problem(wrong_usage, *at, name_of(*at) + " takes no value");
        return 1;
    }
    auto const next = at + 1;
    bool const missing = has_value ? at->ends_with('=') && at->size() == name_of(*at).size() + 1
                                   : next == end || (is_option(*next) && find(app, *next));
    if (missing)
        throw problem(wrong_usage, name_of(*at),
                      fmt::format("its value is missing; write {} {}", name_of(*at),
                                  option->get_type_name()));
    return has_value ? 1 : 2;
}

/// Where the first word stands that belongs to no option; the end if there is none.
words::iterator first_positional(CLI::App const& app, words::iterator at, words::iterator end)
{
    while (at != end && is_option(*at)) {
        auto const* const option = find(app, *at);
        bool const with_next =
            option != nullptr && takes_value(*option) && at->find('=') == std::string::npos;
        at += with_next && at + 1 != end ? 2 : 1;
    }
    return at;
}

struct host_and_port {
    std::string host{};
    std::string port{};
};

bool is_in_brackets(std::string_view text)
{
    return text.size() > 2 && text.front() == '[' && text.back() == ']';
}

/// The form tells: an IPv6 address has to stand in brackets, since its last group might be a port.
std::optional<host_and_port> split(std::string const& text)
{
    auto const colon = text.rfind(':');
    if (colon == std::string::npos)
        return std::nullopt;
    auto const host = text.substr(0, colon);
    auto const port = text.substr(colon + 1);
    if (is_in_brackets(host))
        return host_and_port{host.substr(1, host.size() - 2), port};
    bool const v4 = host.find(':') == std::string::npos && net::parse_address(host);
    return v4 ? std::optional(host_and_port{host, port}) : std::nullopt;
}

} // namespace

words with_help_as_option(words typed)
{
    bool asked = false;
    for (; !typed.empty() && typed.front() == "help"; asked = true)
        typed.erase(typed.begin());
    if (asked)
        typed.emplace_back("--help");
    return typed;
}

words with_split_destination(CLI::App const& root, words typed)
{
    auto const command =
        typed.begin() + (place_of_command(typed) - static_cast<words const&>(typed).begin());
    auto const* const app = command == typed.end() ? nullptr : command_of(root, *command);
    if (app == nullptr || app->get_option_no_throw("GROUP") == nullptr)
        return typed;
    auto const group = first_positional(*app, command + 1, typed.end());
    if (group == typed.end())
        return typed;
    if (auto const parts = split(*group)) {
        *group = parts->host;
        typed.insert(group + 1, parts->port);
    } else if (is_in_brackets(*group)) {
        *group = group->substr(1, group->size() - 2);
    }
    return typed;
}

void refuse_unknown(CLI::App const& root, words const& typed)
{
    auto const command = place_of_command(typed);
    for (auto at = typed.begin(); at != command; ++at)
        (void)check_option(root, {}, at, command);
    if (command == typed.end())
        return;
    auto const* const app = command_of(root, *command);
    if (app == nullptr) {
        auto known = command_names(root);
        known.emplace_back("help");
        auto const near = nearest(*command, known);
        throw problem(wrong_usage, *command,
                      fmt::format("no such command; {}{}",
                                  near.empty() ? "" : "did you mean " + near + "? Else ",
                                  which_commands(root)));
    }
    for (auto at = command + 1; at != typed.end();)
        at += is_option(*at)
                  ? static_cast<std::ptrdiff_t>(check_option(*app, *command, at, typed.end()))
                  : 1;
}

std::string which_commands(CLI::App const& root)
{
    auto const names = command_names(root);
    std::string text = "use ";
    for (std::size_t at = 0; at < names.size(); ++at)
        text += (at == 0 ? "" : at + 1 == names.size() ? " or " : ", ") + names[at];
    return text;
}

} // namespace rollcast::cli
