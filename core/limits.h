// Every limit of the product, in one place. The schema's comments and the
// documents state these numbers; the code names them.
#ifndef FRANK_CORE_LIMITS_H_
#define FRANK_CORE_LIMITS_H_

#include <cstddef>
#include <cstdint>

#include "core/clock.h"

namespace frank::limits {

// Protocol document.
inline constexpr size_t kMaxUriBytes = 512;
inline constexpr size_t kMaxMediaTypeBytes = 255;
inline constexpr size_t kTagBytes = 32;
inline constexpr size_t kSaltBytes = 32;
inline constexpr size_t kMimiSaltBytes = 16;
inline constexpr uint32_t kMaxParts = 1u << 20;
inline constexpr uint64_t kMaxFileBytes = 1ull << 36;
inline constexpr size_t kChunkBytes = 65536;
inline constexpr uint32_t kMaxFrankBatch = 1024;
inline constexpr size_t kWrapBytes = 64;
inline constexpr UnixMillis kMaxMessageAge = 31 * kDay;
inline constexpr UnixMillis kMaxAcceptedAfterSent = 7 * kDay;
inline constexpr UnixMillis kMaxAcceptedBeforeSent = 1 * kDay;
// How old a message may be when a client sends it again: an hour less, for what
// the platform accepts too late every recipient refuses.
inline constexpr UnixMillis kMaxSendRetry = kMaxAcceptedAfterSent - kHour;
inline constexpr UnixMillis kReplayMemory = 40 * kDay;
inline constexpr UnixMillis kDeviceListGrace = 30 * kDay;
inline constexpr UnixMillis kDeviceListRetention = 60 * kDay;
inline constexpr UnixMillis kUnknownKeyRetry = 7 * kDay;
inline constexpr UnixMillis kHubKeyGraceForModeration = 14 * kDay;
inline constexpr UnixMillis kMaxClockBehind = 60 * kSecond;

// Accounts and rooms.
inline constexpr size_t kMaxDevices = 8;
inline constexpr size_t kMaxRoomMembers = 1000;
inline constexpr size_t kMaxMembershipChange = 1000;
inline constexpr size_t kMaxDeviceListBytes = 2048;
inline constexpr size_t kMaxDeviceListQueries = 1000;
// Of an account: the lists of a month fit into one answer.
inline constexpr size_t kMaxDeviceListsAnHour = 15;
// By one account, in all rooms: calls, and stays that they begin or end.
// Leaving is free.
inline constexpr size_t kMaxRoomChangesAnHour = 240;
inline constexpr size_t kMaxMembershipChangesAnHour = 10000;
// A page of rooms ends when it is as large as this.
inline constexpr size_t kMaxRoomsPageBytes = 4u << 20;
inline constexpr UnixMillis kReplacedTokenGrace = 24 * kHour;

// Messages. A body of this size with a wrap for every device of a full group
// is about 2 MiB on the wire.
inline constexpr size_t kMaxBodyBytes = 1u << 20;
inline constexpr size_t kMaxWraps = kMaxRoomMembers * kMaxDevices;
inline constexpr size_t kMaxSendBatch = 64;
inline constexpr size_t kMaxRequestBytes = 16u << 20;
// Elements of repeated fields in a request, all levels together: so many, and
// one more for each so many bytes of it.
inline constexpr size_t kMaxRequestElements = 4096;
inline constexpr size_t kBytesOfAnElement = 64;
// Requests under way at a server, all connections together.
inline constexpr size_t kMaxTransportBytes = 1u << 30;
inline constexpr UnixMillis kMailboxRetention = 30 * kDay;
inline constexpr size_t kReceiveWindow = 256;
// Sends that wait in the relay: of one account, of all together. A wrap counts
// as what it takes in memory and writes to the store.
inline constexpr size_t kMaxWaitingSends = 256;
inline constexpr size_t kMaxWaitingSendBytes = 64u << 20;
inline constexpr size_t kMaxAllWaitingSendBytes = 512u << 20;
inline constexpr size_t kWrapCostBytes = 200;
// Refusals of more than that: how long each is held; beyond so many or so much,
// the oldest are answered for what comes.
inline constexpr UnixMillis kRefusalHold = 4 * kSecond;
inline constexpr size_t kMaxHeldRefusals = 16384;
inline constexpr size_t kMaxHeldRefusalBytes = 64u << 20;
inline constexpr size_t kMaxRelayBatch = 256;
inline constexpr size_t kMaxRelayBatchBytes = 8u << 20;
// Members whose devices the sends of one transaction are compared with.
inline constexpr size_t kMaxRelayBatchMembers = 8192;
// Superfluous wraps of one message whose accounts are looked up.
inline constexpr size_t kMaxSuperfluousLookups = 64;
inline constexpr size_t kMaxUnsentDeliveries = 8;
inline constexpr size_t kMailboxPage = 32;

// Files.
inline constexpr uint64_t kDefaultFileQuotaBytes = 1ull << 30;
inline constexpr UnixMillis kFileRetention = 30 * kDay;
inline constexpr size_t kMaxChunkCiphertextBytes = kChunkBytes + 16;
inline constexpr size_t kUploadPieceChunks = 8;

// Reports. A sealed report of this size holds the largest message whole, or
// about a hundred chunks of a file.
inline constexpr size_t kMaxSealedReportBytes = (8u << 20) + 48;
inline constexpr size_t kMaxReportedMessages = 256;
// Elements of repeated fields (parts, proof nodes, messages) in one container,
// all levels together: more than the largest body can hold, and little enough
// that judging it takes under 100 MiB.
inline constexpr size_t kMaxContainerElements = 1u << 19;
// What the opened parts of one message may take of a report, so that there is
// room for the rest of it: half. A client shows no more, whatever the sender
// sent.
inline constexpr size_t kMaxOpenedPartsBytes = kMaxSealedReportBytes / 2;
inline constexpr size_t kMaxOpenedPartsElements = kMaxContainerElements / 2;
inline constexpr size_t kMaxReasonBytes = 64;
inline constexpr size_t kMaxReportNoteBytes = 4096;
inline constexpr size_t kMaxReportsAnHour = 60;
inline constexpr size_t kMaxReportsOfCredentialAnHour = 3600;
// Reports that wait to become durable: of one reporter, of one stamp
// credential, and the bytes of all.
inline constexpr size_t kMaxWaitingReports = 4;
inline constexpr size_t kMaxWaitingReportsOfCredential = 64;
inline constexpr size_t kMaxAllWaitingReportBytes = 256u << 20;
inline constexpr size_t kMaxMismatchNoticesAnHour = 600;
// HPKE over the smallest class of padded content.
inline constexpr size_t kMinSealedReportBytes = 4144;
inline constexpr size_t kMaxReportingKeyAuthorities = 32;

// Appeals. All sealed ones are of one length.
inline constexpr size_t kMaxAppealTextBytes = 8192;
inline constexpr size_t kPaddedAppealBytes = 16384;
inline constexpr size_t kSealedAppealBytes = kPaddedAppealBytes + 48;
inline constexpr UnixMillis kDefaultAppealPeriod = 30 * kDay;
inline constexpr UnixMillis kMaxAppealPeriod = 365 * kDay;
// How long an account can look up a decision after the time to appeal is over.
inline constexpr UnixMillis kAppealStatusRetention = 180 * kDay;

// Stamping for others.
inline constexpr size_t kMaxStampBatch = kMaxFrankBatch;
// Calls of one tag that share a signature: a proof has five hashes at most.
inline constexpr size_t kMaxStampGroup = 32;

// Idempotency and forwarding.
inline constexpr UnixMillis kIdempotencyRetention = 40 * kDay;
inline constexpr UnixMillis kForwardedReportRetention = 7 * kDay;
// How long reporters can look up what became of a report; not less than
// kIdempotencyRetention.
inline constexpr UnixMillis kReportStatusRetention = 180 * kDay;
inline constexpr size_t kMaxReportBatch = 64;
// What may be on its way to moderation without acknowledgement. One report is
// sent whatever its size.
inline constexpr size_t kForwardingWindowBytes = 16u << 20;
inline constexpr size_t kForwardingWindowReports = 256;
// Answers of the other server that wait to be looked at.
inline constexpr size_t kMaxWaitingResponses = 64;
// What reporters are told about how long a decision takes is no more.
inline constexpr UnixMillis kMaxIndicativeTime = 365 * kDay;
// States and outcomes in one request between the servers.
inline constexpr size_t kMaxApplyItems = 256;
// How far moderation's mark may lie above what was sent; a store restored from
// a backup explains no more. And the highest number that a report is given.
inline constexpr uint64_t kMaxMarkAhead = 1ull << 32;
inline constexpr uint64_t kMaxReportNumber = 1ull << 62;
inline constexpr UnixMillis kForwardingLease = 30 * kSecond;
inline constexpr UnixMillis kForwardingFirstBackoff = 200;
inline constexpr UnixMillis kForwardingMaxBackoff = 30 * kSecond;

// Review.
inline constexpr UnixMillis kDefaultLease = 15 * kMinute;
// Background work of an instance that was killed goes on elsewhere when its
// lease has run out, by whoever looks: well within kAuditLag. Half of it is
// over before it is renewed.
inline constexpr UnixMillis kWorkerLease = 6 * kSecond;
inline constexpr UnixMillis kWorkerLeaseLook = 2 * kSecond;
inline constexpr UnixMillis kUnknownKeyRetryInterval = 1 * kHour;
inline constexpr size_t kMaxFranksOfEvidence = 256;
inline constexpr size_t kMaxWithheldPartsShown = 1000;
inline constexpr size_t kMaxReportsShown = 1000;
// Bodies of evidence in one answer; what is over shows its size and hash.
// Evidence that one answer decrypts before its page ends.
inline constexpr size_t kMaxOpenedBytes = 64u << 20;
inline constexpr size_t kMaxRevealedBytes = 12u << 20;
// The rest of such an answer: evidence without bodies, reports, and of one
// report the verdicts.
inline constexpr size_t kMaxEvidenceShownBytes = 3u << 19;
inline constexpr size_t kMaxReportsShownBytes = 3u << 19;
inline constexpr size_t kMaxVerdictsShownBytes = 64u << 10;
inline constexpr size_t kMaxHeldReportsShown = 200;
// Those that a gauge counts.
inline constexpr size_t kMaxHeldReportsCounted = 10000;
// Of a reporter, and of the wait of each of their reports: both end before a
// review key that sealed one is destroyed.
inline constexpr UnixMillis kMaxMute = 30 * kDay;
inline constexpr size_t kMaxNotesShown = 32;
// Notes of a case that were added by themselves; those of other acts are not
// held up. A search looks at so many of the newest.
inline constexpr size_t kMaxNotesOfCase = 200;
inline constexpr size_t kMaxActsShown = 1000;
inline constexpr size_t kMaxActions = 8;
inline constexpr uint32_t kMaxMessagesAnHour = 100000;
// How far ahead a suspension or limit ends that is not for good.
inline constexpr UnixMillis kMaxSanction = 3650 * kDay;
inline constexpr size_t kMaxDecisionNoteBytes = 8192;
inline constexpr size_t kMaxPolicyBytes = 64;
inline constexpr size_t kMaxPolicyWordBytes = 32;
inline constexpr size_t kMaxPolicyTitleBytes = 128;
inline constexpr size_t kMaxPolicyTextBytes = 4096;
inline constexpr uint32_t kMaxStrikeWeight = 100;
inline constexpr size_t kMaxStrikesShown = 200;
// Cases that one decision may decide, and how many reports they may have
// together if they are several: each is an outcome to tell and to count.
inline constexpr size_t kMaxDecidedCases = 32;
inline constexpr size_t kMaxDecidedReports = 4000;
// A case that has so many reports takes no more: the next one opens another,
// linked to it.
inline constexpr size_t kMaxReportsOfCase = 2000;
inline constexpr UnixMillis kDefaultUndoWindow = 60 * kSecond;
// The undo window, and as much again for the random delay of effects.
inline constexpr UnixMillis kMaxEffectDelay = 30 * kDay;
// The queue.
inline constexpr UnixMillis kDefaultHandOver = 4 * kHour;
// Cases that one moderator holds at once, and what may be configured.
inline constexpr uint32_t kDefaultHeldCases = 50;
inline constexpr uint32_t kMaxHeldCases = 1000;
inline constexpr UnixMillis kMaxHold = 90 * kDay;
inline constexpr size_t kMaxHoldReasonBytes = 1024;
inline constexpr size_t kMaxTagsOfCase = 16;
inline constexpr size_t kMaxLinksOfCase = 64;
inline constexpr size_t kMaxFilterValues = 32;
// Free cases that one claim looks at.
inline constexpr size_t kMaxClaimLooks = 2000;
// Cases that one page of a list looks at, and of a search for words in notes.
inline constexpr size_t kMaxListLooks = 1000;
inline constexpr size_t kMaxNoteLooks = 200;
inline constexpr size_t kMinNoteSearchBytes = 2;
inline constexpr size_t kMaxNoteSearchBytes = 128;
// What figures count of one queue at most: deadlines that are over; and of all
// queues, cases that are held, of each bucket of the index of leases.
inline constexpr size_t kMaxOverdueCounted = 1000;
inline constexpr size_t kMaxHeldCounted = 250;
// Who looks at a case: for how long one is taken to look, and how often one may
// say so in a minute.
inline constexpr UnixMillis kAttendanceWindow = 45 * kSecond;
inline constexpr uint32_t kMaxAttendanceCalls = 120;
// A dry run of routing rules: how many are proposed, with how many values in a
// field; cases that one page decides anew, and tells of each pair of queues.
inline constexpr size_t kMaxProposedRules = 256;
inline constexpr size_t kMaxRuleValues = 64;
inline constexpr size_t kMaxDryRunCases = 1000;
inline constexpr size_t kMaxDryRunExamples = 20;
// Reports, and pieces of evidence, that closing a case into another may move.
inline constexpr size_t kMaxMovedReports = 500;
inline constexpr size_t kMaxMovedEvidence = 500;
// The log of changes, and who watches it.
inline constexpr UnixMillis kChangeRetention = 24 * kHour;
inline constexpr size_t kMaxWatchedChanges = 256;
inline constexpr size_t kMaxWatchers = 256;
inline constexpr size_t kMaxWatchersOfModerator = 16;
// How long a watcher is told of changes on the strength of one look at whether
// they may be.
inline constexpr UnixMillis kWatchRecheck = 10 * kSecond;
inline constexpr UnixMillis kMaxWatchWait = 30 * kSecond;
// Targets, and what was reached: days are kept for three years; one request
// asks for a span of so many, and a page ends with the period that fills it.
inline constexpr UnixMillis kMaxTargetTime = 365 * kDay;
inline constexpr uint32_t kDefaultInTimePerMille = 900;
inline constexpr uint32_t kDefaultUpheldPerMille = 950;
inline constexpr UnixMillis kTargetRetention = 3 * 366 * kDay;
inline constexpr UnixMillis kMaxReachedSpan = 1200 * kDay;
inline constexpr size_t kReachedPage = 500;

// Whom a list of those who could take a case names at least, if there are so
// many.
inline constexpr int kMaxColleaguesShown = 1000;
inline constexpr size_t kMaxPageSize = 200;
inline constexpr size_t kDefaultPageSize = 50;
// How many pages of a list a client follows, and in how many rooms it holds
// messages back: a server that is never done must not be followed for ever.
inline constexpr size_t kMaxPagesFollowed = 2000;
inline constexpr size_t kMaxHeldRooms = 1000;

// Moderators. What one instance does to them, the others know after:
inline constexpr UnixMillis kModeratorStaleness = 2 * kSecond;
inline constexpr size_t kMaxModeratorsCached = 10000;
inline constexpr size_t kMaxModeratorIdBytes = 64;
inline constexpr size_t kMaxLinkedAccounts = 32;
inline constexpr size_t kMaxBearerTokenBytes = 8192;
// An identity provider's keys: fetched that often, and not more often however
// many tokens name an unknown one; trusted that long while it is away.
inline constexpr UnixMillis kJwksRefresh = 10 * kMinute;
inline constexpr UnixMillis kJwksFetchFloor = 10 * kSecond;
inline constexpr UnixMillis kJwksTrustedWhileAway = 24 * kHour;
inline constexpr UnixMillis kJwksFetchTimeout = 5 * kSecond;
inline constexpr size_t kMaxJwksBytes = 256u << 10;
inline constexpr size_t kMaxJwks = 64;
inline constexpr UnixMillis kDefaultClockSkew = 30 * kSecond;
inline constexpr UnixMillis kMaxClockSkew = 5 * kMinute;
inline constexpr size_t kMaxTokenSubjectBytes = 128;
inline constexpr size_t kMaxClaimedRoles = 256;
// What may be shown to one in a shift, in pieces of evidence, and what each
// weighs towards the next break.
inline constexpr UnixMillis kDefaultShift = 12 * kHour;
inline constexpr uint32_t kDefaultTextPieces = 800;
inline constexpr uint32_t kDefaultTextLoad = 1;
inline constexpr uint32_t kDefaultGraphicPieces = 120;
inline constexpr uint32_t kDefaultGraphicLoad = 6;
inline constexpr uint32_t kDefaultChildSafetyPieces = 60;
inline constexpr uint32_t kDefaultChildSafetyLoad = 12;
inline constexpr uint32_t kDefaultBreakDueLoad = 240;
inline constexpr UnixMillis kDefaultBreak = 15 * kMinute;
inline constexpr uint32_t kMaxExposurePieces = 10000;
inline constexpr uint32_t kMaxExposureLoad = 1000;
// Pieces that one reveal may name or show.
inline constexpr size_t kMaxRevealedPieces = 256;
inline constexpr size_t kMaxPriorDecisionsShown = 8;
// Rows of past shifts that one reveal deletes.
inline constexpr size_t kForgottenPieces = 1000;

// Retention: how long cases are kept once they are closed, by what they are,
// and the log of what was done about them.
inline constexpr UnixMillis kKeepUnproven = 30 * kDay;
inline constexpr UnixMillis kKeepProven = 90 * kDay;
inline constexpr UnixMillis kKeepDecided = 180 * kDay;
// Content and the basis for judging it; law overrides anything shorter.
inline constexpr UnixMillis kKeepReferred = 365 * kDay;
inline constexpr UnixMillis kKeepAudit = 3 * 366 * kDay;
inline constexpr UnixMillis kMaxRetention = 100 * 366 * kDay;
// The beginning of the year 10000.
inline constexpr UnixMillis kMaxRetentionTime = 253'402'300'800'000;
// How late an appeal may come in that was made in time.
inline constexpr UnixMillis kAppealsOnTheirWay = 7 * kDay;
// From when an appeal came in until its answer is due.
inline constexpr UnixMillis kDefaultAnswerAppeal = 7 * kDay;
inline constexpr UnixMillis kMaxAnswerAppeal = 365 * kDay;
// When the private key is destroyed, after the end of its window.
inline constexpr UnixMillis kKeepReviewKey = 90 * kDay;
static_assert(kMaxMute + kUnknownKeyRetry <= kKeepReviewKey);
inline constexpr size_t kMaxLegalHolds = 8;
inline constexpr size_t kMaxLegalHoldReasonBytes = 1024;
// How long a case is kept at least once its last legal hold was lifted.
inline constexpr UnixMillis kLegalHoldGrace = 7 * kDay;

// Referrals: whom they can go to, and what is written about one.
inline constexpr size_t kMaxAuthorities = 32;
inline constexpr size_t kMaxAuthorityNameBytes = 32;
inline constexpr size_t kMaxAuthorityTitleBytes = 256;
inline constexpr size_t kMaxReferenceBytes = 128;
inline constexpr size_t kMaxReferralReasonBytes = 1024;
// That a page of a filtered list looks at.
inline constexpr size_t kReferralsLookedAt = 1000;

// Audit log.
inline constexpr size_t kMaxCheckpointBytes = 64u << 10;
inline constexpr size_t kMaxNoteSignatures = 100;
// Acts that one transaction appends.
inline constexpr size_t kAuditBatch = 512;
// What is older is covered by a checkpoint, unless the log stands still.
inline constexpr UnixMillis kAuditLag = 10 * kSecond;
// A checkpoint that is as old is signed anew, though nothing was appended; one
// that is older than the other is refused by whoever watches the log.
inline constexpr UnixMillis kCheckpointRefresh = 10 * kMinute;
inline constexpr UnixMillis kMaxCheckpointAge = 30 * kMinute;
inline constexpr size_t kMaxAuditSubjectBytes = 1024;
inline constexpr size_t kMaxLossesShown = 100;
// Entries in one message of an export.
inline constexpr size_t kExportPage = 256;
inline constexpr size_t kExportPageBytes = 256u << 10;

// Evidence packages: what one holds, how long a request waits for its second
// person, and how long a released one can be fetched.
inline constexpr size_t kMaxArchiveBytes = 64u << 20;
inline constexpr size_t kMaxPackageBytes = kMaxArchiveBytes + (1u << 20);
inline constexpr size_t kMaxManifestBytes = 1u << 20;
// Reports are left out, the newest first, when they would be more than this.
inline constexpr size_t kMaxReportBytesOfPackage = 40u << 20;
inline constexpr size_t kMaxReportsOfPackage = 1000;
// The first and last acts of a case, and the export's; the rest is counted.
inline constexpr size_t kMaxActsOfPackage = 4000;
inline constexpr UnixMillis kExportReleasePeriod = 14 * kDay;
inline constexpr UnixMillis kExportFetchPeriod = 7 * kDay;
inline constexpr size_t kMaxRecipientBytes = 256;
inline constexpr size_t kMaxLegalBasisBytes = 4096;
inline constexpr size_t kMaxPurposeBytes = 1024;
inline constexpr size_t kPackagePieceBytes = 256u << 10;
// Packages that a server makes or sends at a time, one for each moderator, and
// how fast whoever fetches one takes it, after a while to begin with: a slower
// one gives way to others.
inline constexpr size_t kMaxPackagesAtOnce = 2;
inline constexpr UnixMillis kPackageReadGrace = 30 * kSecond;
inline constexpr size_t kLeastPackageBytesASecond = 64u << 10;

// The web port. Before anybody is authenticated: the head of a request, its
// body, and how long each may take; connections hold a thread each.
inline constexpr size_t kMaxWebHeadBytes = 16u << 10;
inline constexpr size_t kMaxWebTargetBytes = 2048;
inline constexpr size_t kMaxWebHeaders = 64;
inline constexpr size_t kMaxWebBodyBytes = 1u << 20;
inline constexpr UnixMillis kWebHandshakeTime = 10 * kSecond;
inline constexpr UnixMillis kWebHeadTime = 10 * kSecond;
inline constexpr UnixMillis kWebBodyTime = 20 * kSecond;
// Until the next request of a connection; and how many it may send.
inline constexpr UnixMillis kWebIdleTime = 30 * kSecond;
inline constexpr size_t kMaxWebRequestsOfConnection = 1000;
// Of an answer: until the client takes more of it, and the whole of it.
inline constexpr UnixMillis kWebStallTime = 20 * kSecond;
inline constexpr UnixMillis kWebAnswerTime = 5 * kMinute;
// All connections; those beyond them that are told so; of one remote address.
inline constexpr size_t kMaxWebConnections = 256;
inline constexpr size_t kMaxWebRefusals = 16;
inline constexpr uint32_t kDefaultWebConnectionsOfAddress = 32;
inline constexpr size_t kMaxWebStreams = 128;
// A call without a deadline of its own, one with, and a stream: a client that
// watches begins anew.
inline constexpr UnixMillis kDefaultWebCall = 30 * kSecond;
inline constexpr UnixMillis kMaxWebCall = 2 * kMinute;
inline constexpr UnixMillis kMaxWebStream = 1 * kHour;
// Static files, which are kept in memory.
inline constexpr size_t kMaxWebFiles = 2000;
inline constexpr size_t kMaxWebFileBytes = 16u << 20;
inline constexpr size_t kMaxWebFolderBytes = 64u << 20;

// Tokens of devices that the platform knows without a look at its store.
inline constexpr size_t kMaxCachedTokens = 1u << 16;

// Storage.
inline constexpr UnixMillis kMaxTransactionAge = 5 * kSecond;
inline constexpr size_t kMaxWaitingCommitBytes = 128u << 20;
// When to try again after that many were waiting.
inline constexpr UnixMillis kRetryWhenCommitsWait = 1 * kSecond;
inline constexpr size_t kMaxCommitBatchBytes = 8u << 20;
inline constexpr size_t kMaxCommitBatch = 4096;
inline constexpr size_t kMaxConflictWindowBytes = 256u << 20;
inline constexpr size_t kMaxTransactionRetries = 10;
// Of what was read from files, decoded.
inline constexpr size_t kBlockCacheBytes = 128u << 20;

}  // namespace frank::limits

#endif  // FRANK_CORE_LIMITS_H_
