# The port for browsers. Holds every service of the schema, as the table of
# what is offered is checked against that of permissions.
frank_test(web_test
  SOURCES web_call_test.cc web_connect_test.cc web_http_test.cc web_routes_test.cc
          web_server_test.cc web_static_test.cc
  LIBS frank_web frank_moderation ${FRANK_HTTPLIB} OpenSSL::SSL
       -Wl,--whole-archive frank_wire_proto -Wl,--no-whole-archive)
target_include_directories(web_test PRIVATE ${PROJECT_SOURCE_DIR})
target_compile_definitions(web_test PRIVATE ${FRANK_HTTPLIB_DEFINITIONS})
