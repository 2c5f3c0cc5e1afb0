# With PREFORKD_UNITS the files of a folder are compiled as one: their common headers are read once,
# and the build takes half of the time. Files that are alike inside stay apart.
option(PREFORKD_UNITS "Compile the files of a folder as one unit" OFF)

function(preforkd_units target)
    set(alike auth_basic authn_[a-z]+ authz_groupfile compression/[a-z_]+ [a-z]+_items logio
        slow_request env vhost_alias proxy/[a-z]+_parameters)
    list(JOIN alike "|" alike)
    set(alike "/(${alike})\\.cpp$")
    set_target_properties(${target} PROPERTIES
        UNITY_BUILD ${PREFORKD_UNITS} UNITY_BUILD_MODE GROUP)
    # What gcc takes for a header's unnamed namespace is that of a file of the unit.
    if(PREFORKD_UNITS AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        target_compile_options(${target} PRIVATE -Wno-subobject-linkage)
    endif()
    get_target_property(sources ${target} SOURCES)
    foreach(source IN LISTS sources)
        get_filename_component(folder ${source} DIRECTORY)
        if(NOT source MATCHES "${alike}")
            file(RELATIVE_PATH unit ${PROJECT_SOURCE_DIR} ${folder})
            string(REPLACE "/" "_" unit ${unit})
            set_source_files_properties(${source} PROPERTIES UNITY_GROUP ${unit})
        endif()
    endforeach()
endfunction()
