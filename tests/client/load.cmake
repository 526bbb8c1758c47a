find_package(nlohmann_json CONFIG REQUIRED)

# frank-load. Included by tests/client/CMakeLists.txt.
frank_test(client_load_test
  SOURCES load/case_notes_test.cc load/dispatch_test.cc load/draw_test.cc
          load/histogram_test.cc load/mixed_load_test.cc load/options_test.cc
          load/population_test.cc load/ramp_test.cc load/receivers_test.cc
          load/result_test.cc load/session_test.cc load/watch_test.cc
          fake_platform.cc
  LIBS frank_load_workloads frank_wire nlohmann_json::nlohmann_json)
target_include_directories(client_load_test PRIVATE ${PROJECT_BINARY_DIR}/layers/tests)
