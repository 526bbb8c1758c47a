import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { GetSelfResponseSchema, ModeratorRole } from "#gen/frank/v1/moderators_pb";
import { RetentionService, type LiftLegalHoldRequest } from "#gen/frank/v1/retention_pb";
import { GetCaseResponseSchema } from "#gen/frank/v1/review_pb";
import { toHex } from "../../src/api/ids";
import { SelfContext } from "../../src/api/self";
import { LegalHolds } from "../../src/screens/case/tabs/packages-tab";
import { renderOver } from "../world/setup";
import { bytesOf } from "../world/town";

afterEach(cleanup);

test("a hold that is sent again is the same hold, and another one another", async () => {
  const ids: string[] = [];
  const senior = { id: "sara", role: [ModeratorRole.SENIOR] };
  renderOver(
    (router) =>
      router.service(RetentionService, {
        placeLegalHold: ({ holdId }) => {
          ids.push(toHex(holdId));
          if (ids.length === 1) throw new ConnectError("", Code.Unavailable);
          return {};
        },
      }),
    <SelfContext value={create(GetSelfResponseSchema, { moderator: senior })}>
      <LegalHolds
        shown={create(GetCaseResponseSchema, {
          caseSummary: { caseId: bytesOf("case", 16) },
        })}
      />
    </SelfContext>,
  );
  const send = async (count: number) => {
    const reason = screen.getByLabelText("Reason for a legal hold");
    fireEvent.change(reason, { target: { value: "A court asked." } });
    fireEvent.click(screen.getByRole("button", { name: "Place a hold" }));
    await waitFor(() => {
      expect(ids.length).toBe(count);
      expect(screen.getByRole("button", { name: "Place a hold" }).ariaBusy).not.toBe(
        "true",
      );
    });
  };
  await send(1);
  await screen.findByRole("alert");
  await send(2);
  await waitFor(() => {
    expect(screen.getByLabelText<HTMLInputElement>("Reason for a legal hold").value).toBe(
      "",
    );
  });
  await send(3);
  expect(ids[1]).toBe(ids[0]);
  expect(ids[2]).not.toBe(ids[0]);
});

test("a hold is lifted once somebody said why", async () => {
  const lifted: LiftLegalHoldRequest[] = [];
  const senior = { id: "sara", role: [ModeratorRole.SENIOR] };
  const hold = { holdId: bytesOf("hold", 16), caseId: bytesOf("case", 16) };
  const legalHold = [{ ...hold, moderator: "sven", reason: "A court asked." }];
  renderOver(
    (router) =>
      router.service(RetentionService, {
        liftLegalHold: (request) => {
          lifted.push(request);
          return {};
        },
      }),
    <SelfContext value={create(GetSelfResponseSchema, { moderator: senior })}>
      <LegalHolds
        shown={create(GetCaseResponseSchema, {
          caseSummary: { caseId: hold.caseId, legalHold },
        })}
      />
    </SelfContext>,
  );
  fireEvent.click(screen.getByText("Lift …"));
  fireEvent.change(await screen.findByLabelText("Why"), {
    target: { value: " The court is done. " },
  });
  expect(lifted).toEqual([]);
  fireEvent.click(screen.getByRole("button", { name: "Lift it" }));
  await waitFor(() => {
    expect(lifted.length).toBe(1);
  });
  expect(lifted[0]).toMatchObject({ ...hold, reason: "The court is done." });
  await waitFor(() => {
    expect(screen.queryByLabelText("Why")).toBeNull();
  });
});
