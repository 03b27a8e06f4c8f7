// SPDX-License-Identifier: BSL-1.0

// CMake wants one source in the target whose precompiled header all tests share.
