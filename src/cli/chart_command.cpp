// SPDX-License-Identifier: BSL-1.0
#include "cli/chart_place.hpp"
#include "cli/command.hpp"
#include "cli/option_groups.hpp"
#include "cli/validators.hpp"

#include <fmt/format.h>

namespace rollcast::cli {
namespace {

class chart_command final : public command {
public:
    explicit chart_command(CLI::App& root)
        : command(root, "chart", "Show who else is on this network")
    {
        auto& config = options_.config;
        app_.add_option("--id", config.id, "Our id; random by default")
            ->transform(whole(0, UINT64_MAX, "an id"))
            ->type_name("N");
        app_.add_option("--port", ports_, "Port we serve on, or NAME=P; may be repeated")
            ->transform(named_port())
            ->type_name("P")
            ->allow_extra_args(false);
        app_.add_option("--data", data_, "What to tell the others; - takes lines of input")
            ->type_name("TEXT");
        app_.add_flag("--announce", announce_,
                      "Take part, also with nothing to tell; else we look on");
        place_.add_to(app_, config);
        app_.add_flag("--sniff", options_.sniff, "Listen only, send nothing");
        app_.add_option("--until", options_.until,
                        "End when so many are found, us included if we take part")
            ->transform(whole(1, UINT64_MAX, "a number of instances"))
            ->type_name("N");
        app_.add_flag("--plain", options_.plain, "Lines instead of a table on a terminal");
        common_.add_to(app_);
        app_.footer(
            "Without --port, --data, --id or --announce it looks on: nobody charts or counts it.\n"
            "\n"
            "On a terminal it is a table, until q: AGE is the time since we heard an instance\n"
            "ourselves, SINCE when it came into its STATE.\n"
            "\n"
            "Examples:\n"
            "  rollcast chart\n"
            "  rollcast chart --port 8042 --data v1.2\n"
            "  rollcast chart --local --id 7 --until 3 --timeout 10\n"
            "  rollcast chart --sniff --json");
    }

    options finish() override
    {
        auto& config = options_.config;
        place_.finish(config);
        for (auto const& each : ports_)
            add_port(config, each);
        options_.data_from_input = data_ == "-";
        if (data_ && !options_.data_from_input) {
            auto const bytes = std::as_bytes(std::span(*data_));
            config.data.assign(bytes.begin(), bytes.end());
        }
        options_.common = common_.finish(app_);
        config.observer = !options_.sniff && !takes_part();
        check_contradictions();
        check(config);
        return options_;
    }

private:
    /// Whoever has something to tell does not only look on.
    bool takes_part() const
    {
        return announce_ || app_.count("--id") + app_.count("--port") + app_.count("--data") != 0;
    }

    void check_contradictions() const
    {
        if (options_.sniff && announce_)
            throw problem(wrong_usage, "--sniff", "sends nothing, and --announce takes part");
        for (auto const* each : {"--data", "--port"})
            if (options_.sniff && app_.count(each) != 0)
                throw problem(wrong_usage, "--sniff",
                              fmt::format("sends nothing, so nobody would learn of {}", each));
        if (options_.plain && options_.common.json)
            throw problem(wrong_usage, "--plain", "lines for people, and --json asks for others");
    }

    std::vector<std::string> ports_;
    std::optional<std::string> data_;
    bool announce_ = false;
    chart_place place_;
    common_group common_;
    chart_options options_;
};

} // namespace

std::unique_ptr<command> add_chart(CLI::App& root)
{
    return std::make_unique<chart_command>(root);
}

} // namespace rollcast::cli
