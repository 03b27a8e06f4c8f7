// SPDX-License-Identifier: BSL-1.0
#include "receive/bare_loops.hpp"

#include "receive/bare_metadata.hpp"
#include "support/bare_socket.hpp"
#include "support/system.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include <sys/uio.h>

namespace rollcast::bench {
namespace {

/// Enough for what is sent here; runs need more.
constexpr std::size_t datagram_room = 2048;
constexpr std::size_t run_room = 65536;

/// Whatever was computed has been: the compiler must assume that somebody looks at it.
template <class T>
void keep(T const& value) noexcept
{
    asm volatile("" : : "g"(&value) : "memory");
}

/// What a call said that did not receive: throws unless the queue was just empty.
void wait_after_failure(int socket, char const* what)
{
    if (errno != EAGAIN)
        check(-1, what);
    wait_readable(socket);
}

class recvfrom_loop : public contender {
public:
    explicit recvfrom_loop(receive_setup const& setup) : socket_(open_receiver(setup)) {}

    void receive(tally& into) override
    {
        for (;;) {
            sockaddr_in source;
            socklen_t length = sizeof source;
            auto const got = ::recvfrom(socket_.get(), bytes_.data(), bytes_.size(), 0,
                                        reinterpret_cast<sockaddr*>(&source), &length);
            if (got < 0)
                wait_after_failure(socket_.get(), "recvfrom");
            else if (!into.add(std::span(bytes_).first(static_cast<std::size_t>(got))))
                return;
        }
    }

private:
    bare_socket socket_;
    std::array<std::byte, datagram_room> bytes_;
};

class recvmsg_loop : public contender {
public:
    explicit recvmsg_loop(receive_setup const& setup) : socket_(open_receiver(setup)) {}

    void receive(tally& into) override
    {
        sockaddr_in source;
        iovec vector{bytes_.data(), bytes_.size()};
        alignas(cmsghdr) std::array<std::byte, control_size> control;
        for (;;) {
            msghdr message{&source, sizeof source, &vector, 1, control.data(), control.size(), 0};
            auto const got = ::recvmsg(socket_.get(), &message, 0);
            if (got < 0) {
                wait_after_failure(socket_.get(), "recvmsg");
                continue;
            }
            bare_metadata metadata;
            read_metadata(message, metadata);
            keep(metadata);
            if (!into.add(std::span(bytes_).first(static_cast<std::size_t>(got))))
                return;
        }
    }

private:
    bare_socket socket_;
    std::array<std::byte, datagram_room> bytes_;
};

class recvmmsg_loop : public contender {
public:
    explicit recvmmsg_loop(receive_setup const& setup)
        : socket_(open_receiver(setup)),
          room_(setup.coalesce ? run_room : datagram_room),
          bytes_(batch_length * room_)
    {
        for (std::size_t i = 0; i < batch_length; ++i) {
            vectors_[i] = {bytes_.data() + i * room_, room_};
            messages_[i].msg_hdr = {&sources_[i], 0, &vectors_[i], 1, &controls_[i], 0, 0};
        }
    }

    void receive(tally& into) override
    {
        for (;;) {
            auto const got = receive_some();
            for (std::size_t i = 0; i < got; ++i)
                if (!add(i, into))
                    return;
        }
    }

private:
    struct alignas(cmsghdr) control {
        std::array<std::byte, control_size> bytes;
    };

    std::size_t receive_some()
    {
        for (auto& each : messages_) {
            each.msg_hdr.msg_namelen = sizeof(sockaddr_in);
            each.msg_hdr.msg_controllen = control_size;
        }
        auto const got = ::recvmmsg(socket_.get(), messages_.data(), batch_length, 0, nullptr);
        if (got < 0)
            wait_after_failure(socket_.get(), "recvmmsg");
        return got < 0 ? 0 : static_cast<std::size_t>(got);
    }

    bool add(std::size_t i, tally& into)
    {
        bare_metadata metadata;
        read_metadata(messages_[i].msg_hdr, metadata);
        keep(metadata);
        std::span<std::byte const> rest(bytes_.data() + i * room_, messages_[i].msg_len);
        auto const size = metadata.segment_size > 0
                              ? static_cast<std::size_t>(metadata.segment_size)
                              : rest.size();
        for (; !rest.empty(); rest = rest.subspan(std::min(size, rest.size())))
            if (!into.add(rest.first(std::min(size, rest.size()))))
                return false;
        return true;
    }

    bare_socket socket_;
    std::size_t room_;
    std::vector<std::byte> bytes_;
    std::array<mmsghdr, batch_length> messages_{};
    std::array<iovec, batch_length> vectors_{};
    std::array<sockaddr_in, batch_length> sources_{};
    std::array<control, batch_length> controls_;
};

} // namespace

std::unique_ptr<contender> make_recvfrom(receive_setup const& setup)
{
    return std::make_unique<recvfrom_loop>(setup);
}

std::unique_ptr<contender> make_recvmsg(receive_setup const& setup)
{
    return std::make_unique<recvmsg_loop>(setup);
}

std::unique_ptr<contender> make_recvmmsg(receive_setup const& setup)
{
    return std::make_unique<recvmmsg_loop>(setup);
}

} // namespace rollcast::bench
