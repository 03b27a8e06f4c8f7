// SPDX-License-Identifier: BSL-1.0
#include <rollcast/chart/chart.hpp>

#include "chart/shell.hpp"
#include "detail/spawn.hpp"
#include "error/explanation.hpp"

#include <utility>

namespace rollcast {

using detail::chart_shell;
using detail::engine;

chart::chart(executor_type executor, chart_config config)
    : shell_(std::make_shared<chart_shell>(std::move(executor), std::move(config)))
{
}

chart::chart(chart&&) noexcept = default;

chart& chart::operator=(chart&& other) noexcept
{
    if (this != &other) {
        chart const ended(std::move(*this));
        shell_ = std::move(other.shell_);
    }
    return *this;
}

chart::~chart()
{
    if (shell_)
        shell_->destroy();
}

chart::executor_type chart::get_executor() const
{
    return shell_->get_executor();
}

void chart::open()
{
    detail::throw_if(shell_->open(), "open",
                     [this](error_code const& ec) { return shell_->explain(ec); });
}

void chart::open(error_code& ec)
{
    ec = shell_->open();
}

asio::awaitable<void> chart::maintain()
{
    return chart_shell::run(shell_, false);
}

asio::awaitable<void> chart::sniff()
{
    return chart_shell::run(shell_, true);
}

asio::awaitable<void> chart::leave()
{
    return chart_shell::leave(shell_);
}

asio::awaitable<void> chart::found_everyone(std::size_t n)
{
    return chart_shell::found(shell_, n);
}

asio::awaitable<void> chart::found_majority(std::size_t n)
{
    return chart_shell::found(shell_, n / 2 + 1);
}

void chart::start_maintain(asio::any_completion_handler<completion_signature> handler)
{
    detail::spawn(get_executor(), maintain(), std::move(handler));
}

void chart::start_sniff(asio::any_completion_handler<completion_signature> handler)
{
    detail::spawn(get_executor(), sniff(), std::move(handler));
}

void chart::start_leave(asio::any_completion_handler<completion_signature> handler)
{
    detail::spawn(get_executor(), leave(), std::move(handler));
}

void chart::start_found(asio::any_completion_handler<completion_signature> handler, std::size_t n)
{
    detail::spawn(get_executor(), found_everyone(n), std::move(handler));
}

notifications chart::events()
{
    auto queue = shell_->subscribe(get_executor(), chart_shell::replay::nothing);
    return notifications(get_executor(), std::move(queue));
}

notifications chart::events(replay_present_t)
{
    auto queue = shell_->subscribe(get_executor(), chart_shell::replay::present);
    return notifications(get_executor(), std::move(queue));
}

std::uint64_t chart::our_id() const
{
    return shell_->id();
}

life_id chart::our_life() const
{
    return shell_->read([](engine const& engine) { return engine.own().life; });
}

std::vector<net::port_type> const& chart::our_service_ports() const
{
    return shell_->service_ports();
}

std::vector<service> const& chart::our_services() const
{
    return shell_->config().services;
}

std::optional<net::port_type> chart::our_service_port() const
{
    auto const& ports = our_service_ports();
    return ports.empty() ? std::nullopt : std::optional(ports.front());
}

std::vector<std::byte> chart::our_data() const
{
    return shell_->read([](engine const& engine) { return engine.data(); });
}

net::port_type chart::discovery_port() const
{
    return shell_->discovery_port();
}

void chart::update(std::span<std::byte const> data, error_code& ec)
{
    ec = shell_->update(data);
}

void chart::update(std::span<std::byte const> data)
{
    detail::throw_if(shell_->update(data), "update", [&](error_code const& ec) {
        auto wanted = shell_->config();
        wanted.data.assign(data.begin(), data.end());
        return explain(wanted, ec);
    });
}

std::size_t chart::max_data_size() const
{
    return rollcast::max_data_size(shell_->config());
}

void chart::discover()
{
    shell_->discover();
}

void chart::announce(bool on)
{
    shell_->announce(on);
}

bool chart::announcing() const
{
    return shell_->is_announcing();
}

void chart::reply(bool on)
{
    shell_->reply(on);
}

bool chart::replying() const
{
    return shell_->is_replying();
}

std::optional<std::vector<std::byte>> chart::get_data(std::uint64_t id) const
{
    auto who = find(id);
    return who ? std::optional(std::move(who->data)) : std::nullopt;
}

std::vector<std::pair<std::uint64_t, std::vector<std::byte>>> chart::data_vec() const
{
    std::vector<std::pair<std::uint64_t, std::vector<std::byte>>> all;
    for (auto& who : peers())
        all.emplace_back(who.id, std::move(who.data));
    return all;
}

void chart::note_unreadable(instance const& who, error_code const& why) const
{
    shell_->note_unreadable(who, why);
}

std::size_t chart::size() const
{
    return shell_->read([](engine const& engine) { return engine.size(); });
}

std::size_t chart::observers() const
{
    return shell_->observers();
}

bool chart::settled() const
{
    return shell_->read([](engine const& engine) { return engine.agrees(); });
}

std::vector<instance> chart::peers() const
{
    return shell_->read([](engine const& engine) { return engine.snapshot(); });
}

std::optional<instance> chart::find(std::uint64_t id) const
{
    return shell_->read([id](engine const& engine) { return engine.describe(id); });
}

std::shared_ptr<std::vector<detail::best_address> const>
chart::best_addresses(std::size_t nth_port) const
{
    return shell_->read([&](engine& engine) { return engine.best_addresses(nth_port); });
}

std::shared_ptr<std::vector<detail::best_address> const>
chart::best_addresses(std::string_view port_name) const
{
    std::string name(port_name);
    return shell_->read([&](engine& engine) { return engine.best_addresses(std::move(name)); });
}

bool chart::forget(std::uint64_t id)
{
    return shell_->forget(id);
}

std::vector<std::string> chart::interfaces() const
{
    return shell_->interfaces();
}

std::vector<interface_obstacle> chart::obstacles() const
{
    return shell_->obstacles();
}

std::vector<net::group> chart::groups() const
{
    return shell_->groups();
}

chart_counters chart::counters() const
{
    return shell_->read([](engine& engine) { return engine.counters(); });
}

metrics::chart_reader chart::enable_metrics()
{
    return shell_->enable_metrics();
}

} // namespace rollcast
