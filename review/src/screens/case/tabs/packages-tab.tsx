// Handing a case to somebody outside: legal holds, and evidence packages that one
// person asks for and another releases.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { ActionKind } from "#gen/frank/v1/decision_pb";
import { ExportState, type Export } from "#gen/frank/v1/evidence_pb";
import { ReferralState } from "#gen/frank/v1/referral_pb";
import type { GetCaseResponse } from "#gen/frank/v1/review_pb";
import { useClients } from "../../../api/clients";
import { fromHex, newId, shortId, toHex } from "../../../api/ids";
import { problemOf } from "../../../api/problems";
import { useSelf } from "../../../api/self";
import { announce } from "../../../app/announce";
import { can } from "../../../app/capabilities";
import { Asked } from "../../../parts/asked";
import { Badge } from "../../../parts/badge";
import { Button } from "../../../parts/button";
import { Field, fieldError } from "../../../parts/field";
import { ProblemNote } from "../../../parts/problem-note";
import { Moment } from "../../../parts/time";
import { UntrustedLine } from "../../../parts/untrusted-text";
import { ReferralView } from "../../referrals/referral-view";
import { useReferrals } from "../../referrals/use-referrals";
import { LiftHold } from "../lift-hold";

const STATE: Record<ExportState, string> = {
  [ExportState.UNSPECIFIED]: "unknown",
  [ExportState.WAITING]: "waits for a second person",
  [ExportState.RELEASED]: "released",
  [ExportState.CANCELLED]: "cancelled",
  [ExportState.EXPIRED]: "expired",
};

function useReload() {
  const queries = useQueryClient();
  return () => {
    void queries.invalidateQueries({ queryKey: ["exports"] });
    void queries.invalidateQueries({ queryKey: ["case"] });
  };
}

/** Saves a package under its hash; it is sealed to its recipient's key. */
function useFetchPackage() {
  const { evidence } = useClients();
  return useMutation({
    mutationFn: async (exportId: Uint8Array) => {
      const pieces: Uint8Array<ArrayBuffer>[] = [];
      for await (const { piece } of evidence.fetchExport({ exportId })) {
        pieces.push(new Uint8Array(piece));
      }
      const url = URL.createObjectURL(new Blob(pieces));
      const link = document.createElement("a");
      link.href = url;
      link.download = `${toHex(exportId)}.frank-evidence`;
      link.click();
      URL.revokeObjectURL(url);
      announce("The package was saved.");
    },
  });
}

function PackageLine({ entry }: { entry: Export }) {
  const self = useSelf();
  const { evidence } = useClients();
  const reload = useReload();
  const { exportId, recipientKey, state } = entry;
  const release = useMutation({
    mutationFn: () => evidence.releaseExport({ exportId, recipientKey }),
    onSuccess: reload,
  });
  const cancel = useMutation({
    mutationFn: () => evidence.cancelExport({ exportId }),
    onSuccess: reload,
  });
  const fetch = useFetchPackage();
  const own = entry.requestedBy === self.id;
  const isLive = state === ExportState.WAITING || state === ExportState.RELEASED;
  return (
    <li className="package">
      <div className="row">
        <strong>
          <UntrustedLine text={entry.recipient} />
        </strong>
        <Badge>{STATE[state]}</Badge>
        <span className="faint">
          asked for by {entry.requestedBy}, <Moment at={entry.requestedAt} />
        </span>
      </div>
      <p>
        <UntrustedLine text={entry.purpose} />
      </p>
      <p className="mono faint">key {toHex(recipientKey)}</p>
      <div className="row">
        {state === ExportState.WAITING && !own && (
          <Button busy={release.isPending} onClick={() => release.mutate()}>
            Release to this key
          </Button>
        )}
        {state === ExportState.RELEASED && own && (
          <Button busy={fetch.isPending} onClick={() => fetch.mutate(exportId)}>
            Fetch the package
          </Button>
        )}
        {isLive && (
          <Button kind="quiet" busy={cancel.isPending} onClick={() => cancel.mutate()}>
            Cancel
          </Button>
        )}
      </div>
      <ProblemNote error={release.error ?? cancel.error ?? fetch.error} />
    </li>
  );
}

const EMPTY = { recipient: "", recipientKey: "", purpose: "", legalBasis: "" };
const FIELDS = [
  ["recipient", "Recipient", "Who opens the package."],
  [
    "recipientKey",
    "Recipient's key",
    "X25519, 64 digits of 0-9 and a-f. Compare it by another way.",
  ],
  ["purpose", "Purpose", "What it is needed for."],
  ["legalBasis", "Legal basis", "On what ground it may be given away."],
] as const;

// As the service names the fields.
const WIRE = {
  recipient: "recipient",
  recipientKey: "recipient_key",
  purpose: "purpose",
  legalBasis: "legal_basis",
};

function RequestForm({ caseId }: { caseId: Uint8Array }) {
  const { evidence } = useClients();
  const reload = useReload();
  const [fields, setFields] = useState(EMPTY);
  const [exportId, setExportId] = useState(newId);
  const ask = useMutation({
    mutationFn: () =>
      evidence.requestExport({
        ...fields,
        exportId,
        caseId,
        recipientKey: fromHex(fields.recipientKey.trim()) ?? new Uint8Array(),
      }),
    onSuccess: () => {
      setFields(EMPTY);
      setExportId(newId());
      reload();
    },
  });
  const problem = ask.error ? problemOf(ask.error) : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!ask.isPending) ask.mutate();
  };
  return (
    <form onSubmit={submit} className="stack-s">
      <h3>Ask for a package</h3>
      {FIELDS.map(([name, label, hint]) => (
        <Field
          key={name}
          label={label}
          hint={hint}
          error={fieldError(problem, WIRE[name])}
        >
          {(ids) => (
            <input
              {...ids}
              className={name === "recipientKey" ? "input mono" : "input"}
              value={fields[name]}
              onChange={(event) => {
                setFields({ ...fields, [name]: event.target.value });
              }}
            />
          )}
        </Field>
      ))}
      <ProblemNote error={ask.error} />
      <Button type="submit" busy={ask.isPending}>
        Ask a second person to release it
      </Button>
    </form>
  );
}

export function LegalHolds({ shown }: { shown: GetCaseResponse }) {
  const { retention } = useClients();
  const reload = useReload();
  const self = useSelf();
  const [reason, setReason] = useState("");
  const caseId = shown.caseSummary?.caseId ?? new Uint8Array();
  // The same for each repeat of placing it.
  const [holdId, setHoldId] = useState(newId);
  const place = useMutation({
    mutationFn: () => retention.placeLegalHold({ caseId, holdId, reason }),
    onSuccess: () => {
      setHoldId(newId());
      setReason("");
      reload();
    },
  });
  const holds = shown.caseSummary?.legalHold ?? [];
  return (
    <section className="stack-s">
      <h3>Legal holds</h3>
      {holds.length === 0 && (
        <p className="faint">None. The case is erased when its retention ends.</p>
      )}
      <ul className="lines">
        {holds.map((hold) => (
          <li key={toHex(hold.holdId)}>
            <UntrustedLine text={hold.reason} />{" "}
            <span className="faint">{hold.moderator}</span>, <Moment at={hold.placedAt} />{" "}
            {can(self, "holdLegally") && <LiftHold hold={hold} />}
          </li>
        ))}
      </ul>
      {can(self, "holdLegally") && (
        <form
          className="row"
          onSubmit={(event) => {
            event.preventDefault();
            if (!place.isPending) place.mutate();
          }}
        >
          <input
            className="input grow"
            aria-label="Reason for a legal hold"
            placeholder="Why it must be kept"
            value={reason}
            onChange={(event) => {
              setReason(event.target.value);
            }}
          />
          <Button type="submit" busy={place.isPending}>
            Place a hold
          </Button>
        </form>
      )}
      <ProblemNote error={place.error} />
    </section>
  );
}

/** What the case's decisions refer to authorities, where there is any. */
function CaseReferrals({ shown }: { shown: GetCaseResponse }) {
  const isReferred = shown.decision.some(({ action }) =>
    action.some(({ kind }) => kind === ActionKind.REFER),
  );
  const list = useReferrals(ReferralState.UNSPECIFIED, isReferred);
  const decisions = new Set(shown.decision.map(({ decisionId }) => toHex(decisionId)));
  const here = list.data?.referrals.filter(({ decisionId }) =>
    decisions.has(toHex(decisionId)),
  );
  return (
    <section className="stack-s">
      <h3>Referrals to authorities</h3>
      {(!isReferred || here?.length === 0) && (
        <p className="faint">
          None. A decision refers by the action &ldquo;refer to an authority&rdquo;.
        </p>
      )}
      <Asked query={list} what="Listing referrals" />
      <ul className="lines">
        {here?.map((referral) => (
          <li key={toHex(referral.decisionId)}>
            <ReferralView
              referral={referral}
              authorities={list.data?.authorities ?? []}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Referral: what is kept for others, and what is handed to them. */
export function PackagesTab({ shown }: { shown: GetCaseResponse }) {
  const { evidence } = useClients();
  const self = useSelf();
  const caseId = shown.caseSummary?.caseId ?? new Uint8Array();
  const packages = useQuery({
    queryKey: ["exports", toHex(caseId)],
    queryFn: ({ signal }) => evidence.listExports({ caseId }, { signal }),
    enabled: can(self, "export"),
  });
  if (!can(self, "export")) {
    return (
      <div className="tab-body">
        <p>
          A case is referred by the action &ldquo;refer to an authority&rdquo;. Seniors
          hand it over.
        </p>
        <LegalHolds shown={shown} />
      </div>
    );
  }
  return (
    <div className="tab-body">
      <CaseReferrals shown={shown} />
      <h3>Evidence packages of case {shortId(caseId)}</h3>
      <Asked query={packages} what="Listing packages" />
      {packages.data?.entry.length === 0 && <p className="faint">None was asked for.</p>}
      <ul className="lines">
        {packages.data?.entry.map((entry) => (
          <PackageLine key={toHex(entry.exportId)} entry={entry} />
        ))}
      </ul>
      <RequestForm caseId={caseId} />
      <LegalHolds shown={shown} />
    </div>
  );
}
