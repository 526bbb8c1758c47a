// Reaching a control as somebody does who cannot point.
import type { Locator } from "playwright-core";
import type { Moderator } from "./tool.ts";

const MOST_STEPS = 150;

function hasFocus(control: Locator): Promise<boolean> {
  return control.evaluate((element) => element === document.activeElement);
}

/** What somebody who looks for the focus would not find, in words; empty: nothing. */
function hidden(control: Locator): Promise<string> {
  return control.evaluate((element) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    const points = [0.1, 0.5, 0.9].flatMap((x) =>
      [0.1, 0.5, 0.9].map((y) => [left + x * width, top + y * height] as const),
    );
    const isSeen = points.some(([x, y]) => {
      const top = document.elementFromPoint(x, y);
      // Of a box to tick, its label is as good.
      return top && (element.contains(top) || top.closest("label")?.contains(element));
    });
    if (!isSeen) return "is covered";
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    const isMarked = outlineStyle !== "none" && parseFloat(outlineWidth) > 0;
    return isMarked ? "" : "shows no focus";
  });
}

/**
 * Presses `by` until `control` has the focus. A control that is covered then, or
 * does not show that it has it, is complained of.
 */
export async function reach(
  who: Moderator,
  control: Locator,
  by: "Tab" | "Shift+Tab" | "ArrowDown" | "ArrowRight" = "Tab",
): Promise<void> {
  await control.waitFor();
  for (let steps = 0; !(await hasFocus(control)); steps++) {
    if (steps === MOST_STEPS) throw new Error(`no ${by} leads to ${String(control)}`);
    await who.press(by);
  }
  const flaw = await hidden(control);
  if (flaw !== "") who.complaints.push(`${String(control)} ${flaw} when it is reached`);
}

/** Reaches a control and presses Enter. */
export async function enter(
  who: Moderator,
  control: Locator,
  by: "Tab" | "Shift+Tab" = "Tab",
): Promise<void> {
  await reach(who, control, by);
  await who.press("Enter");
}

/** Types into whatever has the focus. */
export async function type(who: Moderator, text: string): Promise<void> {
  await who.page.keyboard.type(text);
}
