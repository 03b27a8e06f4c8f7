// SPDX-License-Identifier: BSL-1.0
#include "allocation/counting.hpp"

#include <cstdlib>
#include <new>

// The forms for arrays and those that do not throw call these.

namespace {

/// Of one thread; others of the program may be at work.
thread_local std::size_t count = 0;

void* checked(void* memory)
{
    ++count;
    if (!memory)
        throw std::bad_alloc();
    return memory;
}

} // namespace

std::size_t rollcast::test::allocations() noexcept
{
    return count;
}

void* operator new(std::size_t size)
{
    return checked(std::malloc(size == 0 ? 1 : size));
}

void* operator new(std::size_t size, std::align_val_t alignment)
{
    auto const step = static_cast<std::size_t>(alignment);
    return checked(std::aligned_alloc(step, (size + step - 1) / step * step));
}

void operator delete(void* memory) noexcept
{
    std::free(memory);
}

void operator delete(void* memory, std::size_t) noexcept
{
    std::free(memory);
}

void operator delete(void* memory, std::align_val_t) noexcept
{
    std::free(memory);
}

void operator delete(void* memory, std::size_t, std::align_val_t) noexcept
{
    std::free(memory);
}
