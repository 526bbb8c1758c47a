# The frank command. Included by tests/client/CMakeLists.txt.
frank_test(command_base_test
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/command_args_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/command_output_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/command_run_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/command_text_test.cc
  LIBS frank_command_base)
frank_test(command_keys_test
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/command_keys_test.cc
  LIBS frank_command_keys)
frank_test(command_mod_test
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/command_mod_decision_view_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/command_mod_dry_run_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/command_mod_view_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/command_mod_save_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/command_mod_targets_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/command_moderator_view_test.cc
  LIBS frank_command_mod)
frank_test(command_people_test
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/command_own_appeal_view_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/command_people_view_test.cc
  LIBS frank_command_people frank_franking frank_wire)
frank_test(command_audit_test
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/command_audit_test.cc
  LIBS frank_command_audit)
frank_layer_dir(tests)
foreach(test command_audit_test command_base_test command_keys_test
        command_mod_test command_people_test)
  target_include_directories(${test} PRIVATE ${PROJECT_BINARY_DIR}/layers/tests)
endforeach()
