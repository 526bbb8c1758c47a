import type { Authority, Referral } from "#gen/frank/v1/referral_pb";
import { shortId, toHex } from "../../api/ids";
import { useSelf } from "../../api/self";
import { REFERRAL_STATE } from "../../api/words";
import { can } from "../../app/capabilities";
import { Badge } from "../../parts/badge";
import { Moment } from "../../parts/time";
import { UntrustedLine } from "../../parts/untrusted-text";
import { ReferralActs } from "./referral-acts";

function HandedOver({ referral }: { referral: Referral }) {
  return (
    <p>
      Handed over <Moment at={referral.handedOverAt} />; its number there is{" "}
      <UntrustedLine text={referral.reference} />. Recorded by {referral.recordedBy},{" "}
      <Moment at={referral.recordedAt} />.
      {referral.exportId.length > 0 && (
        <>
          {" "}
          With package{" "}
          <code title={toHex(referral.exportId)}>{shortId(referral.exportId)}</code>.
        </>
      )}
    </p>
  );
}

function Withdrawn({ referral }: { referral: Referral }) {
  const { withdrawnBy, withdrawnAt } = referral;
  return (
    <p>
      {withdrawnBy === "" ? "The decision was taken back" : `Withdrawn by ${withdrawnBy}`}
      , <Moment at={withdrawnAt} />.
    </p>
  );
}

interface ReferralViewProps {
  referral: Referral;
  authorities: readonly Authority[];
}

/** Where a referral stands, and what can be done to it. */
export function ReferralView({ referral, authorities }: ReferralViewProps) {
  const self = useSelf();
  const { authority, assignedBy, assignedAt, dueAt, decidedAt, state } = referral;
  const title = authorities.find(({ name }) => name === authority)?.title;
  return (
    <div className="stack-s">
      <div className="row">
        <strong>{title || authority || "No authority yet"}</strong>
        <Badge>{REFERRAL_STATE[state]}</Badge>
        <span className="faint">
          decided <Moment at={decidedAt} />
        </span>
      </div>
      {assignedAt > 0n && (
        <p className="faint">
          Its authority was named by {assignedBy}, <Moment at={assignedAt} />.
        </p>
      )}
      {referral.handedOverAt > 0n && <HandedOver referral={referral} />}
      {referral.withdrawnAt > 0n && <Withdrawn referral={referral} />}
      {referral.handedOverAt === 0n && referral.withdrawnAt === 0n && (
        <p className="faint">
          It can be handed over from <Moment at={dueAt} />.
        </p>
      )}
      {can(self, "handReferralsOver") && (
        <ReferralActs referral={referral} authorities={authorities} />
      )}
    </div>
  );
}
