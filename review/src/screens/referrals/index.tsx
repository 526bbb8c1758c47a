import { useState } from "react";
import { ReferralState, type Referral } from "#gen/frank/v1/referral_pb";
import { shortId, toHex } from "../../api/ids";
import { useSelf } from "../../api/self";
import { REFERRAL_STATE } from "../../api/words";
import { can } from "../../app/capabilities";
import { href } from "../../app/router";
import { Asked } from "../../parts/asked";
import { UntrustedLine } from "../../parts/untrusted-text";
import { shortUri } from "../queue/case-table";
import { ReferralView } from "./referral-view";
import { useReferrals } from "./use-referrals";
import "../answers/answers.css";

const STATES = [
  ReferralState.UNSPECIFIED,
  ReferralState.WAITING,
  ReferralState.ASSIGNED,
  ReferralState.HANDED_OVER,
  ReferralState.WITHDRAWN,
];

function StateChoice({
  state,
  onChange,
}: {
  state: ReferralState;
  onChange: (state: ReferralState) => void;
}) {
  return (
    <label className="row">
      <span>Show</span>
      <select
        className="select"
        value={state}
        onChange={(event) => onChange(Number(event.target.value))}
      >
        {STATES.map((one) => (
          <option key={one} value={one}>
            {one === ReferralState.UNSPECIFIED ? "all" : REFERRAL_STATE[one]}
          </option>
        ))}
      </select>
    </label>
  );
}

function Cases({ referral }: { referral: Referral }) {
  const self = useSelf();
  return (
    <span className="row">
      {referral.caseId.map((caseId) => {
        const id = toHex(caseId);
        return can(self, "workOnCases") ? (
          <a key={id} className="mono" title={id} href={href("case", id, "referral")}>
            {shortId(id)}
          </a>
        ) : (
          <code key={id} title={id}>
            {shortId(id)}
          </code>
        );
      })}
    </span>
  );
}

/** What authorities are to get, have got or will not get. */
export default function Referrals() {
  const [state, setState] = useState(ReferralState.UNSPECIFIED);
  const list = useReferrals(state);
  const entries = list.data?.referrals ?? [];
  return (
    <div className="page narrow stack">
      <div className="row spread">
        <h1>Referrals</h1>
        <StateChoice state={state} onChange={setState} />
      </div>
      <Asked query={list} what="Listing referrals" />
      {list.isSuccess && entries.length === 0 && <p className="faint">None.</p>}
      <ul className="answers">
        {entries.map((referral) => (
          <li key={toHex(referral.decisionId)} className="answer">
            <div className="row spread">
              <h2>
                {referral.accusedUri === "" ? (
                  "Nobody is accused"
                ) : (
                  <UntrustedLine text={shortUri(referral.accusedUri)} />
                )}
              </h2>
              <Cases referral={referral} />
            </div>
            <ReferralView
              referral={referral}
              authorities={list.data?.authorities ?? []}
            />
          </li>
        ))}
      </ul>
    </div>
  );
}
