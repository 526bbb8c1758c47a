# Language level, warnings, sanitizers and hardening, on an interface target
# that every library of the project links; ccache and mold when present; the
# allocator, which every program links.
set(CMAKE_CXX_STANDARD 17)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()
find_program(MOLD mold)

add_library(frank_options INTERFACE)
target_compile_options(frank_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wold-style-cast
  -Wno-missing-field-initializers -Wno-unused-parameter)
if(MOLD)
  target_link_options(frank_options INTERFACE -fuse-ld=mold)
endif()
# Generated code, which the warnings are not for, is hardened as well.
add_library(frank_hardening INTERFACE)
target_link_libraries(frank_options INTERFACE frank_hardening)
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  target_compile_options(frank_hardening INTERFACE
    -fstack-protector-strong -D_FORTIFY_SOURCE=2 -fPIE)
  target_link_options(frank_hardening INTERFACE
    -pie -Wl,-z,relro,-z,now,-z,noexecstack)
endif()
if(FRANK_SANITIZE)
  target_compile_options(frank_options INTERFACE
    -fsanitize=${FRANK_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer -g1)
  target_link_options(frank_options INTERFACE -fsanitize=${FRANK_SANITIZE})
endif()
if(FRANK_FUZZ)
  # Coverage for libFuzzer in every library; the sanitizers' runtime has what
  # programs without a fuzzer need of it.
  target_compile_options(frank_options INTERFACE -fsanitize=fuzzer-no-link)
endif()

# What a call allocates on one thread is freed on another, and gRPC frees large
# buffers that it needs again at once: glibc's took a fifth of a batched send.
# Sanitizers bring their own.
add_library(frank_allocator INTERFACE)
if(NOT FRANK_SANITIZE)
  find_library(FRANK_JEMALLOC jemalloc REQUIRED)
  target_link_libraries(frank_allocator INTERFACE ${FRANK_JEMALLOC})
endif()
