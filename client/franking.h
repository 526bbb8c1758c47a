// The SDK for any end-to-end encrypted channel:
//
//   sender      CommitWhole, CommitParts  ->  a tag, in the clear, and a
//   payload
//               to be encrypted
//   platform    answers with the Frank, and delivers it with the ciphertext
//   recipient   VerifyReceived            ->  a VerifiedMessage, or a refusal
//   reporter    ReportBuilder, Seal       ->  a SealedReport for SubmitReport
//
// Nothing here talks to a server or keeps state; client/device.h does both,
// over the reference channel. client/example/ shows it in sixty lines.
#ifndef FRANK_CLIENT_FRANKING_H_
#define FRANK_CLIENT_FRANKING_H_

#include "client/commit.h"          // IWYU pragma: export
#include "client/mismatch.h"        // IWYU pragma: export
#include "client/report_builder.h"  // IWYU pragma: export
#include "client/verify.h"          // IWYU pragma: export

#endif  // FRANK_CLIENT_FRANKING_H_
