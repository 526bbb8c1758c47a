# One library a folder. A target sees only the folders of the layers that it
# links: each folder is reached through a directory of its own that holds one
# link to it, so that an include of a layer that is not linked does not compile.
function(frank_layer_dir folder)
  set(dir ${PROJECT_BINARY_DIR}/layers/${folder})
  cmake_path(GET folder PARENT_PATH parent)
  file(MAKE_DIRECTORY ${dir}/${parent})
  if(NOT EXISTS ${dir}/${folder})
    file(CREATE_LINK ${PROJECT_SOURCE_DIR}/${folder} ${dir}/${folder} SYMBOLIC)
  endif()
endfunction()

# frank_library(name FOLDER folder SOURCES … [PUBLIC libs…] [PRIVATE libs…])
function(frank_library name)
  cmake_parse_arguments(ARG "" "FOLDER" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  frank_layer_dir(${ARG_FOLDER})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_include_directories(${name} PUBLIC ${PROJECT_BINARY_DIR}/layers/${ARG_FOLDER})
  target_link_libraries(${name} PUBLIC ${ARG_PUBLIC} PRIVATE ${ARG_PRIVATE} frank_options)
  frank_check_layers(${name})
endfunction()

# frank_executable(name SOURCES … LIBS …)
function(frank_executable name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LIBS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_LIBS} frank_options frank_allocator)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
  frank_check_layers(${name})
endfunction()

# Headers of the system libraries lie in one directory that every compiler
# searches; which layer may name which of them is checked before each build.
add_custom_target(layers ALL
  COMMAND ${PROJECT_SOURCE_DIR}/scripts/check-layers
  WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
  COMMENT "Checking that the layers hold" VERBATIM)
function(frank_check_layers target)
  add_dependencies(${target} layers)
endfunction()
