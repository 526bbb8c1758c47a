import { cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ReporterService, type MuteReporterRequest } from "#gen/frank/v1/reporters_pb";
import { MuteReporter } from "../../src/screens/case/mute";
import { renderOver } from "../world/setup";

const REPORTER = "mimi://hub.example/u/grumble";
const DAY = 86_400_000;
let sent: MuteReporterRequest[];

beforeEach(() => {
  sent = [];
  renderOver(
    (router) =>
      router.service(ReporterService, {
        muteReporter: (request) => {
          sent.push(request);
          return {};
        },
      }),
    <MuteReporter reporterUri={REPORTER} />,
  );
  fireEvent.click(screen.getByText("Mute"));
});
afterEach(cleanup);

test("a mute is asked about, with how long it is for", async () => {
  fireEvent.change(await screen.findByLabelText("For"), {
    target: { value: (14 * DAY).toString() },
  });
  expect(sent).toEqual([]);
  fireEvent.click(screen.getByText("Mute, now"));
  await waitFor(() => {
    expect(sent.length).toBe(1);
  });
  expect(sent[0]?.reporterUri).toBe(REPORTER);
  const days = (Number(sent[0]?.until) - Date.now()) / DAY;
  expect(Math.round(days)).toBe(14);
});

test("nothing is muted by who thinks better of it", async () => {
  await screen.findByLabelText("For");
  fireEvent.click(screen.getByText("Cancel"));
  expect(screen.queryByLabelText("For")).toBeNull();
  expect(sent).toEqual([]);
});
