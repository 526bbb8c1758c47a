import { createClient, type Client, type Transport } from "@connectrpc/connect";
import { createContext, useContext } from "react";
import { AuditService } from "#gen/frank/v1/audit_pb";
import { ConfigurationService } from "#gen/frank/v1/configuration_pb";
import { DecisionService } from "#gen/frank/v1/decision_pb";
import { EvidenceService } from "#gen/frank/v1/evidence_pb";
import { ModeratorService } from "#gen/frank/v1/moderators_pb";
import { QueueService } from "#gen/frank/v1/queue_pb";
import { ReasonService } from "#gen/frank/v1/reason_pb";
import { ReferralService } from "#gen/frank/v1/referral_pb";
import { ReporterService } from "#gen/frank/v1/reporters_pb";
import { RetentionService } from "#gen/frank/v1/retention_pb";
import { ReviewService } from "#gen/frank/v1/review_pb";
import { TargetService } from "#gen/frank/v1/target_pb";

/** A client of each service that the tool calls. */
export interface Clients {
  audit: Client<typeof AuditService>;
  configuration: Client<typeof ConfigurationService>;
  decisions: Client<typeof DecisionService>;
  evidence: Client<typeof EvidenceService>;
  moderators: Client<typeof ModeratorService>;
  queues: Client<typeof QueueService>;
  reasons: Client<typeof ReasonService>;
  referrals: Client<typeof ReferralService>;
  reporters: Client<typeof ReporterService>;
  retention: Client<typeof RetentionService>;
  review: Client<typeof ReviewService>;
  targets: Client<typeof TargetService>;
}

export function clientsOver(transport: Transport): Clients {
  return {
    audit: createClient(AuditService, transport),
    configuration: createClient(ConfigurationService, transport),
    decisions: createClient(DecisionService, transport),
    evidence: createClient(EvidenceService, transport),
    moderators: createClient(ModeratorService, transport),
    queues: createClient(QueueService, transport),
    reasons: createClient(ReasonService, transport),
    referrals: createClient(ReferralService, transport),
    reporters: createClient(ReporterService, transport),
    retention: createClient(RetentionService, transport),
    review: createClient(ReviewService, transport),
    targets: createClient(TargetService, transport),
  };
}

export const ClientsContext = createContext<Clients | undefined>(undefined);

export function useClients(): Clients {
  const clients = useContext(ClientsContext);
  if (!clients) throw new Error("no ClientsContext around this");
  return clients;
}
