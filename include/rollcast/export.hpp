// SPDX-License-Identifier: BSL-1.0
#pragma once

/// `ROLLCAST_EXPORT` marks what a shared librollcast shows to programs; all else is hidden. The
/// CMake target defines ROLLCAST_SHARED for targets that link one. In a static archive nothing is
/// marked, so that a plug-in linked with it keeps its copy to itself. `ROLLCAST_HIDDEN` is for what
/// is private inside of a class that is marked.
#define ROLLCAST_HIDDEN [[gnu::visibility("hidden")]]
#ifdef ROLLCAST_SHARED
#define ROLLCAST_EXPORT [[gnu::visibility("default")]]
#else
#define ROLLCAST_EXPORT
#endif
