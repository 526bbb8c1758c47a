import { useMutation } from "@tanstack/react-query";
import type { ListActsResponse_Act } from "#gen/frank/v1/review_pb";
import { useActs } from "../../../api/acts";
import { useClients, type Clients } from "../../../api/clients";
import { toHex } from "../../../api/ids";
import { useToolConfig } from "../../../api/tool-config";
import { parseEntry, says } from "../../../audit/entry";
import { verifyEntry } from "../../../audit/verify";
import { announce } from "../../../app/announce";
import { Asked } from "../../../parts/asked";
import { Badge, type Tone } from "../../../parts/badge";
import { Button } from "../../../parts/button";
import { Hex } from "../../../parts/hex";
import { ProblemNote } from "../../../parts/problem-note";
import { Moment } from "../../../parts/time";
import { inTitle, UntrustedLine } from "../../../parts/untrusted-text";
import { actInWords } from "../../audit/act-words";
import { actorInWords, detailsInWords } from "../../audit/detail-words";

type Proof = "proven" | "unsigned" | "failed" | "waiting";

const PROOFS: Record<Proof, [Tone, string]> = {
  proven: ["proven", "in the signed log"],
  unsigned: ["doubt", "given by the service; there is no key to check it with"],
  failed: ["forged", "NOT PROVEN: tell whoever runs the service"],
  waiting: ["plain", "not in the log yet: ask again in a moment"],
};

async function prove(
  audit: Clients["audit"],
  subject: string,
  act: ListActsResponse_Act,
  vkey: string,
): Promise<Proof> {
  const { outcome } = await audit.getInclusionProof({
    entry: { case: "entrySha256", value: act.sha256 },
  });
  if (outcome.case !== "proof") return "waiting";
  const verdict = await verifyEntry(vkey, outcome.value, act.sha256);
  // The words in the list are the service's; those in the entry were signed.
  const isThis = act.subject === subject && says(parseEntry(outcome.value.entry), act);
  if (!isThis) return "failed";
  if (verdict.holds) return "proven";
  return verdict.why === "no key" ? "unsigned" : "failed";
}

function Details({ json }: { json: string }) {
  const details = detailsInWords(json);
  if (!details) return <UntrustedLine text={json} />;
  return (
    <span className="pairs">
      {details.map(({ name, value, isHex }) => (
        <span key={`${name} ${value}`}>
          <span className="faint">
            <UntrustedLine text={name} />
          </span>{" "}
          {isHex ? <Hex hex={value} what={name} /> : <UntrustedLine text={value} />}
        </span>
      ))}
    </span>
  );
}

/** Everything that was done to the case, each act provable here and now. */
export function AuditTab({ id }: { id: string }) {
  const { audit } = useClients();
  const config = useToolConfig();
  const vkey = config.data?.auditVkey ?? "";
  const acts = useActs(id);
  const check = useMutation({
    mutationFn: async (list: ListActsResponse_Act[]) => {
      const proofs = new Map<string, Proof>();
      for (const act of list)
        proofs.set(toHex(act.sha256), await prove(audit, `case:${id}`, act, vkey));
      return proofs;
    },
    onSuccess: (proofs) => {
      const failed = [...proofs.values()].filter((proof) => proof === "failed").length;
      announce(
        failed > 0 ? `${failed.toString()} acts are not proven.` : "Checked.",
        failed > 0,
      );
    },
  });
  if (!acts.data || !config.data) {
    return (
      <div className="tab-body">
        <Asked query={acts} what="Reading the acts" />
        <Asked query={config} what="Asking for the key of the log" />
      </div>
    );
  }
  const gap = acts.data.findIndex((act, i) => act.number !== BigInt(i + 1));
  return (
    <div className="tab-body">
      <div className="row spread">
        <p className="hint">
          {vkey === ""
            ? "Each entry's words, hash and place in the tree are checked in this browser; the service names no key of its log, so the signature cannot be."
            : "Each entry's words and hash, its place in the tree and the signature of the tree's head are checked in this browser."}
        </p>
        <Button busy={check.isPending} onClick={() => check.mutate(acts.data)}>
          Check all {acts.data.length}
        </Button>
      </div>
      {gap >= 0 && (
        <p className="problem" role="alert">
          <strong>Act {gap + 1} is missing.</strong> Tell whoever runs the service.
        </p>
      )}
      <ProblemNote error={check.error} />
      <table className="table">
        <thead>
          <tr>
            <th scope="col">No.</th>
            <th scope="col">When</th>
            <th scope="col">Who</th>
            <th scope="col">What</th>
            <th scope="col">Details</th>
            <th scope="col">Proof</th>
          </tr>
        </thead>
        <tbody>
          {acts.data.map((act) => {
            const proof = check.data?.get(toHex(act.sha256));
            return (
              <tr key={act.number.toString()}>
                <td>{act.number.toString()}</td>
                <td className="when">
                  <Moment at={act.time} />
                </td>
                <td>
                  <UntrustedLine text={actorInWords(act.actor)} />
                </td>
                <td title={inTitle(act.act)}>
                  <UntrustedLine text={actInWords(act.act)} />
                </td>
                <td className="act-details">
                  <Details json={act.details} />
                </td>
                <td>
                  {proof && <Badge tone={PROOFS[proof][0]}>{PROOFS[proof][1]}</Badge>}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
