// What AddressSanitizer finds that is not the project's. Only for builds with
// -fsanitize=address.

// c-ares keeps what gRPC's resolver had it set up with.
extern "C" const char* __lsan_default_suppressions() {
  return "leak:libcares.so\n";
}
