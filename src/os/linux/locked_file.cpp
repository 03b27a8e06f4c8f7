// SPDX-License-Identifier: BSL-1.0
#include "os/locked_file.hpp"

#include "os/linux/last_error.hpp"

#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace rollcast::os {
namespace {

constexpr mode_t readable_by_all = 0644; // as far as the umask allows

error_code lock(int descriptor)
{
    struct stat about{};
    if (::fstat(descriptor, &about) != 0)
        return last_error();
    if (!S_ISREG(about.st_mode))
        return make_error_code(boost::system::errc::invalid_argument);
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0)
        return errno == EWOULDBLOCK ? error_code(error::metrics_file_in_use) : last_error();
    return {};
}

error_code write_all(int descriptor, std::string_view text)
{
    while (!text.empty()) {
        auto const written = ::write(descriptor, text.data(), text.size());
        if (written < 0 && errno != EINTR)
            return last_error();
        text.remove_prefix(written < 0 ? 0 : static_cast<std::size_t>(written));
    }
    return {};
}

} // namespace

result<locked_file> locked_file::open(std::filesystem::path const& path)
{
    // Not blocking, for a path that names a pipe.
    int const flags = O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK;
    auto descriptor = ::open(path.c_str(), flags | O_EXCL, readable_by_all);
    bool const made = descriptor >= 0;
    if (!made && errno == EEXIST)
        descriptor = ::open(path.c_str(), flags, readable_by_all);
    locked_file file(path, descriptor, made);
    auto const ec = file.descriptor_ < 0 ? last_error() : lock(file.descriptor_);
    if (ec)
        return ec;
    return result<locked_file>(std::move(file));
}

locked_file::locked_file(locked_file&& other) noexcept
    : path_(std::move(other.path_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      made_(other.made_)
{
}

locked_file& locked_file::operator=(locked_file&& other) noexcept
{
    std::swap(path_, other.path_);
    std::swap(descriptor_, other.descriptor_);
    std::swap(made_, other.made_);
    return *this;
}

locked_file::~locked_file()
{
    if (descriptor_ >= 0)
        ::close(descriptor_);
}

result<std::size_t> locked_file::read_at(std::uint64_t offset, std::span<char> into) const
{
    auto const got = ::pread(descriptor_, into.data(), into.size(), static_cast<off_t>(offset));
    if (got < 0)
        return last_error();
    return static_cast<std::size_t>(got);
}

void locked_file::remove_if_made() noexcept
{
    struct stat ours{}, named{};
    bool const same = made_ && ::fstat(descriptor_, &ours) == 0 &&
                      ::lstat(path_.c_str(), &named) == 0 && ours.st_dev == named.st_dev &&
                      ours.st_ino == named.st_ino;
    if (same)
        ::unlink(path_.c_str());
}

error_code locked_file::append(std::string_view text)
{
    auto const end = ::lseek(descriptor_, 0, SEEK_END);
    if (end < 0)
        return last_error();
    auto const ec = write_all(descriptor_, text);
    if (ec && ::ftruncate(descriptor_, end) != 0)
        return last_error();
    return ec;
}

} // namespace rollcast::os
