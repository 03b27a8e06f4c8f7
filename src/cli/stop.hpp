// SPDX-License-Identifier: BSL-1.0
#pragma once

namespace rollcast::cli {

/// Why a command was cancelled, if it was.
enum class stop { no, by_signal, by_timeout };

} // namespace rollcast::cli
