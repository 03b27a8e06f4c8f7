// SPDX-License-Identifier: BSL-1.0
#include <rollcast/send/sender.hpp>

#include "detail/operation.hpp"
#include "detail/spawn.hpp"
#include "detail/step.hpp"
#include "error/explanation.hpp"
#include "metrics/recorder.hpp"
#include "send/publication_state.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/describe/members.hpp>
#include <boost/mp11/algorithm.hpp>

#include <algorithm>
#include <map>
#include <vector>

namespace rollcast {
namespace {

/// Compares every member, also members that are added later.
bool same(publication_config const& a, publication_config const& b)
{
    using members =
        boost::describe::describe_members<publication_config, boost::describe::mod_public>;
    bool all = true;
    boost::mp11::mp_for_each<members>(
        [&](auto member) { all = all && a.*member.pointer == b.*member.pointer; });
    return all;
}

/// For a duplicate no single value is wrong: the configuration as a whole is there twice.
std::string explain_added(publication_config const& config, error_code const& ec)
{
    return ec == error::duplicate_entry
               ? to_string(config.group) + ": a publication of the same configuration is there "
                                           "already; use that one, or remove it first"
               : explain(config, ec);
}

} // namespace

struct ROLLCAST_HIDDEN sender::state {
    explicit state(executor_type on) : executor(std::move(on)) {}

    publication_id add(publication&& pub, error_code& ec);
    publication* find(publication_id id) noexcept;
    std::optional<publication> take(publication_id id);
    bool has(publication_config const& config, publication_id but_for = 0) const;
    void replace(publication_id id, publication_config config, error_code& ec);
    std::string explain(error_code const& ec, publication_id id, std::size_t payload_size) const;
    std::vector<delivery> try_send_all(asio::const_buffer payload);
    void count(send_report const& report, error_code const& ec);

    static asio::awaitable<send_report> send(std::shared_ptr<state> self, publication_id id,
                                             asio::const_buffer payload);
    static asio::awaitable<std::span<delivery const>>
    send_all(std::shared_ptr<state> self, asio::const_buffer payload, detail::begun how);

    executor_type get_executor() const { return executor; }

    executor_type executor;
    std::map<publication_id, publication> publications;
    publication_id last_id = 0;
    std::vector<delivery> deliveries;
    detail::step step;
    metrics::recorder<metrics::sender_record> metrics;
    bool closed = false;

private:
    static asio::awaitable<delivery> deliver_late(std::shared_ptr<state> self, publication_id id,
                                                  asio::const_buffer payload);
};

bool sender::state::has(publication_config const& config, publication_id but_for) const
{
    return std::ranges::any_of(publications, [&](auto const& each) {
        return each.first != but_for && same(each.second.config(), config);
    });
}

/// A publication that is refused stays the caller's.
publication_id sender::state::add(publication&& pub, error_code& ec)
{
    ec = has(pub.config()) ? error_code(error::duplicate_entry) : error_code{};
    if (ec)
        return 0;
    pub.state_->id = ++last_id;
    publications.emplace(last_id, std::move(pub));
    metrics.record([&](metrics::sender_record& now) {
        now.active_publications = publications.size();
        ++now.publications_added;
    });
    return last_id;
}

/// The old publication goes only when the new one is open.
void sender::state::replace(publication_id id, publication_config config, error_code& ec)
{
    auto* const found = find(id);
    ec = error::unknown_id;
    if (!found)
        return;
    ec = has(config, id) ? error_code(error::duplicate_entry) : error_code{};
    if (ec)
        return;
    publication fresh(executor, std::move(config));
    ec = fresh.state_->open(found->state_->handle());
    if (ec)
        return;
    fresh.state_->id = id;
    *found = std::move(fresh);
}

std::optional<publication> sender::state::take(publication_id id)
{
    auto* const found = find(id);
    if (!found)
        return std::nullopt;
    std::optional<publication> taken(std::move(*found));
    publications.erase(id);
    taken->state_->id = 0;
    metrics.record([&](metrics::sender_record& now) {
        now.active_publications = publications.size();
        ++now.publications_removed;
    });
    return taken;
}

/// A send that would have to wait has not been decided yet, and a cancelled one never will be:
/// neither counts.
void sender::state::count(send_report const& report, error_code const& ec)
{
    if (ec == asio::error::would_block || ec == asio::error::operation_aborted)
        return;
    metrics.record([&](metrics::sender_record& now) {
        ++now.passed.calls;
        now.passed.packets += !ec;
        now.passed.bytes += report.bytes;
        now.passed.dropped += ec == asio::error::no_buffer_space;
        now.passed.errors += ec && ec != asio::error::no_buffer_space;
    });
}

publication* sender::state::find(publication_id id) noexcept
{
    auto const found = publications.find(id);
    return found == publications.end() ? nullptr : &found->second;
}

std::string sender::state::explain(error_code const& ec, publication_id id,
                                   std::size_t payload_size) const
{
    auto const found = publications.find(id);
    if (found != publications.end())
        return found->second.state_->explain(ec, payload_size);
    std::vector<std::string> ids;
    for (auto const& each : publications)
        ids.push_back(std::to_string(each.first));
    return detail::explanation("publication " + std::to_string(id), ec,
                               ids.empty() ? "there are none"
                                           : "there are: " + detail::joined(ids));
}

/// Reuses the storage of the last fan-out, and takes it away from `deliveries`: a fan-out that
/// waits keeps its own.
std::vector<delivery> sender::state::try_send_all(asio::const_buffer payload)
{
    auto result = std::move(deliveries);
    result.clear();
    for (auto& [id, each] : publications) {
        delivery made;
        made.report = each.try_send(payload, made.error);
        count(made.report, made.error);
        result.push_back(made);
    }
    return result;
}

asio::awaitable<send_report> sender::state::send(std::shared_ptr<state> self, publication_id id,
                                                 asio::const_buffer payload)
{
    detail::throw_if(self->closed ? error_code(asio::error::operation_aborted) : error_code{},
                     "send");
    auto* const found = self->find(id);
    auto const explain = [&](error_code const& why) {
        return self->explain(why, id, payload.size());
    };
    detail::throw_if(found ? error_code{} : error_code(error::unknown_id), "send", explain);
    error_code ec;
    send_report report;
    try {
        report = co_await found->send(payload);
    } catch (boost::system::system_error const& problem) {
        ec = problem.code();
    }
    self->count(report, ec);
    detail::throw_if(ec, "send", explain);
    co_return report;
}

/// Sends by a publication whose send buffer was full at first, and which may be removed by now.
asio::awaitable<delivery> sender::state::deliver_late(std::shared_ptr<state> self,
                                                      publication_id id, asio::const_buffer payload)
{
    delivery made;
    try {
        made.report = co_await send(self, id, payload);
    } catch (boost::system::system_error const& problem) {
        made.error = problem.code();
    }
    made.report.publication = id;
    co_return made;
}

asio::awaitable<std::span<delivery const>>
sender::state::send_all(std::shared_ptr<state> self, asio::const_buffer payload, detail::begun how)
{
    auto const thread = co_await asio::this_coro::cancellation_state;
    bool const at_once =
        how == detail::begun::in_coroutine && detail::may_hand_out_at_once(*self, thread);
    if (!at_once)
        co_await asio::post(self->executor, asio::use_awaitable);
    auto const cancellation = co_await asio::this_coro::cancellation_state;
    detail::throw_if_cancelled(cancellation, "send_all");
    if (!at_once)
        detail::note_resumption(self, cancellation);
    detail::throw_if(self->closed ? error_code(asio::error::operation_aborted) : error_code{},
                     "send_all");
    auto made = self->try_send_all(payload);
    for (auto& each : made) {
        if (each.error != asio::error::would_block)
            continue;
        each = co_await deliver_late(self, each.report.publication, payload);
        auto const since = co_await asio::this_coro::cancellation_state;
        detail::throw_if_cancelled(since, "send_all");
        detail::throw_if(self->closed ? error_code(asio::error::operation_aborted) : error_code{},
                         "send_all");
    }
    self->deliveries = std::move(made);
    co_return std::span<delivery const>(self->deliveries);
}

sender::sender(executor_type executor) : state_(std::make_shared<state>(std::move(executor))) {}

sender::sender(sender&&) noexcept = default;

sender& sender::operator=(sender&& other) noexcept
{
    if (this != &other) {
        sender const ended(std::move(*this));
        state_ = std::move(other.state_);
    }
    return *this;
}

sender::~sender()
{
    if (!state_)
        return;
    state_->closed = true;
    state_->publications.clear();
}

sender::executor_type sender::get_executor() const
{
    return state_->executor;
}

publication_id sender::add(publication_config config, error_code& ec)
{
    // Before the publication is opened: the port of its twin would be in use.
    ec = state_->has(config) ? error_code(error::duplicate_entry) : error_code{};
    if (ec)
        return 0;
    publication fresh(get_executor(), std::move(config));
    fresh.open(ec);
    return ec ? 0 : state_->add(std::move(fresh), ec);
}

publication_id sender::add(publication&& existing, error_code& ec)
{
    return state_->add(std::move(existing), ec);
}

publication_id sender::add(publication_config config)
{
    error_code ec;
    auto const id = add(config, ec);
    detail::throw_if(ec, "add", [&](error_code const& why) { return explain_added(config, why); });
    return id;
}

publication_id sender::add(publication&& existing)
{
    auto const config = existing.config();
    error_code ec;
    auto const id = add(std::move(existing), ec);
    detail::throw_if(ec, "add", [&](error_code const& why) { return explain_added(config, why); });
    return id;
}

void sender::replace_publication(publication_id id, publication_config config, error_code& ec)
{
    state_->replace(id, std::move(config), ec);
}

void sender::replace_publication(publication_id id, publication_config config)
{
    error_code ec;
    state_->replace(id, config, ec);
    detail::throw_if(ec, "replace_publication", [&](error_code const& why) {
        return why == error::unknown_id ? state_->explain(why, id, 0) : explain_added(config, why);
    });
}

bool sender::remove(publication_id id)
{
    return take(id).has_value();
}

std::optional<publication> sender::take(publication_id id)
{
    return state_->take(id);
}

publication* sender::find(publication_id id)
{
    return state_->find(id);
}

std::size_t sender::size() const
{
    return state_->publications.size();
}

std::vector<sender::entry> sender::publications()
{
    std::vector<entry> all;
    for (auto& [id, each] : state_->publications)
        all.push_back({id, each});
    return all;
}

metrics::sender_reader sender::enable_metrics()
{
    metrics::sender_record now;
    now.active_publications = size();
    return state_->metrics.switch_on(now);
}

asio::awaitable<send_report> sender::send(publication_id id, asio::const_buffer payload)
{
    return state::send(state_, id, payload);
}

void sender::start_send(asio::any_completion_handler<send_signature> handler, publication_id id,
                        asio::const_buffer payload)
{
    detail::spawn(get_executor(), send(id, payload), std::move(handler));
}

send_report sender::try_send(publication_id id, asio::const_buffer payload, error_code& ec)
{
    auto* const found = find(id);
    ec = error::unknown_id;
    if (!found)
        return {};
    auto const report = found->try_send(payload, ec);
    state_->count(report, ec);
    return report;
}

asio::awaitable<std::span<delivery const>> sender::send_all(asio::const_buffer payload)
{
    return state::send_all(state_, payload, detail::begun::in_coroutine);
}

void sender::start_send_all(asio::any_completion_handler<fan_out_signature> handler,
                            asio::const_buffer payload)
{
    auto body = state::send_all(state_, payload, detail::begun::by_token);
    detail::spawn(get_executor(), std::move(body), std::move(handler));
}

std::span<delivery const> sender::try_send_all(asio::const_buffer payload)
{
    state_->deliveries = state_->try_send_all(payload);
    return state_->deliveries;
}

} // namespace rollcast
