// SPDX-License-Identifier: BSL-1.0
#include "cli/chart_place.hpp"
#include "cli/command.hpp"

namespace rollcast::cli {
namespace {

class list_command final : public command {
public:
    explicit list_command(CLI::App& root)
        : command(root, "list", "Print once who is on this network")
    {
        place_.add_to(app_, options_.config);
        common_.add_to(app_);
        app_.footer("It looks on, so that nobody notices, and ends as soon as it has heard of all, "
                    "or within\n"
                    "a second where nobody answers.\n"
                    "\n"
                    "Examples:\n"
                    "  rollcast list\n"
                    "  rollcast list --interface eth0 --timeout 5\n"
                    "  rollcast list --local --json");
    }

    options finish() override
    {
        place_.finish(options_.config);
        options_.config.observer = true;
        options_.common = common_.finish(app_);
        check(options_.config);
        return options_;
    }

private:
    chart_place place_;
    common_group common_;
    list_options options_;
};

} // namespace

std::unique_ptr<command> add_list(CLI::App& root)
{
    return std::make_unique<list_command>(root);
}

} // namespace rollcast::cli
