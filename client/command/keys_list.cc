#include "absl/strings/str_cat.h"
#include "client/command/keys_files.h"
#include "client/command/keys_inspect.h"
#include "client/command/text.h"
#include "core/status.h"
#include "crypto/evidence.h"
#include "crypto/receipt.h"

namespace frank::client {
namespace {

// What a file is, for both forms of output.
struct Description {
  JsonObject json;
  std::string text;
};

std::string Span(UnixMillis from, UnixMillis to) {
  return absl::StrCat(FormatTime(from), " to ", FormatTime(to));
}

JsonObject WindowJson(UnixMillis from, UnixMillis to, absl::string_view form) {
  JsonObject object;
  object.Number("not_before", from).Number("not_after", to).Text("form", form);
  return object;
}

const char* FormName(crypto::FrankForm form) {
  switch (form) {
    case crypto::FrankForm::kNone:
      return "none";
    case crypto::FrankForm::kEach:
      return "each";
    case crypto::FrankForm::kBatched:
      return "batched";
  }
  return "unknown";
}

struct Describe {
  absl::StatusOr<Description> operator()(const RingFile& file) const {
    const bool platform = file.holder() == wire::RingHolder::kPlatform;
    Description out;
    out.text = absl::StrCat("key ring of ", Printable(file.ring().authority()),
                            platform ? ", the platform's" : ", moderation's");
    std::vector<JsonObject> windows;
    for (const config::v1::KeyWindow& window : file.ring().window()) {
      const std::string form =
          window.tombstone() ? "deleted" : Printable(window.form());
      absl::StrAppend(&out.text, "\n  ",
                      Span(window.not_before(), window.not_after()), "  ",
                      form);
      windows.push_back(
          WindowJson(window.not_before(), window.not_after(), form));
    }
    out.json.Text("kind", "key_ring")
        .Text("holder", platform ? "platform" : "moderation")
        .Text("authority", file.ring().authority())
        .Objects("windows", windows);
    return out;
  }

  absl::StatusOr<Description> operator()(
      const wire::Cleansed<config::v1::ReviewKey>& file) const {
    FRANK_ASSIGN_OR_RETURN(Bytes record, FromHex(file->record()));
    FRANK_ASSIGN_OR_RETURN(
        Description out,
        DescribeReviewKey("review_private_key",
                          file->tombstone() ? "destroyed review private key"
                                            : "review private key",
                          record));
    out.json.Bool("destroyed", file->tombstone());
    return out;
  }

  absl::StatusOr<Description> operator()(
      const config::v1::SignedRecord& file) const {
    FRANK_ASSIGN_OR_RETURN(Bytes record, FromHex(file.record()));
    absl::StatusOr<crypto::ReceiptKeyRecord> receipt_key =
        crypto::ParseReceiptKeyRecord(record);
    if (receipt_key.ok()) {
      return DescribeSigningKey("receipt", *receipt_key);
    }
    absl::StatusOr<crypto::EvidenceKeyRecord> evidence_key =
        crypto::ParseEvidenceKeyRecord(record);
    if (evidence_key.ok()) {
      return DescribeSigningKey("evidence", *evidence_key);
    }
    absl::StatusOr<crypto::FrankingKeys> keys =
        crypto::ParseFrankingKeys(record);
    if (!keys.ok()) {
      return DescribeReviewKey("signed_review_key", "signed review key",
                               record);
    }
    Description out;
    out.text = absl::StrCat("signed franking keys of ", keys->authority);
    std::vector<JsonObject> windows;
    for (const crypto::FrankingWindow& window : keys->windows) {
      windows.push_back(WindowJson(window.not_before, window.not_after,
                                   FormName(window.form)));
      absl::StrAppend(&out.text, "\n  ",
                      Span(window.not_before, window.not_after), "  ",
                      FormName(window.form));
    }
    out.json.Text("kind", "signed_franking_keys")
        .Text("authority", keys->authority)
        .Objects("windows", windows);
    return out;
  }

  absl::StatusOr<Description> operator()(
      const wire::Cleansed<config::v1::SecretKey>& file) const {
    Description out;
    out.json.Text("kind", "secret_key").Text("purpose", file->purpose());
    out.text = absl::StrCat("secret key, purpose ", Printable(file->purpose()));
    return out;
  }

  absl::StatusOr<Description> operator()(
      const config::v1::PublicKey& file) const {
    Description out;
    out.json.Text("kind", "public_key")
        .Text("purpose", file.purpose())
        .Text("public_key", file.public_key());
    out.text = absl::StrCat("public key, purpose ", Printable(file.purpose()),
                            ": ", Printable(file.public_key()));
    return out;
  }

  absl::StatusOr<Description> operator()(
      const crypto::CheckpointVerifier& verifier) const {
    Description out;
    out.json.Text("kind", "audit_public_key").Text("vkey", verifier.Vkey());
    out.text = absl::StrCat("public key of the audit log ",
                            Printable(verifier.Vkey()));
    return out;
  }

 private:
  template <typename Record>
  static Description DescribeSigningKey(absl::string_view purpose,
                                        const Record& record) {
    Description out;
    out.json.Text("kind", absl::StrCat("signed_", purpose, "_key"))
        .Hex("public_key", record.public_key.bytes())
        .Number("not_before", record.not_before)
        .Number("not_after", record.not_after);
    out.text = absl::StrCat("signed ", purpose, " key\n  ",
                            Span(record.not_before, record.not_after));
    return out;
  }

  static absl::StatusOr<Description> DescribeReviewKey(absl::string_view kind,
                                                       absl::string_view words,
                                                       const Bytes& bytes) {
    FRANK_ASSIGN_OR_RETURN(crypto::ReviewKeyRecord record,
                           crypto::ParseReviewKeyRecord(bytes));
    const ReviewKeyId id = crypto::ReviewKeyIdOf(bytes);
    Description out;
    out.json.Text("kind", kind)
        .Hex("review_key_id", id.bytes())
        .Number("not_before", record.not_before)
        .Number("not_after", record.not_after);
    out.text = absl::StrCat(words, " ", id.Hex(), "\n  ",
                            Span(record.not_before, record.not_after));
    return out;
  }
};

}  // namespace

absl::Status RunList(const Invocation& in) {
  FRANK_RETURN_IF_ERROR(
      in.args.RequirePositionals(1, in.args.positionals().size(), "FILE"));
  for (const std::string& path : in.args.positionals()) {
    FRANK_ASSIGN_OR_RETURN(AnyKeyFile file, ReadAnyKeyFile(path));
    absl::StatusOr<Description> described = absl::visit(Describe(), file);
    if (!described.ok()) {
      return absl::FailedPreconditionError(
          absl::StrCat(path, ": ", described.status().message()));
    }
    in.out.Print(described->json.Text("path", path),
                 absl::StrCat(path, ": ", described->text));
  }
  return absl::OkStatus();
}

}  // namespace frank::client
