import { Code } from "@connectrpc/connect";
import { cleanup, fireEvent, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ModeratorRole, ModeratorService } from "#gen/frank/v1/moderators_pb";
import { QueueService } from "#gen/frank/v1/queue_pb";
import { TargetService } from "#gen/frank/v1/target_pb";
import "../../../src/screens/dashboards";
import { auditLog } from "../../world/audit-log";
import { Office, officeRoutes } from "../../world/office";
import { refusal } from "../../world/services";
import { openTool } from "../../world/setup";
import { QUEUES, REASONS } from "../../world/tables";

const saved: { name: string; text: Blob }[] = [];
beforeEach(() => {
  saved.length = 0;
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (
    this: HTMLAnchorElement,
  ) {
    const last = saved.at(-1);
    if (last) last.name = this.download;
  });
  vi.spyOn(URL, "createObjectURL").mockImplementation((blob) => {
    saved.push({ name: "", text: blob as Blob });
    return "blob:0";
  });
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

function open(role = ModeratorRole.SENIOR, at = "#/dashboards?span=7") {
  const office = new Office(auditLog([]));
  office.self.role = [role];
  return openTool(officeRoutes(office), { at, token: "good" });
}

test("each figure has its numbers as a table", async () => {
  const { container } = open();
  await screen.findByText("What moderators were shown");
  const rowsOf = (title: string) =>
    container.querySelectorAll(`section[aria-label="${title}"] tbody tr`).length;
  expect(rowsOf("What came in")).toBe(7);
  expect(rowsOf("What was proven")).toBe(7);
  expect(rowsOf("Time to first action")).toBe(7);
  expect(rowsOf("Time to decision")).toBe(7);
  expect(rowsOf("Appeals")).toBe(7);
  expect(rowsOf("Targets by queue and reason")).toBe(REASONS.length);
  expect(rowsOf("What waits now")).toBe(QUEUES.length);
  expect(rowsOf("What moderators were shown")).toBe(3);
}, 60_000);

test("a figure is saved as CSV with units in its names", async () => {
  open();
  fireEvent.click(await screen.findByLabelText("Save Time to first action as CSV"));
  expect(saved[0]?.name).toBe("first-action.csv");
  const [head = "", ...lines] = ((await saved[0]?.text.text()) ?? "").split("\r\n");
  expect(head).toBe(
    "period_start_utc,first_action_count,first_action_in_time_count," +
      "first_action_in_time_percent,first_action_target_percent",
  );
  expect(lines.filter(Boolean)).toHaveLength(7);
});

test("a key chooses the time", async () => {
  open();
  await screen.findByText("What came in");
  fireEvent.keyDown(document.body, { key: "4" });
  expect(window.location.hash).toBe("#/dashboards?span=year");
  const chosen = (await screen.findByText(/12 months/)).closest("button");
  expect(chosen?.getAttribute("aria-pressed")).toBe("true");
});

test("whose budget is spent is said in words", async () => {
  open();
  const anna = (await screen.findByText("anna")).closest("tr");
  expect(anna?.textContent).toContain("20 of 20 spent");
});

test("a reviewer is shown no dashboards", async () => {
  open(ModeratorRole.REVIEWER);
  expect(await screen.findByRole("heading", { name: /no such screen/ })).toBeTruthy();
});

test("a figure that cannot be had says so, and the others stay", async () => {
  const self = { id: "sara", role: [ModeratorRole.SENIOR] };
  openTool(
    (router) => {
      router.service(ModeratorService, {
        getSelf: () => ({ moderator: self }),
        listExposure: () => ({}),
      });
      router.service(QueueService, { listQueues: () => ({ queue: [{ name: "harm" }] }) });
      router.service(TargetService, {
        getInflow: () => {
          throw refusal("NOT_PERMITTED", Code.PermissionDenied);
        },
        getReached: () => ({}),
      });
    },
    { at: "#/dashboards", token: "good" },
  );
  expect(await screen.findByText(/Your role does not allow this/)).toBeTruthy();
  expect(await screen.findByText(/Nothing was claimed or decided/)).toBeTruthy();
  expect(await screen.findByText(/Nobody was shown anything/)).toBeTruthy();
  expect(await screen.findByText("What waits now")).toBeTruthy();
});
