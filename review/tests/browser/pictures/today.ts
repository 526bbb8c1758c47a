// The morning of the pictures: what waits in the queues, and one case that has
// something of everything.
import { frankAs, STATION } from "../tool.ts";
import { at, PAST_DAYS } from "./clock.ts";
import { OFFERS } from "../people.ts";
import { plan } from "./events.ts";
import {
  appeals,
  caseAbout,
  comes,
  forges,
  gather,
  reports,
  says,
  uri,
  writes,
} from "./people.ts";

/** Minutes of the day, reporter, account, reason, words. */
const MORNING = [
  [
    372,
    "gus",
    "grace",
    "deception.spam",
    "Cheap followers, 1,000 for 5: follow-me.example",
  ],
  [401, "ada", "oscar", "deception.impersonation", "This is Ada's brother. New number."],
  [428, "bo", "wendy", "harassment.trolling", "Nobody reads what you write."],
  [447, "cleo", "victor", "illegal_goods.drugs", "Twenty for one, forty for three."],
  [466, "dave", "peggy", "sexual.unwanted", "Send me a picture of you. Not that kind."],
  [489, "ada", "ivan", "harassment.hate", "Go back to where you came from."],
  [493, "bo", "ivan", "harassment.hate", "Your kind should not be let in here."],
  [
    517,
    "faye",
    "walter",
    "harassment.doxxing",
    "She lives at 12 Mill Lane, second floor.",
  ],
  [534, "gus", "sybil", "deception.malware", "Run this once: update-your-phone.example"],
  [548, "cleo", "trudy", "deception.scam", "I am stuck abroad. Can you send 400?"],
  [551, "dave", "trudy", "deception.scam", "I am stuck abroad. Can you send 250?"],
  [562, "faye", "niaj", "violence.animal_cruelty", "Look how far it flies."],
  [571, "ada", "judy", "harassment.targeted", "Pack your things. Everybody here knows."],
  [
    583,
    "bo",
    "olivia",
    "deception.phishing",
    "Your bank needs your code: bank-help.example",
  ],
  [
    596,
    "gus",
    "rupert",
    "illegal_goods.weapons",
    "I have two left, no papers, 300 each.",
  ],
  [604, "cleo", "eve", "self_harm.promotion", "It is not hard. I can tell you how."],
  [613, "dave", "victor", "deception.malware", "Open this with the guard switched off."],
  [621, "ada", "wendy", "self_harm.risk", "I do not see why I should go on."],
] as const;

const THREAT = [
  "I know exactly which train you take on Thursdays, and I know you walk the last stretch alone.",
  "Nobody on that platform will look up from their phone. Überleg dir gut, was du als Nächstes sagst. 😡",
].join("\n\n");

const HOSTILE = "open \u202egpj.exe\u202c <img src=x onerror=alert(1)>\u200b";

const TODAY = PAST_DAYS;

type Words = readonly [reporter: string, account: string, reason: string, text: string];

/** Lets the account write and be reported; returns the case. */
async function reported([reporter, account, reason, text]: Words): Promise<string> {
  reports(reporter, reason, says(account, reporter, text));
  return caseAbout(account, reason);
}

/** Claims a case and decides it; returns the decision. */
function decide(who: string, id: string, why: string, ...what: string[]): string {
  frankAs(who, "mod", "claim", id);
  const words = ["--reason", "proven", "--rationale", why];
  const made = frankAs(who, "mod", "decide", id, ...what, ...words);
  return String(made[0]?.decision_id);
}

/** Proposed by Sven and approved by Sara; returns the decision. */
function refer(id: string, policy: string, why: string): string {
  const proposed = decide("sven", id, why, "--action", "refer", "--policy", policy);
  frankAs("sara", "mod", "approve", proposed);
  return proposed;
}

/** Matters for the police: one is with them, one is ready, of one nobody has said. */
function planReferrals(): void {
  plan(at(26, 840), async () => {
    const text = "I know which school your daughter goes to, and when it ends.";
    const id = await reported(["cleo", "rupert", "violence.threat", text]);
    const decision = refer(id, "threats", "He names a school, and a time.");
    frankAs("sara", "mod", "legal-hold", id, "--reason", "The police asked for it.");
    frankAs("sara", "mod", "refer-assign", decision, "--authority", "police");
    plan(at(27, 620), () => {
      const when = new Date(at(27, 600)).toISOString().slice(0, 10);
      const what = ["--authority", "police", "--reference", "AZ 19/26", "--at", when];
      frankAs("sara", "mod", "refer-handover", decision, ...what);
    });
  });
  plan(at(28, 700), async () => {
    const text = "Your bank needs your code: bank-help.example";
    const id = await reported(["gus", "sybil", "deception.phishing", text]);
    const decision = refer(id, "phishing", "One of a series; the bank has asked.");
    frankAs("sara", "mod", "refer-assign", decision, "--authority", "police");
  });
  plan(at(29, 760), async () => {
    const text = "I have two left, no papers, 300 each.";
    const id = await reported(["dave", "walter", "illegal_goods.weapons", text]);
    refer(id, "weapons", "It is a crime here.");
  });
}

/** Two who do not agree with what was decided. */
function planAppeals(): void {
  plan(at(29, 800), async () => {
    const text = "Everybody here knows what you did.";
    const id = await reported(["faye", "niaj", "harassment.targeted", text]);
    const what = ["--action", "warn", "--policy", "targeted"];
    const decision = decide("ben", id, "He was asked to stop.", ...what);
    plan(at(29, 1100), () => appeals("niaj", decision, "It was a joke among friends."));
  });
  plan(at(29, 815), async () => {
    const text = "Double your money by Monday: coins.example";
    const id = await reported(["bo", "heidi", "deception.scam", text]);
    const what = ["--action", "suspend", "--policy", "scam", "--for", "7d"];
    const decision = decide("anna", id, "The same offer to many.", ...what);
    plan(at(TODAY, 502), () =>
      appeals("heidi", decision, "I was asked for it. Ask him."),
    );
  });
}

/** What Mallory did before: a warning, and a quarrel about money. */
function planMallory(): void {
  plan(at(23, 1200), async () => {
    comes("nadia");
    gather("mallory", "nadia", "faye");
    const text = "You are a liar, and everybody will hear of it.";
    const id = await reported(["nadia", "mallory", "harassment.targeted", text]);
    const what = ["--action", "warn", "--policy", "targeted"];
    decide("ben", id, "Contempt, in a group.", ...what);
  });
  plan(at(29, 1230), async () => {
    const text = "Lend me 300 and I will forget about it.";
    await reported(["gus", "mallory", "deception.scam", text]);
  });
}

/** The case that is drawn: something of everything is in it. */
function planThreat(): void {
  const shown: string[] = [];
  const write = (minute: number, from: string, ...what: string[]) => {
    plan(at(TODAY, minute), () => {
      shown.push(writes(from, "nadia", ...what));
    });
  };
  write(603, "mallory", "--text", THREAT);
  write(609, "faye", "--text", "Stop it, both of you.");
  write(610, "mallory", "--text", HOSTILE);
  write(627, "mallory", "--text", "Look who I saw.", "--file", STATION);
  plan(at(TODAY, 628), async () => {
    const note = "He knows where I work. Er lauert mir auf, seit Wochen schon.";
    const picture = shown.at(-1) ?? "";
    const only = ["--chunks", `${picture}:1:0-0`, "--accused", uri("mallory")];
    reports("nadia", "violence.threat", ...shown, ...only, "--note", note);
    const id = await caseAbout("mallory", "violence.threat");
    forges("nadia", shown[0] ?? "", "Tomorrow you are dead.");
    frankAs("ben", "mod", "claim", id);
    const text = "The same two as in the quarrel of last night.";
    frankAs("ben", "mod", "note", id, "--text", text);
    frankAs("ben", "mod", "tag", id, "--tag", "stalking");
    frankAs("ben", "mod", "release", id, "--note", "My shift ends.");
  });
}

/** What colleagues have done with the cases of the morning. */
async function colleagues(): Promise<void> {
  const promotion = await caseAbout("eve", "self_harm.promotion");
  decide(
    "ben",
    promotion,
    "He explains how.",
    "--action",
    "suspend",
    "--policy",
    "promotion",
  );
  const phishing = await caseAbout("olivia", "deception.phishing");
  frankAs("ben", "mod", "claim", phishing);
  const why = "The reporter was asked for the whole message.";
  frankAs("ben", "mod", "hold", phishing, "--reason", why, "--for", "6h");
  frankAs("ben", "mod", "claim", await caseAbout("trudy", "deception.scam"));
  const arms = await caseAbout("rupert", "illegal_goods.weapons");
  frankAs("sara", "mod", "claim", arms);
  frankAs("sara", "mod", "escalate", arms, "--note", "He is with the police already.");
  frankAs("sven", "mod", "reporter", uri("gus"), "--mute", "7d");
}

export function planToday(): void {
  planMallory();
  planReferrals();
  planAppeals();
  for (const [minute, ...words] of MORNING) {
    plan(at(TODAY, minute), async () => {
      await reported(words);
    });
  }
  plan(at(TODAY, 590), () => {
    forges("ada", says("judy", "ada", "See you at work."), "I shall break your arm.");
  });
  plan(at(TODAY, 560), async () => {
    const sent = OFFERS.map((text) => says("trent", "bo", text));
    reports("bo", "deception.spam", ...sent);
    await caseAbout("trent", "deception.spam");
  });
  planThreat();
  plan(at(TODAY, 640), colleagues);
}

/** The moment of the pictures. */
export const NOW = at(TODAY, 642);
