// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "cli/check.hpp"
#include "cli/options.hpp"
#include "cli/problem.hpp"

#include <CLI/CLI.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Options that several commands have: how they are written, and what becomes of them.
namespace rollcast::cli {

inline constexpr double longest = 1e9; // seconds; about 31 years
inline constexpr std::uint64_t most_in_batch = 1024;

std::chrono::nanoseconds seconds(double value);

/// --json and --timeout.
class common_group {
public:
    void add_to(CLI::App& app);
    common_options finish(CLI::App const& app) const;

private:
    common_options options_;
    double timeout_ = 0;
};

/// --stats, --metrics-file and --metrics-interval.
class metrics_group {
public:
    void add_to(CLI::App& app);

    /// What the command line says goes before what the environment does.
    void finish(CLI::App const& app, std::string_view variables, metrics_options& into,
                std::chrono::nanoseconds& stats) const;

private:
    double stats_ = 0;
    std::string file_;
    double interval_ = 1;
};

/// GROUP and PORT.
class destination_group {
public:
    void add_to(CLI::App& app);
    net::group finish() const;

private:
    std::string group_;
    net::port_type port_ = 0;
};

/// --interface, once or several times.
class interface_group {
public:
    static constexpr char of_one[] = "Interface: a name, an index, an address, or fe80::1%eth0";
    static constexpr char of_many[] =
        "Interface: a name, a pattern such as eth*, an index, or an address";

    CLI::Option* add_to(CLI::App& app, char const* help, std::string const& name = "--interface");
    std::vector<net::network_interface> finish() const { return {typed_.begin(), typed_.end()}; }

private:
    std::vector<std::string> typed_;
};

/// --group, once for each IP version.
class meeting_groups {
public:
    void add_to(CLI::App& app, char const* help);

    /// A group given for one IP version leaves the other unused.
    void finish(auto& config) const
    {
        if (typed_.empty())
            return;
        config.group_v4.reset();
        config.group_v6.reset();
        for (auto const& text : typed_) {
            auto const group = *read_address(text);
            bool const repeated =
                group.is_v4() ? config.group_v4.has_value() : config.group_v6.has_value();
            if (repeated)
                throw problem(wrong_usage, "--group " + text,
                              "a second group of one IP version; give one for each");
            if (group.is_v4())
                config.group_v4 = group.to_v4();
            else
                config.group_v6 = group.to_v6();
        }
    }

private:
    std::vector<std::string> typed_;
};

void add_discovery_port(CLI::App& app, net::port_type& into, char const* help);
void add_batch(CLI::App& app, std::optional<std::size_t>& into, char const* help);

} // namespace rollcast::cli
