// SPDX-License-Identifier: BSL-1.0
#include "cli/options.hpp"

#include "cli/arguments.hpp"
#include "cli/build.hpp"
#include "cli/command.hpp"
#include "cli/dash_mark.hpp"
#include "cli/problem.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <sstream>

namespace rollcast::cli {
namespace {

/// Options of this group are not in the help.
constexpr auto unlisted = "";

std::string without_last_newline(std::string text)
{
    if (text.ends_with('\n'))
        text.pop_back();
    return text;
}

/// What stands on the command line and belongs nowhere.
void refuse_extras(CLI::App const& app)
{
    auto const chosen = app.get_subcommands();
    auto const extras = app.remaining(true);
    if (chosen.empty())
        throw problem(wrong_usage, "no command", which_commands(app) + "; see rollcast --help");
    if (extras.empty())
        return;
    auto const name = chosen.front()->get_name();
    auto const first = without_dash_mark(extras.front());
    auto const* const hint = first != extras.front() ? "; behind -- nothing is an option"
                             : name == "send" ? "; a payload that begins with - goes behind --"
                                              : "";
    throw problem(wrong_usage, first,
                  fmt::format("not expected here; see rollcast {} --help{}", name, hint));
}

/// The first thing that has to be given and is not.
problem what_is_missing(CLI::App const& app)
{
    auto const* const command = app.get_subcommands().front();
    std::string usage, missing;
    for (auto const* each : command->get_options()) {
        if (!each->get_required())
            continue;
        usage += " " + each->get_name();
        if (missing.empty() && each->count() == 0)
            missing = each->get_name();
    }
    auto const* const as_one =
        missing == "PORT" ? ", or both in one as in 239.1.1.1:5000 or [ff15::1]:5000" : "";
    return {wrong_usage, missing,
            fmt::format("missing; write rollcast {}{}{}", command->get_name(), usage, as_one)};
}

/// CLI11 counts what it has got, in the words of its own.
problem too_often(CLI::ArgumentMismatch const& wrong)
{
    std::string const text = wrong.what();
    auto const name = text.substr(0, text.find(':'));
    return {wrong_usage, name, "given more than once; once is enough"};
}

} // namespace

options parse(int argc, char const* const* argv)
{
    CLI::App app("Who else is on this network, and how to reach them", "rollcast");
    auto const release = std::string("rollcast ") + version;
    app.set_version_flag("-V,--version", release);
    app.allow_extras();
    app.footer("rollcast COMMAND --help, or rollcast help COMMAND, tells the options of each.\n"
               "\n"
               "Examples:\n"
               "  rollcast chart --port 8042\n"
               "  rollcast list\n"
               "  rollcast recv 239.1.1.1 5000\n"
               "  rollcast send 239.1.1.1 5000 hello\n"
               "  rollcast doctor");
    std::array const all{add_recv(app), add_send(app), add_chart(app), add_list(app),
                         add_doctor(app)};
    for (auto* each : app.get_subcommands({}))
        each->set_version_flag("-V,--version", release)->group(unlisted);
    try {
        auto arguments = with_split_destination(app, with_help_as_option(mark_dashes(argc, argv)));
        refuse_unknown(app, arguments);
        std::ranges::reverse(arguments); // the order App::parse takes them in
        app.parse(arguments);
        refuse_extras(app);
    } catch (CLI::Success const& end) {
        std::ostringstream text;
        app.exit(end, text);
        return information{without_last_newline(text.str())};
    } catch (CLI::RequiredError const&) {
        refuse_extras(app);
        throw what_is_missing(app);
    } catch (CLI::ArgumentMismatch const& wrong) {
        throw too_often(wrong);
    } catch (CLI::ParseError const& wrong) {
        throw problem(wrong_usage, wrong.what());
    }
    return (*std::ranges::find_if(all, [](auto const& each) { return each->chosen(); }))->finish();
}

} // namespace rollcast::cli
