// Pictures: what is fetched, what is drawn of it, and what moves.
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import { useState } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import {
  DisclosedPartSchema,
  GetCaseResponseSchema,
  ReviewService,
  type DisclosedPart,
  type GetCaseRequest,
} from "#gen/frank/v1/review_pb";
import { fromHex } from "../../src/api/ids";
import { gather, mayMove, type MediaRef } from "../../src/screens/case/look";
import { Media } from "../../src/screens/case/media";
import { hashPart } from "../../src/screens/case/proof";
import { refusal } from "../world/services";
import { renderOver } from "../world/setup";
import { bytesOf } from "../world/town";

const STILL = new Uint8Array([0x89, 0x50, 0x4e, 0x47]);
const MOVING = new TextEncoder().encode("GIF89a and more");
const ROOM = 2;
const PART: MediaRef = {
  caseId: bytesOf("case", 16),
  frankingTag: bytesOf("tag", 32),
  index: 1,
  mediaType: "image/gif",
  size: 1n,
  name: "station.gif",
};
const FILE: MediaRef = {
  ...PART,
  fileTag: bytesOf("file", 32),
  chunks: { disclosed: 4, more: false, all: 4 },
};

let asked: GetCaseRequest[];
let refuses: boolean;
let isCalm: boolean;

async function pieceOf(
  index: number,
  body: Uint8Array,
  type = "",
): Promise<DisclosedPart> {
  const sha256 = fromHex(await hashPart(type, body)) ?? new Uint8Array();
  const size = BigInt(body.length);
  return create(DisclosedPartSchema, { index, mediaType: type, size, sha256, body });
}

function answerOf(
  piece: NonNullable<MessageInitShape<typeof GetCaseResponseSchema>["evidence"]>[0],
) {
  return create(GetCaseResponseSchema, { evidence: [piece] });
}

/** Chunks as the service returns them: those behind the first two without bodies. */
function chunksFrom(all: DisclosedPart[]) {
  return (request: MessageInitShape<typeof ReviewService.method.getCase.input>) => {
    const first = request.firstIndex ?? 0;
    const chunk = all
      .filter(({ index }) => index >= first)
      .map((one, i) => (i < ROOM ? one : { ...one, body: new Uint8Array() }));
    const file = [{ fileTag: FILE.fileTag ?? new Uint8Array(), chunkCount: 4, chunk }];
    return Promise.resolve(answerOf({ file }));
  };
}

function chunks(...indices: number[]): Promise<DisclosedPart[]> {
  return Promise.all(indices.map((index) => pieceOf(index, new Uint8Array([index, 7]))));
}

beforeEach(() => {
  asked = [];
  refuses = false;
  isCalm = false;
  vi.stubGlobal("createImageBitmap", (blob: Blob) =>
    blob.size > 0
      ? Promise.resolve({ width: 2, height: 1, close: () => {} })
      : Promise.reject(new Error("no picture")),
  );
  vi.spyOn(window, "matchMedia").mockImplementation(
    (query) =>
      ({
        matches: isCalm && query.includes("reduced-motion"),
        addEventListener: () => {},
        removeEventListener: () => {},
      }) as unknown as MediaQueryList,
  );
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

test("chunks that one answer had no room for are asked of the next", async () => {
  const look = await gather(chunksFrom(await chunks(0, 1, 2, 3)), FILE);
  if (!("picture" in look)) throw new Error(look.flaw);
  const bytes = new Uint8Array(await look.picture.arrayBuffer());
  expect([...bytes]).toEqual([0, 7, 1, 7, 2, 7, 3, 7]);
});

test.each([[[0, 1, 3]], [[1, 2, 3]], [[0, 1, 2]], [[]]])(
  "of the chunks %j nothing is put together",
  async (indices) => {
    const look = await gather(chunksFrom(await chunks(...indices)), FILE);
    expect(look).toMatchObject({
      flaw: expect.stringMatching("pieces of it are missing") as string,
    });
  },
);

test("bytes that the service does not name are not drawn", async () => {
  const all = await chunks(0, 1, 2, 3);
  if (all[2]) all[2].body = new Uint8Array([2, 8]);
  const look = await gather(chunksFrom(all), FILE);
  expect(look).toMatchObject({
    flaw: expect.stringMatching("not those that the service") as string,
  });
});

test("what may move is known by its bytes, whatever its type says", () => {
  const png = (letters: string) => new TextEncoder().encode(`PNG IHDR ${letters} IDAT`);
  expect(mayMove(STILL)).toBe(false);
  expect(mayMove(png(""))).toBe(false);
  expect(mayMove(png("acTL"))).toBe(true);
  expect(mayMove(new TextEncoder().encode("RIFF....WEBPVP8X....ANIM"))).toBe(true);
  expect(mayMove(MOVING)).toBe(true);
});

/** A part of a message with such a body, and somebody who may look for a while. */
async function lookAt(body: Uint8Array): Promise<HTMLElement> {
  const part = [await pieceOf(1, body, "image/gif")];
  function Look() {
    const [allowed, setAllowed] = useState(true);
    return (
      <>
        <button onClick={() => setAllowed(false)}>lapse</button>
        <Media media={PART} allowed={allowed} />
      </>
    );
  }
  renderOver(
    (router) => {
      router.service(ReviewService, {
        getCase: (request) => {
          if (refuses) throw refusal("EXPOSURE_SPENT");
          asked.push(request);
          return answerOf({ part });
        },
      });
    },
    <Look />,
  );
  fireEvent.click(screen.getByText("Show small, grey and blurred"));
  await screen.findByRole("img");
  return screen.getByText("Hold to see it clearly");
}

function drawn(): string {
  const picture = screen.getByRole("img");
  const canvas = picture.querySelector("canvas");
  return canvas ? `canvas ${canvas.className}` : `img ${picture.className}`;
}

async function isDrawn(how: string): Promise<void> {
  await waitFor(() => {
    expect(drawn()).toBe(how);
  });
}

test("a picture is clear while it is held, and only if the look was granted", async () => {
  const hold = await lookAt(STILL);
  expect(drawn()).toBe("canvas veiled");
  fireEvent.pointerDown(hold);
  await isDrawn("canvas clear");
  fireEvent.pointerUp(hold);
  expect(drawn()).toBe("canvas veiled");
  refuses = true;
  fireEvent.pointerDown(hold);
  await screen.findByText(/as a shift should hold/);
  expect(drawn()).toBe("canvas veiled");
});

test("a picture goes with the permission to see it", async () => {
  await lookAt(STILL);
  fireEvent.click(screen.getByText("lapse"));
  expect(screen.queryByRole("img")).toBeNull();
  expect(asked.length).toBe(1);
});

test("of a message the part is asked for, and nothing beside it", async () => {
  await lookAt(STILL);
  expect(asked[0]).toMatchObject({ firstIndex: 1, indexCount: 1 });
});

test("what moves stands still until it is held", async () => {
  const hold = await lookAt(MOVING);
  expect(drawn()).toBe("canvas veiled");
  fireEvent.pointerDown(hold);
  await isDrawn("img clear");
  fireEvent.pointerUp(hold);
  expect(drawn()).toBe("canvas veiled");
});

test("who wants no motion sees it still, unless they ask for it to move", async () => {
  isCalm = true;
  const hold = await lookAt(MOVING);
  fireEvent.pointerDown(hold);
  await isDrawn("canvas clear");
  fireEvent.pointerUp(hold);
  const move = screen.getByText("Hold to see it move");
  fireEvent.keyDown(move, { key: " " });
  await isDrawn("img clear");
  fireEvent.keyUp(move, { key: " " });
  expect(drawn()).toBe("canvas veiled");
});

test("what is no picture is said to be none", async () => {
  vi.stubGlobal("createImageBitmap", () => Promise.reject(new Error("no picture")));
  await expect(lookAt(STILL)).rejects.toThrow();
  expect(screen.getByText(/the bytes are no such picture/)).toBeTruthy();
});
