add_library(platform_world STATIC platform_world.cc)
target_include_directories(platform_world PUBLIC ${PROJECT_SOURCE_DIR})
target_link_libraries(platform_world
  PUBLIC frank_platform frank_storage_memory GTest::gtest PRIVATE frank_options)

frank_test(platform_forwarding_test SOURCES platform_forwarding_test.cc
  LIBS frank_platform frank_storage_memory)
frank_test(platform_franking_test SOURCES platform_franking_test.cc
  LIBS platform_world)
frank_test(platform_stamper_test SOURCES platform_stamper_test.cc
  LIBS platform_world)
frank_test(platform_report_test SOURCES platform_report_test.cc
  LIBS platform_world)
frank_test(platform_appeal_test SOURCES platform_appeal_test.cc
  LIBS platform_world)
frank_test(platform_enforcement_test SOURCES platform_enforcement_test.cc
  LIBS platform_world)
frank_test(platform_server_test SOURCES platform_server_test.cc
  LIBS frank_platform frank_storage_memory frank_storage_rocksdb)
target_include_directories(platform_server_test PRIVATE ${PROJECT_SOURCE_DIR})
add_dependencies(platform_server_test frank-platform)
frank_test(platform_relay_test SOURCES platform_relay_test.cc
  LIBS frank_platform frank_storage_memory)
target_include_directories(platform_relay_test PRIVATE ${PROJECT_SOURCE_DIR})
frank_test(platform_notice_test SOURCES platform_notice_test.cc
  LIBS frank_platform frank_storage_memory)
target_include_directories(platform_notice_test PRIVATE ${PROJECT_SOURCE_DIR})
frank_test(platform_streams_test SOURCES platform_streams_test.cc
  LIBS frank_platform frank_storage_memory)
target_include_directories(platform_streams_test PRIVATE ${PROJECT_SOURCE_DIR})
frank_test(held_refusals_test SOURCES held_refusals_test.cc
  LIBS frank_services_common)
frank_test(rpc_service_test SOURCES rpc_service_test.cc burst_test.cc health_test.cc
  LIBS frank_services_common frank_wire_proto frank_health_proto)
frank_test(client_stream_test SOURCES client_stream_test.cc
  LIBS frank_services_common frank_wire_proto)
target_include_directories(client_stream_test PRIVATE ${PROJECT_SOURCE_DIR})
frank_test(platform_fields_test
  SOURCES platform_fields_test.cc platform_report_fields_test.cc
  LIBS frank_platform)
target_include_directories(platform_fields_test PRIVATE ${PROJECT_SOURCE_DIR})
