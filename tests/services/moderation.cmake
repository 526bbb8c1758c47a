add_library(moderation_world STATIC moderation_world.cc)
target_include_directories(moderation_world PUBLIC ${PROJECT_SOURCE_DIR})
target_link_libraries(moderation_world
  PUBLIC frank_moderation frank_storage_memory GTest::gtest PRIVATE frank_options)

frank_test(moderation_case_state_test SOURCES moderation_case_state_test.cc
  LIBS moderation_world)
frank_test(moderation_reports_test SOURCES moderation_reports_test.cc
  LIBS moderation_world)
frank_test(moderation_review_test SOURCES moderation_review_test.cc
  LIBS moderation_world)
frank_test(moderation_receipts_test SOURCES moderation_receipts_test.cc
  LIBS moderation_world)
frank_test(moderation_appeals_test SOURCES moderation_appeals_test.cc
  LIBS moderation_world)
add_library(moderation_audit_world STATIC moderation_audit_world.cc)
target_link_libraries(moderation_audit_world
  PUBLIC moderation_world PRIVATE frank_options)
frank_test(moderation_audit_test
  SOURCES moderation_audit_test.cc moderation_audit_edits_test.cc
          moderation_audit_keys_test.cc moderation_audit_sequencer_test.cc
          moderation_audit_tiles_test.cc moderation_audit_tree_edits_test.cc
  LIBS moderation_audit_world)
frank_test(moderation_server_test SOURCES moderation_server_test.cc
  LIBS moderation_audit_world)
frank_test(moderation_effects_test SOURCES moderation_effects_test.cc
  LIBS moderation_world)
# Holds every service of the schema, whether anything calls it or not.
frank_test(moderation_permissions_test SOURCES moderation_permissions_test.cc
  LIBS moderation_world -Wl,--whole-archive frank_wire_proto -Wl,--no-whole-archive)
frank_test(moderation_queue_test
  SOURCES moderation_claims_test.cc moderation_queue_test.cc
          moderation_routing_test.cc moderation_hand_over_test.cc
          moderation_notes_test.cc moderation_attendance_test.cc
  LIBS moderation_world)
frank_test(moderation_list_test
  SOURCES moderation_list_test.cc moderation_watch_test.cc
  LIBS moderation_world)
frank_test(oidc_test SOURCES oidc_test.cc oidc_provider_keys.cc
  LIBS frank_oidc OpenSSL::Crypto)
target_include_directories(oidc_test PRIVATE ${PROJECT_SOURCE_DIR})
frank_test(moderation_people_test SOURCES moderation_people_test.cc oidc_provider_keys.cc
  LIBS moderation_world OpenSSL::Crypto)
frank_test(moderation_exposure_test SOURCES moderation_exposure_test.cc
  LIBS moderation_world)

add_library(decision_world STATIC decision_world.cc)
target_link_libraries(decision_world PUBLIC moderation_world PRIVATE frank_options)
frank_test(moderation_decision_test SOURCES moderation_decision_test.cc
  LIBS decision_world)
frank_test(moderation_approval_test SOURCES moderation_approval_test.cc
  LIBS decision_world)
frank_test(moderation_sanctions_test SOURCES moderation_sanctions_test.cc
  LIBS decision_world)
frank_test(moderation_policies_test SOURCES moderation_policies_test.cc
  LIBS decision_world)
frank_test(moderation_decision_races_test
  SOURCES moderation_decision_races_test.cc LIBS decision_world)
frank_test(moderation_retention_test
  SOURCES moderation_deletion_test.cc moderation_legal_hold_test.cc
          moderation_retention_test.cc moderation_shredding_test.cc
  LIBS decision_world moderation_audit_world frank_storage_rocksdb)
frank_test(moderation_reporters_test
  SOURCES moderation_mutes_test.cc moderation_reporters_test.cc
  LIBS decision_world)
add_library(evidence_world STATIC evidence_world.cc)
target_link_libraries(evidence_world
  PUBLIC decision_world frank_command_evidence PRIVATE frank_options)
frank_test(moderation_evidence_test
  SOURCES moderation_custody_test.cc moderation_evidence_test.cc
          moderation_exports_test.cc
  LIBS evidence_world)
frank_test(moderation_referrals_test SOURCES moderation_referrals_test.cc
  LIBS evidence_world moderation_audit_world)
frank_test(moderation_metrics_test SOURCES moderation_metrics_test.cc
  LIBS moderation_world)
frank_test(metrics_test SOURCES metrics_test.cc
  LIBS frank_moderation frank_platform frank_storage_memory frank_web)
target_include_directories(metrics_test PRIVATE ${PROJECT_SOURCE_DIR})
frank_test(moderation_targets_test
  SOURCES moderation_targets_test.cc moderation_inflow_test.cc
  LIBS decision_world)
frank_test(moderation_configuration_test
  SOURCES moderation_configuration_test.cc LIBS decision_world)
frank_test(moderation_figures_test SOURCES moderation_figures_test.cc
  LIBS moderation_world)
frank_test(moderation_fields_test
  SOURCES moderation_fields_test.cc moderation_decision_fields_test.cc
          moderation_retention_fields_test.cc
  LIBS frank_moderation)
target_include_directories(moderation_fields_test PRIVATE ${PROJECT_SOURCE_DIR})
