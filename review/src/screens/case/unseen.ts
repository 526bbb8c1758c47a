// What of a case was not looked at. Text counts once it was shown, a picture or a
// file once it was opened: showing the text beside it does not show it.
import { createContext, useCallback, useContext, useState } from "react";
import type { Evidence, GetCaseResponse } from "#gen/frank/v1/review_pb";
import { toHex } from "../../api/ids";
import { isText, type Revealed } from "./arrived";

/** Names a picture or file of a message: by its file's tag, or its part. */
export function mediaKey(
  frankingTag: Uint8Array,
  which: Uint8Array | number | undefined,
): string {
  const name = which instanceof Uint8Array ? toHex(which) : (which ?? 0).toString();
  return `${toHex(frankingTag)} ${name}`;
}

/** Parts that are shown as pictures or files. */
export function mediaParts({ part }: Evidence): Evidence["part"] {
  return part.filter(
    ({ mediaType }) =>
      !isText(mediaType) && !mediaType.startsWith("application/vnd.frank."),
  );
}

function mediaOf(piece: Evidence): string[] {
  const files = piece.file.filter(({ chunk }) => chunk.length > 0);
  return [
    ...mediaParts(piece).map(({ index }) => mediaKey(piece.frankingTag, index)),
    ...files.map(({ fileTag }) => mediaKey(piece.frankingTag, fileTag)),
  ];
}

/** Takes note of a picture or file that was opened. */
export const OpenedContext = createContext<(key: string) => void>(() => {});

export function useTellOpened(): (key: string) => void {
  return useContext(OpenedContext);
}

const NONE: ReadonlySet<string> = new Set();

/** What was opened, for as long as the caller may see the case. */
export function useOpened(allowed: boolean) {
  const [opened, setOpened] = useState(NONE);
  if (!allowed && opened !== NONE) setOpened(NONE);
  const tell = useCallback((key: string) => {
    setOpened((before) => new Set([...before, key]));
  }, []);
  return { opened, tell };
}

function notLookedAt(count: number, whole: number, what: string): string | undefined {
  if (count === 0) return undefined;
  return `You have not looked at ${count.toString()} of ${whole.toString()} ${what}.`;
}

/** What the caller did not look at, in words. */
export function unseenOf(
  shown: GetCaseResponse,
  { pieces }: Revealed,
  opened: ReadonlySet<string>,
): string[] {
  const all = [...shown.evidence, ...shown.context];
  const texts = all.filter(({ part }) => part.some((one) => isText(one.mediaType)));
  const unread = texts.filter(({ frankingTag }) => !pieces.has(toHex(frankingTag)));
  const media = all.flatMap(mediaOf);
  const unopened = media.filter((key) => !opened.has(key));
  return [
    notLookedAt(unread.length, texts.length, "messages"),
    notLookedAt(unopened.length, media.length, "pictures and files"),
    shown.nextPageToken === ""
      ? undefined
      : "There is more evidence than is loaded here.",
  ].filter((one): one is string => one !== undefined);
}
