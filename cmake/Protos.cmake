# frank_proto_library(name [GRPC] PROTOS a.proto … [DEPS libs…])
# Generates C++ for protos under proto/, included as "frank/v1/frank.pb.h".
set(FRANK_PROTO_ROOT ${PROJECT_SOURCE_DIR}/proto)
set(FRANK_PROTO_OUT ${PROJECT_BINARY_DIR}/generated)
file(MAKE_DIRECTORY ${FRANK_PROTO_OUT})

# Writes a header that has gRPC read the requests of all these services by
# wire::GuardedRequest.
function(frank_guard_requests header)
  set(text "#include \"proto/grpc/guarded_requests.h\"\n")
  set(types)
  foreach(proto ${ARGN})
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${FRANK_PROTO_ROOT}/${proto})
    file(STRINGS ${FRANK_PROTO_ROOT}/${proto} lines REGEX "^ *rpc ")
    foreach(line ${lines})
      string(REGEX REPLACE "^ *rpc [A-Za-z]+\\((stream )?([A-Za-z]+)\\).*" "\\2" type "${line}")
      list(APPEND types ${type})
    endforeach()
  endforeach()
  list(REMOVE_DUPLICATES types)
  foreach(type ${types})
    string(APPEND text "namespace frank::v1 { class ${type}; }\n"
      "template <> class grpc::SerializationTraits<frank::v1::${type}, void>\n"
      "    : public frank::wire::GuardedRequest {};\n")
  endforeach()
  file(CONFIGURE OUTPUT ${FRANK_PROTO_OUT}/${header} CONTENT "#pragma once\n${text}" @ONLY)
endfunction()

function(frank_proto_library name)
  cmake_parse_arguments(ARG "GRPC" "" "PROTOS;DEPS" ${ARGN})
  set(sources)
  if(ARG_GRPC)
    frank_guard_requests(${name}.guard.h ${ARG_PROTOS})
  endif()
  foreach(proto ${ARG_PROTOS})
    string(REPLACE ".proto" "" base ${proto})
    set(outputs ${FRANK_PROTO_OUT}/${base}.pb.cc ${FRANK_PROTO_OUT}/${base}.pb.h)
    set(flags --cpp_out=${FRANK_PROTO_OUT})
    if(ARG_GRPC)
      list(APPEND outputs ${FRANK_PROTO_OUT}/${base}.grpc.pb.cc ${FRANK_PROTO_OUT}/${base}.grpc.pb.h)
      list(APPEND flags --grpc_out=additional_header_includes=${name}.guard.h:${FRANK_PROTO_OUT}
        --plugin=protoc-gen-grpc=$<TARGET_FILE:gRPC::grpc_cpp_plugin>)
    endif()
    add_custom_command(OUTPUT ${outputs}
      COMMAND protobuf::protoc -I${FRANK_PROTO_ROOT} ${flags} ${FRANK_PROTO_ROOT}/${proto}
      DEPENDS ${FRANK_PROTO_ROOT}/${proto} VERBATIM)
    list(APPEND sources ${outputs})
  endforeach()
  add_library(${name} STATIC ${sources})
  target_include_directories(${name} SYSTEM PUBLIC ${FRANK_PROTO_OUT})
  target_link_libraries(${name} PUBLIC protobuf::libprotobuf ${ARG_DEPS}
    PRIVATE frank_hardening)
  if(ARG_GRPC)
    target_link_libraries(${name} PUBLIC gRPC::grpc++)
  endif()
  if(FRANK_SANITIZE)
    target_compile_options(${name} PRIVATE -fsanitize=${FRANK_SANITIZE})
  endif()
endfunction()
