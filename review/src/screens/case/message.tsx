import { useEffect, useState } from "react";
import { ActionKind } from "#gen/frank/v1/decision_pb";
import type { DisclosedPart, Evidence } from "#gen/frank/v1/review_pb";
import { sameBytes, shortId, toHex } from "../../api/ids";
import { ACTION } from "../../api/words";
import { href } from "../../app/router";
import { Badge } from "../../parts/badge";
import { Button } from "../../parts/button";
import { duration, Moment, moment } from "../../parts/time";
import { UntrustedText } from "../../parts/untrusted-text";
import { isText } from "./arrived";
import { isLong, type Item } from "./conversation";
import { Media, sizeWords } from "./media";
import type { People } from "./people";
import { hashPart, isForged, verdictWords } from "./proof";
import { mediaParts } from "./unseen";

const decoder = new TextDecoder("utf-8");

/** Whether the bytes that are shown hash to what was committed to. */
function HashCheck({ part }: { part: DisclosedPart }) {
  const [matches, setMatches] = useState<boolean>();
  useEffect(() => {
    void hashPart(part.mediaType, part.body).then((hash) => {
      setMatches(hash === toHex(part.sha256));
    });
  }, [part]);
  if (matches !== false) return null;
  return (
    <Badge tone="forged">the bytes shown are not those that the service names</Badge>
  );
}

/** Whether a part's body was asked for and came; a full answer leaves some out. */
function isThere(part: DisclosedPart, shown: Evidence | undefined): boolean {
  const found = shown?.part.find(({ index }) => index === part.index);
  return found !== undefined && (found.body.length > 0 || part.size === 0n);
}

function TextPart({
  part,
  shown,
}: {
  part: DisclosedPart;
  shown: DisclosedPart | undefined;
}) {
  if (!shown || (shown.body.length === 0 && part.size > 0n)) {
    return <p className="hidden-text">Text, {sizeWords(part.size)}, not shown yet</p>;
  }
  return (
    <>
      <UntrustedText text={decoder.decode(shown.body)} />
      {shown.sha256.length > 0 && <HashCheck part={shown} />}
    </>
  );
}

function PriorDecisions({ piece }: { piece: Evidence }) {
  return piece.priorDecision.map((prior) => (
    <p className="notice" key={toHex(prior.decisionId)}>
      Decided before, in{" "}
      <a href={href("case", toHex(prior.caseId))}>case {shortId(prior.caseId)}</a>:{" "}
      {prior.action.map((kind: ActionKind) => ACTION[kind]).join(", ")} under{" "}
      <code>{prior.policy}</code>, {moment(Number(prior.decidedAt))}. Nobody need look
      again.
    </p>
  ));
}

/** What the sender called a file, which is content too. */
function nameOf(shown: Evidence | undefined, fileTag: Uint8Array): string {
  return shown?.file.find((file) => sameBytes(file.fileTag, fileTag))?.name ?? "";
}

interface BodyProps {
  piece: Evidence;
  shown: Evidence | undefined;
  caseId: Uint8Array;
  allowed: boolean;
  onShow: () => void;
}

function Body({ piece, shown, caseId, allowed, onShow }: BodyProps) {
  const hasHiddenText = piece.part.some(
    (part) => isText(part.mediaType) && !isThere(part, shown),
  );
  const { frankingTag } = piece;
  return (
    <div className="message-body">
      <PriorDecisions piece={piece} />
      {piece.part
        .filter(({ mediaType }) => isText(mediaType))
        .map((part) => (
          <TextPart
            key={part.index}
            part={part}
            shown={shown?.part.find(({ index }) => index === part.index)}
          />
        ))}
      {mediaParts(piece).map(({ index, mediaType, size }) => (
        <Media
          key={index}
          allowed={allowed}
          media={{
            ...{ caseId, frankingTag, index, mediaType, size, name: "" },
            sha256: shown?.part.find((part) => part.index === index)?.sha256,
          }}
        />
      ))}
      {piece.file.map(({ fileTag, mediaType, size, name, chunk, chunkCount }) => (
        <Media
          key={toHex(fileTag)}
          allowed={allowed}
          media={{
            caseId,
            frankingTag,
            fileTag,
            mediaType,
            size,
            name: nameOf(shown, fileTag) || name,
            chunks: {
              disclosed: chunk.length,
              all: chunkCount,
              more: piece.leftOutCount > 0,
            },
          }}
        />
      ))}
      {piece.leftOutCount > 0 && (
        <p className="faint">
          {piece.leftOutCount} disclosed parts or chunks are not listed here, for their
          number.
        </p>
      )}
      {piece.withheldPart.map((part) => (
        <p key={part} className="withheld">
          Part {part + 1} of {piece.partCount} withheld by the reporter
        </p>
      ))}
      {hasHiddenText && allowed && <Button onClick={onShow}>Show the text</Button>}
    </div>
  );
}

interface MessageProps {
  item: Item;
  people: People;
  shown: Evidence | undefined;
  caseId: Uint8Array;
  allowed: boolean;
  onShow: (tag: Uint8Array) => void;
}

export function Message({ item, people, shown, caseId, allowed, onShow }: MessageProps) {
  if (item.kind === "gap") {
    return isLong(item) ? (
      <li className="gap">
        {duration(item.lengthMs)}; what lay between was not disclosed
      </li>
    ) : (
      <li className="gap short">
        {item.isWhole ? "not disclosed" : "not loaded, or not disclosed"}
      </li>
    );
  }
  const role = people.roleOf(item.sender);
  return (
    <li className={`message ${role === "Accused" ? "by-accused" : ""} ${item.kind}`}>
      <div className="message-head">
        <strong>{role}</strong>
        {people.rooms.length > 1 && (
          <span className="faint">{people.roomOf(item.room)}</span>
        )}
        {item.at > 0 && <Moment at={item.at} />}
        {item.kind === "proven" ? (
          <Badge tone="proven">proven</Badge>
        ) : (
          <Badge tone={isForged(item.verdict.verdict) ? "forged" : "doubt"}>
            claimed · {isForged(item.verdict.verdict) ? "forged" : "unverifiable"}
          </Badge>
        )}
        {item.kind === "proven" && item.piece.reporterCount > 1 && (
          <span className="faint">by {item.piece.reporterCount} reporters</span>
        )}
        {item.kind === "proven" && item.piece.replayCount > 0 && (
          <span className="faint">{item.piece.replayCount} replays not counted</span>
        )}
      </div>
      {item.kind === "proven" ? (
        <Body
          piece={item.piece}
          shown={shown}
          caseId={caseId}
          allowed={allowed}
          onShow={() => {
            onShow(item.piece.frankingTag);
          }}
        />
      ) : (
        <p className="hint">
          {verdictWords(item.verdict.verdict)}
          {item.verdict.detail && ` (${item.verdict.detail})`}. Its content is not shown,
          since nobody knows who wrote it.
        </p>
      )}
    </li>
  );
}
