// Counts what the program allocates with `new`.
#ifndef FRANK_TESTS_CRYPTO_COUNTED_NEW_H_
#define FRANK_TESTS_CRYPTO_COUNTED_NEW_H_

#include <cstddef>

namespace frank::crypto {

size_t CountedAllocations();

}  // namespace frank::crypto

#endif  // FRANK_TESTS_CRYPTO_COUNTED_NEW_H_
