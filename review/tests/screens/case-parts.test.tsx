// What a case offers besides its decision, each against what the service is asked.
import { create } from "@bufbuild/protobuf";
import { Code, type ConnectRouter } from "@connectrpc/connect";
import { cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import {
  ActionKind,
  DecisionSchema,
  DecisionService,
  DecisionState,
} from "#gen/frank/v1/decision_pb";
import { EvidenceService, ExportState } from "#gen/frank/v1/evidence_pb";
import { ModeratorRole, ModeratorService } from "#gen/frank/v1/moderators_pb";
import { QueueService } from "#gen/frank/v1/queue_pb";
import { ReporterService } from "#gen/frank/v1/reporters_pb";
import {
  CaseLinkKind,
  CaseLinkSchema,
  CaseState,
  ExposureCategory,
  ReviewService,
} from "#gen/frank/v1/review_pb";
import { toHex } from "../../src/api/ids";
// Loaded with the file, not while its first test waits for what it shows.
import "../../src/screens/case";
import { recording, type Call } from "../world/recorder";
import { refusal, routesOf, Town } from "../world/services";
import { openTool } from "../world/setup";
import { bytesOf, plainCase, threatCase, type TownCase } from "../world/town";

const NOW = Date.now();
const BO = "mimi://hub.example/u/bo";
let one: TownCase;
let town: Town;
let id: string;
let calls: Call[];

beforeEach(() => {
  vi.stubGlobal("fetch", () => Promise.resolve(Response.json({})));
  one = threatCase(NOW);
  town = new Town([one, plainCase(3, NOW)]);
  town.self = { id: "sara", role: [ModeratorRole.SENIOR], childSafety: false };
  id = toHex(one.summary.caseId);
  calls = [];
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

/** The tool over the town; `more` adds to its services, and its methods win. */
function open(at: string, more: (router: ConnectRouter) => void = () => undefined) {
  openTool(
    (router) => {
      routesOf(town)(router);
      more(router);
    },
    { at, token: "t" },
  );
}

function fill(label: string, value: string) {
  fireEvent.change(screen.getByLabelText(label), { target: { value } });
}

/** Waits until the service was asked `count` times; returns what it was asked last. */
async function asked(count = 1): Promise<Call["request"]> {
  await waitFor(() => {
    expect(calls.length).toBe(count);
  });
  return calls[count - 1]?.request ?? {};
}

test("a case that was put off is brought back", async () => {
  one.summary.state = CaseState.ON_HOLD;
  one.summary.holdUntil = BigInt(NOW + 3_600_000);
  open(`#/case/${id}`, (router) => {
    const { wakeCase } = recording(calls, "wakeCase");
    router.rpc(QueueService.method.wakeCase, wakeCase);
  });
  fireEvent.click(await screen.findByRole("button", { name: "Bring it back now" }));
  expect(await asked()).toMatchObject({ caseId: one.summary.caseId });
});

test("notes before those of the answer are there for the asking", async () => {
  open(`#/case/${id}/notes`, (router) => {
    router.rpc(ReviewService.method.getCase, (request) => {
      const answer = town.show(one, request);
      const token = request.notePageToken;
      if (token === "") return { ...answer, nextNotePageToken: "first" };
      const text = `Note behind ${token}.`;
      const note = [{ moderator: "ben", writtenAt: BigInt(NOW - 9e6), text }];
      return { note, nextNotePageToken: token === "first" ? "second" : "" };
    });
  });
  const more = () => screen.findByRole("button", { name: "Older notes" });
  fireEvent.click(await more());
  expect(await screen.findByText("Note behind first.")).toBeTruthy();
  fireEvent.click(await more());
  const oldest = await screen.findByText("Note behind second.");
  expect(oldest.closest("li")?.nextElementSibling?.textContent).toContain("first.");
  expect(screen.queryByRole("button", { name: "Older notes" })).toBeNull();
});

test("a tag is taken off, and a refusal is said", async () => {
  let refuses = false;
  open(`#/case/${id}`, (router) => {
    const { untagCase } = recording(calls, "untagCase");
    router.rpc(QueueService.method.untagCase, (request) => {
      if (refuses) throw refusal("CASE_STATE");
      return untagCase(request);
    });
  });
  const tag = await screen.findByRole("button", { name: /Take off the tag #repeat/ });
  fireEvent.click(tag);
  expect(await asked()).toMatchObject({ caseId: one.summary.caseId, tag: "repeat" });
  refuses = true;
  fireEvent.click(tag);
  expect(await screen.findByText("The tag could not be taken off.")).toBeTruthy();
});

test("a decision is reversed with a reason, by one act however often it is sent", async () => {
  const decisionId = bytesOf("decision", 16);
  one.summary.state = CaseState.DECIDED;
  one.decisions.push(
    create(DecisionSchema, {
      decisionId,
      moderator: "anna",
      state: DecisionState.MADE,
      action: [{ kind: ActionKind.WARN }],
      caseId: [one.summary.caseId],
    }),
  );
  open(`#/case/${id}`, (router) => {
    const { reverseDecision } = recording(calls, "reverseDecision");
    router.rpc(DecisionService.method.reverseDecision, (request) => {
      reverseDecision(request);
      throw refusal("SECOND_PERSON", Code.PermissionDenied);
    });
  });
  fireEvent.click(await screen.findByText("Reverse this decision"));
  const button = screen.getByRole("button", { name: "Reverse" });
  fireEvent.click(button);
  expect(calls).toEqual([]);
  fill("Why", " It was somebody else. ");
  fireEvent.click(button);
  const first = await asked();
  expect(first).toMatchObject({ decisionId, reason: "It was somebody else." });
  await screen.findByText(/It takes somebody else than who decided/);
  fireEvent.click(button);
  expect((await asked(2)).actId).toEqual(first.actId);
});

test("cases are linked by id, and a link is taken back", async () => {
  const other = bytesOf("case 3", 16);
  open(`#/case/${id}/related`, (router) => {
    const { linkCases, unlinkCases } = recording(calls, "linkCases", "unlinkCases");
    router.rpc(QueueService.method.linkCases, linkCases);
    router.rpc(QueueService.method.unlinkCases, unlinkCases);
    router.rpc(ReviewService.method.getCase, (request) => ({
      ...town.show(one, request),
      link: [
        create(CaseLinkSchema, {
          caseId: other,
          kind: CaseLinkKind.RELATED,
          moderator: "ben",
        }),
      ],
    }));
  });
  const field = await screen.findByLabelText("Id of the other case");
  const send = () => {
    const form = field.closest("form");
    if (form) fireEvent.submit(form);
  };
  fill("Id of the other case", toHex(other).slice(1));
  send();
  expect(await screen.findByText("A case id has 32 digits of 0-9 and a-f.")).toBeTruthy();
  expect(calls).toEqual([]);
  fill("Id of the other case", toHex(other));
  send();
  const both = { caseId: one.summary.caseId, otherCaseId: other };
  expect(await asked()).toMatchObject(both);
  expect(calls[0]?.method).toBe("linkCases");
  fireEvent.click(screen.getByRole("button", { name: "Take back" }));
  expect(await asked(2)).toMatchObject(both);
  expect(calls[1]?.method).toBe("unlinkCases");
});

test("a senior mutes a reporter for a time, and ends it", async () => {
  let mutedUntil = 0n;
  open(`#/case/${id}/reporters`, (router) => {
    const { muteReporter, unmuteReporter } = recording(
      calls,
      "muteReporter",
      "unmuteReporter",
    );
    router.service(ReporterService, {
      getReporter: ({ reporterUri }) => ({
        reporter: { reporterUri, mutedUntil: reporterUri === BO ? mutedUntil : 0n },
      }),
      muteReporter: (request) => {
        mutedUntil = request.until;
        return muteReporter(request);
      },
      unmuteReporter: (request) => {
        mutedUntil = 0n;
        return unmuteReporter(request);
      },
    });
  });
  const [mute] = await screen.findAllByRole("button", { name: "Mute" });
  if (mute) fireEvent.click(mute);
  fireEvent.click(await screen.findByRole("button", { name: "Mute, now" }));
  const { reporterUri, until } = await asked();
  expect(reporterUri).toBe(BO);
  const days = (Number(until) - NOW) / 86_400_000;
  expect(days).toBeGreaterThanOrEqual(7);
  expect(days).toBeLessThan(7.01);
  fireEvent.click(await screen.findByRole("button", { name: "End the mute" }));
  fireEvent.click(await screen.findByRole("button", { name: "End the mute, now" }));
  expect(await asked(2)).toMatchObject({ reporterUri: BO });
  expect(calls[1]?.method).toBe("unmuteReporter");
  await waitFor(() => {
    expect(screen.queryByRole("button", { name: "End the mute" })).toBeNull();
  });
});

const KEY = bytesOf("key", 32);

/** The referral tab with one package as it stands, asked for by somebody. */
function openPackages(state: ExportState, requestedBy: string) {
  const entry = { exportId: bytesOf("export", 16), recipientKey: KEY, requestedBy };
  open(`#/case/${id}/referral`, (router) => {
    router.service(EvidenceService, {
      ...recording(calls, "requestExport", "releaseExport", "cancelExport"),
      listExports: () => ({
        entry: [{ ...entry, state, recipient: "The police", purpose: "A threat" }],
      }),
      fetchExport: async function* () {
        yield { piece: new TextEncoder().encode("sealed, ") };
        yield { piece: await Promise.resolve(new TextEncoder().encode("in pieces")) };
      },
    });
  });
  return entry;
}

test("a package is asked for with all that the second person must know", async () => {
  openPackages(ExportState.WAITING, "sara");
  await screen.findByText("The police");
  fill("Recipient", "The court");
  fill("Recipient's key", ` ${toHex(KEY)} `);
  fill("Purpose", "A trial");
  fill("Legal basis", "An order");
  fireEvent.click(screen.getByRole("button", { name: /Ask a second person/ }));
  const { exportId, ...request } = await asked();
  expect(request).toMatchObject({
    caseId: one.summary.caseId,
    recipient: "The court",
    recipientKey: KEY,
    purpose: "A trial",
    legalBasis: "An order",
  });
  expect((exportId as Uint8Array).length).toBe(16);
  await waitFor(() => {
    expect(screen.getByLabelText<HTMLInputElement>("Recipient").value).toBe("");
  });
});

test("who asked for a package cannot release it, another can, to the key shown", async () => {
  openPackages(ExportState.WAITING, "sara");
  await screen.findByText("waits for a second person");
  expect(screen.queryByRole("button", { name: "Release to this key" })).toBeNull();
  cleanup();
  const { exportId } = openPackages(ExportState.WAITING, "sven");
  fireEvent.click(await screen.findByRole("button", { name: "Release to this key" }));
  expect(await asked()).toMatchObject({ exportId, recipientKey: KEY });
  expect(calls[0]?.method).toBe("releaseExport");
});

test("a package is cancelled while it lives, and not after", async () => {
  const { exportId } = openPackages(ExportState.RELEASED, "sven");
  fireEvent.click(await screen.findByRole("button", { name: "Cancel" }));
  expect(await asked()).toMatchObject({ exportId });
  cleanup();
  openPackages(ExportState.EXPIRED, "sven");
  await screen.findByText("expired");
  expect(screen.queryByRole("button", { name: "Cancel" })).toBeNull();
});

test("who asked for a package fetches it once it is released, whole", async () => {
  const saved: Blob[] = [];
  const names: string[] = [];
  vi.spyOn(URL, "createObjectURL").mockImplementation((blob) => {
    saved.push(blob as Blob);
    return "blob:package";
  });
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (
    this: HTMLAnchorElement,
  ) {
    names.push(this.download);
  });
  const { exportId } = openPackages(ExportState.RELEASED, "sara");
  fireEvent.click(await screen.findByRole("button", { name: "Fetch the package" }));
  expect(await screen.findByText("The package was saved.")).toBeTruthy();
  expect(await saved[0]?.text()).toBe("sealed, in pieces");
  expect(names).toEqual([`${toHex(exportId)}.frank-evidence`]);
  vi.restoreAllMocks();
});

test("who does not want to see a category says so, and takes it back", async () => {
  const out = new Set<ExposureCategory>();
  const exposure = () => {
    const now = town.exposure();
    for (const budget of now.category) budget.optedOut = out.has(budget.category);
    return now;
  };
  open("#/settings", (router) => {
    router.rpc(ModeratorService.method.getSelf, () => ({
      moderator: town.self,
      exposure: exposure(),
    }));
    router.rpc(ModeratorService.method.setOptOuts, ({ category }) => {
      calls.push({ method: "setOptOuts", request: { category } });
      out.clear();
      for (const each of category) out.add(each);
      return { exposure: exposure() };
    });
  });
  const graphic = await screen.findByRole<HTMLInputElement>("checkbox", {
    name: "graphic",
  });
  const text = screen.getByRole<HTMLInputElement>("checkbox", { name: "text" });
  const { GRAPHIC, TEXT } = ExposureCategory;
  for (const [box, category] of [
    [graphic, [GRAPHIC]],
    [text, [TEXT, GRAPHIC]],
    [graphic, [TEXT]],
  ] as const) {
    const before = calls.length;
    fireEvent.click(box);
    expect(new Set((await asked(before + 1)).category as ExposureCategory[])).toEqual(
      new Set(category),
    );
    await waitFor(() => {
      expect(box.disabled).toBe(false);
      expect(box.checked).toBe(out.has(box === text ? TEXT : GRAPHIC));
    });
  }
});
