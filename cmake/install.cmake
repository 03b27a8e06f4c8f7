# What `cmake --install` puts where, and what find_package(rollcast) then finds.
if(ROLLCAST_COMPILED_ASIO)
    install(CODE [[message(FATAL_ERROR
        "ROLLCAST_COMPILED_ASIO is on, and every user of an installed rollcast would have to compile Asio the same way. "
        "Install from a build without it: cmake -B build/install -DROLLCAST_BUILD_TESTS=OFF -DCMAKE_BUILD_TYPE=Release")]])
    return()
endif()

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/rollcast")

install(TARGETS rollcast EXPORT rollcastTargets)
install(TARGETS rollcast_testing EXPORT rollcast_testingTargets)
if(TARGET rollcast_metrics_files)
    install(TARGETS rollcast_metrics_files EXPORT rollcast_metrics_filesTargets)
endif()
install(DIRECTORY include/rollcast DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" FILES_MATCHING PATTERN "*.hpp")
if(TARGET rollcast_command)
    if(BUILD_SHARED_LIBS)
        # Wherever both are moved together.
        file(RELATIVE_PATH libraries "${CMAKE_INSTALL_FULL_BINDIR}" "${CMAKE_INSTALL_FULL_LIBDIR}")
        set_target_properties(rollcast_command PROPERTIES INSTALL_RPATH "$ORIGIN/${libraries}")
    endif()
    install(TARGETS rollcast_command)
    install(FILES man/rollcast.1 DESTINATION "${CMAKE_INSTALL_MANDIR}/man1")
    install(FILES completions/rollcast.bash DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions"
        RENAME rollcast)
    install(FILES completions/rollcast.fish DESTINATION "${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d")
    install(FILES completions/_rollcast DESTINATION "${CMAKE_INSTALL_DATADIR}/zsh/site-functions")
endif()

configure_package_config_file(cmake/rollcastConfig.cmake.in "${PROJECT_BINARY_DIR}/rollcastConfig.cmake"
    INSTALL_DESTINATION "${package_dir}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/rollcastConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(EXPORT rollcastTargets NAMESPACE rollcast:: DESTINATION "${package_dir}")
install(EXPORT rollcast_testingTargets NAMESPACE rollcast:: DESTINATION "${package_dir}")
if(TARGET rollcast_metrics_files)
    install(EXPORT rollcast_metrics_filesTargets NAMESPACE rollcast:: DESTINATION "${package_dir}")
endif()
install(FILES
    cmake/FindSodium.cmake
    "${PROJECT_BINARY_DIR}/rollcastConfig.cmake"
    "${PROJECT_BINARY_DIR}/rollcastConfigVersion.cmake"
    DESTINATION "${package_dir}")
