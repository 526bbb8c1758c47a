find_package(nlohmann_json CONFIG REQUIRED)

# frank-load. Included by tests/client/CMakeLists.txt.
frank_test(client_load_test
  SOURCES load/dispatch_test.cc load/draw_test.cc load/histogram_test.cc
          load/options_test.cc load/ramp_test.cc load/result_test.cc
          load/watch_test.cc
  LIBS frank_load_workloads nlohmann_json::nlohmann_json)
