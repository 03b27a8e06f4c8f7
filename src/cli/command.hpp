// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "cli/options.hpp"

#include <CLI/CLI.hpp>

#include <memory>

namespace rollcast::cli {

/// One of the commands, as it stands on the command line.
class command {
public:
    virtual ~command() = default;

    bool chosen() const { return app_.parsed(); }

    /// What was typed as a configuration that is right; throws a problem where it is not.
    virtual options finish() = 0;

protected:
    command(CLI::App& root, char const* name, char const* purpose)
        : app_(*root.add_subcommand(name, purpose))
    {
        app_.allow_extras();
    }

    CLI::App& app_;
};

std::unique_ptr<command> add_recv(CLI::App& root);
std::unique_ptr<command> add_send(CLI::App& root);
std::unique_ptr<command> add_chart(CLI::App& root);
std::unique_ptr<command> add_list(CLI::App& root);
std::unique_ptr<command> add_doctor(CLI::App& root);

} // namespace rollcast::cli
