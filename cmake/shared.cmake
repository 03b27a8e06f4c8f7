# What a shared librollcast is beside a static one: the mark ROLLCAST_EXPORT means something, and nothing else is shown.
if(NOT BUILD_SHARED_LIBS)
    add_library(rollcast_with_private_parts ALIAS rollcast)
    return()
endif()
if(ROLLCAST_COMPILED_ASIO)
    message(FATAL_ERROR "ROLLCAST_COMPILED_ASIO makes programs take Asio's functions from the library, and a shared one "
        "does not show them; turn one of ROLLCAST_COMPILED_ASIO and BUILD_SHARED_LIBS off")
endif()

target_compile_definitions(rollcast PUBLIC ROLLCAST_SHARED)
set(exports "${CMAKE_CURRENT_SOURCE_DIR}/cmake/exports.map")
set_target_properties(rollcast PROPERTIES LINK_DEPENDS "${exports}")
# Asio keeps functions of the library in the io_context of the program, which may outlive a plug-in that is unloaded.
target_link_options(rollcast PRIVATE "LINKER:--version-script=${exports}" LINKER:--no-undefined LINKER:-z,nodelete)

# For tests and benchmarks of what is hidden: the same objects once more, as an archive.
add_library(rollcast_with_private_parts STATIC EXCLUDE_FROM_ALL $<TARGET_OBJECTS:rollcast>)
set_target_properties(rollcast_with_private_parts PROPERTIES LINKER_LANGUAGE CXX)
target_compile_features(rollcast_with_private_parts PUBLIC cxx_std_20)
target_include_directories(rollcast_with_private_parts PUBLIC include)
target_link_libraries(rollcast_with_private_parts
    PUBLIC Boost::headers Threads::Threads PRIVATE fmt::fmt Sodium::sodium)

# What the components share with the library, which does not show it. An archive, so that a test which links the objects
# of a component with those of the library has each of them once.
add_library(rollcast_common STATIC src/detail/printing.cpp src/error/explanation.cpp)
set_target_properties(rollcast_common PROPERTIES
    CXX_EXTENSIONS OFF CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON POSITION_INDEPENDENT_CODE ON)
target_include_directories(rollcast_common PRIVATE src)
target_link_libraries(rollcast_common PRIVATE rollcast fmt::fmt)
foreach(component IN ITEMS rollcast_testing ${metrics_files})
    target_link_libraries(${component} PRIVATE $<BUILD_INTERFACE:rollcast_common>)
    target_link_options(${component} PRIVATE LINKER:--no-undefined)
endforeach()
