# Tests of the stores; whoever adds a file adds its lines.
frank_test(storage_schema_test SOURCES schema_test.cc LIBS frank_stores)
frank_test(storage_mailbox_store_test SOURCES mailbox_store_test.cc
  LIBS frank_stores frank_storage_memory)
frank_test(storage_act_store_test SOURCES act_store_test.cc
  LIBS frank_stores frank_storage_memory)
