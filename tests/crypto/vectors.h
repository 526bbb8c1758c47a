// Reads the published vectors strictly: every field of every object has to be
// asked for, and an object that still holds an unread field when it goes out
// of scope fails the test.
#ifndef FRANK_TESTS_CRYPTO_VECTORS_H_
#define FRANK_TESTS_CRYPTO_VECTORS_H_

#include <functional>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "core/bytes.h"

namespace frank::crypto {

// One JSON object of a vector file.
class VectorObject {
 public:
  VectorObject(const nlohmann::json& json, std::string where);
  ~VectorObject();
  VectorObject(const VectorObject&) = delete;
  VectorObject& operator=(const VectorObject&) = delete;

  bool Has(const std::string& key) const { return json_.contains(key); }
  // Each of these marks the field as read; a field that is missing or of
  // another type fails the test and gives an empty value.
  std::string Text(const std::string& key);
  Bytes Hex(const std::string& key);
  std::vector<Bytes> HexList(const std::string& key);
  // A JSON number, or the decimal string in which 64-bit integers are written.
  uint64_t Number(const std::string& key);
  bool Flag(const std::string& key);
  void Object(const std::string& key,
              const std::function<void(VectorObject&)>& read);
  void Each(const std::string& key,
            const std::function<void(VectorObject&)>& read);
  // All fields of an object whose names are data ("roots": size to root).
  std::vector<std::pair<std::string, Bytes>> HexMap(const std::string& key);

  const nlohmann::json& raw() const { return json_; }
  // Marks every field as read: for what is read from a copy.
  void Dismiss();

 private:
  const nlohmann::json* Take(const std::string& key);

  const nlohmann::json& json_;
  const std::string where_;
  std::set<std::string> read_;
};

// The folder that FRANK_VECTORS names, tests/vectors by default.
std::string VectorFolder();

// Every file that the runner knows, without ".json".
const std::vector<std::string>& KnownVectorFiles();

// Reads one file and gives it to `read`. A file that is missing skips the test
// in a folder of other vectors, and fails it in tests/vectors.
void WithVectorFile(const std::string& name,
                    const std::function<void(VectorObject&)>& read);

// Reads the cases of a negative file: `accepts` says what the code under test
// does with a case of that kind, and has to agree with "expect".
using CaseJudge =
    std::function<bool(const std::string& kind, VectorObject& vector_case)>;
// Where the file has a "base", cases of `based_kind` are it with the named
// fields replaced.
void WithNegativeFile(const std::string& name, const CaseJudge& accepts,
                      const std::string& based_kind = "");

}  // namespace frank::crypto

#endif  // FRANK_TESTS_CRYPTO_VECTORS_H_
