// What a senior does to a referral: each asks first, and says what it means.
import { useId, useState, type FormEvent } from "react";
import { ReferralState, type Authority, type Referral } from "#gen/frank/v1/referral_pb";
import type { Clients } from "../../api/clients";
import { now } from "../../api/clock";
import { fromHex } from "../../api/ids";
import { problemOf } from "../../api/problems";
import { announce } from "../../app/announce";
import { Button } from "../../parts/button";
import { Dialog } from "../../parts/dialog";
import { Field, fieldError } from "../../parts/field";
import { LongText, SHORT_REASON_BYTES } from "../../parts/long-text";
import { ProblemNote } from "../../parts/problem-note";
import { useReferralChange } from "./use-referrals";

type Act = "assign" | "handOver" | "withdraw";

const TITLE: Record<Act, string> = {
  assign: "Say which authority it is for",
  handOver: "Record that it was handed over",
  withdraw: "Withdraw this referral",
};
const MEANING: Record<Act, string> = {
  assign: "It can be said anew until it is handed over.",
  handOver:
    "This stays, whatever becomes of the decision. Somebody else than who made or proposed the decision must record it.",
  withdraw:
    "It is not handed over after all, and its cases are kept no longer for it. This cannot be taken back.",
};
const DONE: Record<Act, string> = {
  assign: "The referral has its authority.",
  handOver: "The hand-over is recorded.",
  withdraw: "The referral is withdrawn.",
};

interface Fields {
  authority: string;
  reference: string;
  handedOverAt: string;
  exportId: string;
  reason: string;
}

/** Minutes, as a browser's field of a time has them. */
function localMinute(time: number): string {
  return new Date(time - new Date(time).getTimezoneOffset() * 60_000)
    .toISOString()
    .slice(0, 16);
}

/**
 * What a field of minutes means for the service, which takes no time before the
 * decision: the decision's own minute is the decision's time.
 */
export function handOverTime(minute: string, decidedAt: bigint): bigint {
  const time = new Date(minute).getTime();
  if (Number.isNaN(time)) return 0n;
  const decided = Number(decidedAt);
  return time < decided && time + 60_000 > decided ? decidedAt : BigInt(time);
}

function send(
  referrals: Clients["referrals"],
  act: Act,
  { decisionId, decidedAt }: Referral,
  fields: Fields,
): Promise<unknown> {
  const { authority, reference, reason } = fields;
  if (act === "assign") return referrals.assignReferral({ decisionId, authority });
  if (act === "withdraw") return referrals.withdrawReferral({ decisionId, reason });
  return referrals.recordHandover({
    decisionId,
    authority,
    reference: reference.trim(),
    handedOverAt: handOverTime(fields.handedOverAt, decidedAt),
    exportId: fromHex(fields.exportId.trim()) ?? new Uint8Array(),
  });
}

interface PartProps {
  fields: Fields;
  onChange: (fields: Fields) => void;
  authorities: readonly Authority[];
  problem: ReturnType<typeof problemOf> | undefined;
}

function AuthorityField({ fields, onChange, authorities, problem }: PartProps) {
  return (
    <Field label="Authority" error={fieldError(problem, "authority")}>
      {(ids) => (
        <select
          {...ids}
          className="select"
          required
          value={fields.authority}
          onChange={(event) => onChange({ ...fields, authority: event.target.value })}
        >
          <option value="">Choose one</option>
          {authorities.map(({ name, title }) => (
            <option key={name} value={name}>
              {title || name}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

function HandOverFields(props: PartProps) {
  const { fields, onChange, problem } = props;
  return (
    <>
      <AuthorityField {...props} />
      <Field
        label="Its number"
        hint="Under which the authority has it."
        error={fieldError(problem, "reference")}
      >
        {(ids) => (
          <input
            {...ids}
            className="input"
            required
            value={fields.reference}
            onChange={(event) => onChange({ ...fields, reference: event.target.value })}
          />
        )}
      </Field>
      <Field label="Handed over at" error={fieldError(problem, "handed_over_at")}>
        {(ids) => (
          <input
            {...ids}
            className="input"
            type="datetime-local"
            required
            value={fields.handedOverAt}
            onChange={(event) =>
              onChange({ ...fields, handedOverAt: event.target.value })
            }
          />
        )}
      </Field>
      <Field
        label="Evidence package"
        hint="Its id, 32 digits of 0-9 and a-f, if one was fetched; or nothing."
        error={fieldError(problem, "export_id")}
      >
        {(ids) => (
          <input
            {...ids}
            className="input mono"
            pattern="[0-9a-f]{32}"
            spellCheck={false}
            value={fields.exportId}
            onChange={(event) => onChange({ ...fields, exportId: event.target.value })}
          />
        )}
      </Field>
    </>
  );
}

function ReasonField({ fields, onChange, problem }: PartProps) {
  return (
    <Field
      label="Why"
      hint="Kept as a note of each of its cases."
      error={fieldError(problem, "reason")}
    >
      {(ids) => (
        <LongText
          {...ids}
          required
          mostBytes={SHORT_REASON_BYTES}
          value={fields.reason}
          onChange={(reason) => onChange({ ...fields, reason })}
        />
      )}
    </Field>
  );
}

const FIELDS = {
  assign: AuthorityField,
  handOver: HandOverFields,
  withdraw: ReasonField,
} as const;

interface ActDialogProps {
  act: Act;
  referral: Referral;
  authorities: readonly Authority[];
  onClose: () => void;
}

function ActDialog({ act, referral, authorities, onClose }: ActDialogProps) {
  const [fields, setFields] = useState<Fields>(() => ({
    authority: referral.authority,
    reference: "",
    handedOverAt: localMinute(now()),
    exportId: "",
    reason: "",
  }));
  const meaning = useId();
  const change = useReferralChange(
    (referrals) => send(referrals, act, referral, fields),
    () => {
      announce(DONE[act]);
      onClose();
    },
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate();
  };
  const Part = FIELDS[act];
  const problem = change.error ? problemOf(change.error) : undefined;
  return (
    <Dialog open onClose={onClose} title={TITLE[act]}>
      <form className="stack" onSubmit={submit} aria-describedby={meaning}>
        <p id={meaning}>{MEANING[act]}</p>
        <Part {...{ fields, authorities, problem }} onChange={setFields} />
        <ProblemNote error={change.error} />
        <div className="dialog-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind={act === "withdraw" ? "danger" : "primary"}
            type="submit"
            busy={change.isPending}
          >
            {act === "assign" ? "Say so" : act === "handOver" ? "Record it" : "Withdraw"}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

interface ReferralActsProps {
  referral: Referral;
  authorities: readonly Authority[];
}

/** What can be done to a referral as it stands; nothing once it is over. */
export function ReferralActs({ referral, authorities }: ReferralActsProps) {
  const [act, setAct] = useState<Act>();
  const { state } = referral;
  const isAssigned = state === ReferralState.ASSIGNED;
  if (!isAssigned && state !== ReferralState.WAITING) return null;
  return (
    <div className="row">
      <Button onClick={() => setAct("assign")}>
        {isAssigned ? "Name another authority …" : "Name its authority …"}
      </Button>
      <Button onClick={() => setAct("handOver")}>Record the hand-over …</Button>
      <Button kind="quiet" onClick={() => setAct("withdraw")}>
        Withdraw …
      </Button>
      {act && (
        <ActDialog
          {...{ act, referral, authorities }}
          onClose={() => setAct(undefined)}
        />
      )}
    </div>
  );
}
