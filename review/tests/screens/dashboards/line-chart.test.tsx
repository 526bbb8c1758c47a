import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { LineChart } from "../../../src/screens/dashboards/line-chart";

afterEach(cleanup);

test("the figures of each time can be had without a pointer", () => {
  render(
    <LineChart
      times={[1, 2, 3]}
      lines={[
        { label: "proven", values: [4, 5, 6] },
        { label: "forged", values: [1, undefined, 0] },
      ]}
      summary="Two lines"
      format={(value) => value.toString()}
      nameOf={(time) => `day ${time.toString()}`}
    />,
  );
  const time = screen.getByLabelText("Figures of one time");
  expect(time.getAttribute("aria-valuetext")).toBe("none chosen");
  fireEvent.change(time, { target: { value: "1" } });
  expect(time.getAttribute("aria-valuetext")).toBe("day 2: proven 5, forged nothing");
});
