// SPDX-License-Identifier: BSL-1.0
#pragma once

namespace rollcast::detail {

/// Sets a flag as long as this object lives.
class raised_flag {
public:
    explicit raised_flag(bool& flag) noexcept : flag_(flag) { flag_ = true; }
    ~raised_flag() { flag_ = false; }
    raised_flag(raised_flag const&) = delete;

private:
    bool& flag_;
};

} // namespace rollcast::detail
