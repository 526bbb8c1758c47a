# The stores, written once over the engine. One source a line.
frank_library(frank_stores FOLDER storage
  SOURCES
    act_store.cc
    case_store.cc
    effect_store.cc
    enforcement_store.cc
    evidence_store.cc
    expiry_store.cc
    forwarding_store.cc
    intake_store.cc
    mismatch_store.cc
    moderation_account_store.cc
    moderation_schema.cc
    outbox_record.cc
    rate_store.cc
    report_schema.cc
    report_store.cc
    schema.cc
    stamp_store.cc
    wrapped_key_store.cc
  PUBLIC
    frank_storage
    frank_storage_proto)
