# llhttp: the system's library where there is one, else the C sources that Debian's node-llhttp
# installs. Strict mode is part of the header's ABI, so every includer must see the definition.
pkg_check_modules(LLHTTP QUIET IMPORTED_TARGET libllhttp)
if(LLHTTP_FOUND)
    add_library(llhttp INTERFACE)
    target_link_libraries(llhttp INTERFACE PkgConfig::LLHTTP)
else()
    set(llhttp_sources /usr/share/llhttp)
    if(NOT EXISTS ${llhttp_sources}/llhttp.c)
        message(FATAL_ERROR "llhttp is missing: apt-get install node-llhttp")
    endif()
    add_library(llhttp STATIC
        ${llhttp_sources}/api.c ${llhttp_sources}/http.c ${llhttp_sources}/llhttp.c)
    target_include_directories(llhttp SYSTEM PUBLIC
        /usr/share/include/llhttp ${llhttp_sources})
    target_compile_options(llhttp PRIVATE -w)
endif()
if(LLHTTP_FOUND)
    target_compile_definitions(llhttp INTERFACE LLHTTP_STRICT_MODE=1)
else()
    target_compile_definitions(llhttp PUBLIC LLHTTP_STRICT_MODE=1)
endif()
