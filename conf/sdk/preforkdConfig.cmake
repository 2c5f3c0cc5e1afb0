# find_package(preforkd): the target preforkd::module, which a module links, and the folder
# PREFORKD_MODULE_DIRECTORY, where the server looks for modules by their identifier.
get_filename_component(prefix "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)
set(PREFORKD_MODULE_DIRECTORY "${prefix}/lib/preforkd/modules")
if(NOT TARGET preforkd::module)
    add_library(preforkd::module INTERFACE IMPORTED)
    target_include_directories(preforkd::module INTERFACE "${prefix}/include")
endif()
