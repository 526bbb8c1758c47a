# The stores, written once over the engine. One source a line.
frank_library(frank_stores FOLDER storage
  SOURCES
    enforcement_store.cc
    expiry_store.cc
    forwarding_store.cc
    mismatch_store.cc
    outbox_record.cc
    rate_store.cc
    report_schema.cc
    report_store.cc
    stamp_store.cc
  PUBLIC
    frank_storage
    frank_storage_proto)
