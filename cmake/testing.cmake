# How the tests of this tree are declared. Labels choose where a test runs:
#   sockets            a network namespace of its own that has only lo
#   netns needs_root   one in which it may make further namespaces; always together
#   build              it compiles something; once per machine is enough
#   virtual_time       it has no threads, and takes long where it is instrumented
#   at_rest            it measures how little many processes say while nothing happens
# A test that cannot run where it is exits with 77, and ctest calls it skipped.
find_package(Boost 1.81 CONFIG REQUIRED COMPONENTS unit_test_framework)
find_program(ROLLCAST_PYTHON NAMES python3 REQUIRED)

# Object code of its own for nobody: it exists for the precompiled header that all tests share.
add_library(rollcast_test_precompiled OBJECT support/precompiled.cpp)
target_link_libraries(rollcast_test_precompiled
    PRIVATE rollcast_with_private_parts rollcast_warnings Boost::unit_test_framework fmt::fmt)
target_include_directories(rollcast_test_precompiled PRIVATE "${PROJECT_SOURCE_DIR}/src" "${PROJECT_SOURCE_DIR}/test")
target_precompile_headers(rollcast_test_precompiled PRIVATE support/precompiled.hpp)

# rollcast_test_launcher(<variable> <label>...): what to put before the command of a test with these labels.
function(rollcast_test_launcher variable)
    set(launcher "${PROJECT_SOURCE_DIR}/test/support/in_namespace")
    if("netns" IN_LIST ARGN)
        list(APPEND launcher --laboratory)
    elseif(NOT "sockets" IN_LIST ARGN)
        set(launcher)
    endif()
    set(${variable} ${launcher} PARENT_SCOPE)
endfunction()

# rollcast_add_test_command(<name> [LABELS ...] [TIMEOUT seconds] [ENVIRONMENT VAR=value ...] COMMAND ...)
function(rollcast_add_test_command name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "TIMEOUT" "LABELS;ENVIRONMENT;COMMAND")
    if(NOT arg_TIMEOUT)
        set(arg_TIMEOUT 60)
    endif()
    rollcast_test_launcher(launcher ${arg_LABELS})
    add_test(NAME ${name} COMMAND ${launcher} ${arg_COMMAND})
    set_tests_properties(${name} PROPERTIES
        SKIP_RETURN_CODE 77
        TIMEOUT ${arg_TIMEOUT}
        COST ${arg_TIMEOUT} # the long ones first, so that none of them is waited for alone
        LABELS "${arg_LABELS}"
        ENVIRONMENT "${arg_ENVIRONMENT}")
endfunction()

# rollcast_add_test(<room> [LABELS ...] [TIMEOUT seconds] [NETNS_SUITES ...] SOURCES ...)
# One Boost.Test program, from <room>/main.cpp and the sources, and a ctest entry named like the room.
# Suites that make namespaces get a second entry, <room>.netns, and the others run without.
function(rollcast_add_test room)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "TIMEOUT" "LABELS;NETNS_SUITES;SOURCES")
    set(program ${room}_test)
    add_executable(${program} ${room}/main.cpp ${arg_SOURCES})
    # Boost.Test makes its main() in the file that defines BOOST_TEST_MODULE first.
    set_source_files_properties(${room}/main.cpp PROPERTIES
        SKIP_PRECOMPILE_HEADERS ON SKIP_UNITY_BUILD_INCLUSION ON)
    target_link_libraries(${program}
        PRIVATE rollcast_with_private_parts rollcast_warnings Boost::unit_test_framework fmt::fmt)
    target_include_directories(${program} PRIVATE "${PROJECT_SOURCE_DIR}/src" "${PROJECT_SOURCE_DIR}/test")
    target_precompile_headers(${program} REUSE_FROM rollcast_test_precompiled)

    set(command "$<TARGET_FILE:${program}>" --log_level=test_suite --report_level=short --color_output=no)
    set(without)
    if(arg_NETNS_SUITES)
        list(JOIN arg_NETNS_SUITES "," suites)
        list(JOIN arg_NETNS_SUITES ":!" others)
        rollcast_add_test_command(${room}.netns LABELS netns needs_root TIMEOUT ${arg_TIMEOUT}
            COMMAND ${command} "--run_test=${suites}")
        set(without "--run_test=!${others}")
    endif()
    rollcast_add_test_command(${room} LABELS ${arg_LABELS} TIMEOUT ${arg_TIMEOUT} COMMAND ${command} ${without})
endfunction()

# rollcast_add_python_test(<name> <script> [LABELS ...] [TIMEOUT seconds])
# The script finds the rollcast command in $ROLLCAST and the modules of test/support on its path.
function(rollcast_add_python_test name script)
    cmake_parse_arguments(PARSE_ARGV 2 arg "" "TIMEOUT" "LABELS")
    set(environment "PYTHONDONTWRITEBYTECODE=1" "PYTHONPATH=${PROJECT_SOURCE_DIR}/test/support")
    if(TARGET rollcast_command)
        list(APPEND environment "ROLLCAST=$<TARGET_FILE:rollcast_command>")
    endif()
    rollcast_add_test_command(${name} LABELS ${arg_LABELS} TIMEOUT ${arg_TIMEOUT} ENVIRONMENT ${environment}
        COMMAND "${ROLLCAST_PYTHON}" "${CMAKE_CURRENT_SOURCE_DIR}/${script}")
endfunction()

# rollcast_add_build_test(<name> <target>): ctest builds the target, which `all` leaves out.
function(rollcast_add_build_test name target)
    rollcast_add_test_command(${name} LABELS build TIMEOUT 900
        COMMAND "${CMAKE_COMMAND}" --build "${PROJECT_BINARY_DIR}" --target ${target})
    # Two builds in one tree at a time would write the same logs.
    set_tests_properties(${name} PROPERTIES RESOURCE_LOCK build_tree)
endfunction()
