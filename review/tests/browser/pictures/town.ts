// Who writes to whom, what of it is reported, and what comes of that. Everything
// that looks like chance comes from one seed, so that the pictures of two versions
// can be compared.

/** The reporters. */
export const REPORTERS = ["bo", "ada", "cleo", "dave", "faye", "gus"] as const;

const HANDLES = [
  "alva",
  "arlo",
  "bela",
  "best-deals",
  "bikes4all",
  "carla",
  "coin-coach",
  "cy",
  "dagny",
  "dj-rio",
  "edda",
  "enno",
  "fritz",
  "gerda",
  "hal",
  "home-jobs",
  "ines",
  "jolly",
  "juno",
  "kai",
  "kurt",
  "lars",
  "lotte",
  "luna",
  "max-gains",
  "mika",
  "nils",
  "odd",
  "pia",
  "quick-cash",
  "rhea",
  "rolf",
  "sanna",
  "tilda",
  "udo",
  "vito",
  "wanda",
  "win-today",
  "yara",
  "zeno",
] as const;

/** Whom they report in a month; some are suspended in the course of it. */
export const REPORTED = HANDLES.flatMap((name) => [name, `${name}-2`, `${name}-3`]);

/** Whom they report on the day of the pictures. */
export const REPORTED_TODAY = [
  "eve",
  "grace",
  "heidi",
  "ivan",
  "judy",
  "mallory",
  "niaj",
  "olivia",
  "oscar",
  "peggy",
  "rupert",
  "sybil",
  "trent",
  "trudy",
  "victor",
  "walter",
  "wendy",
] as const;

export type Action = "warn" | "limit" | "none";

export interface Incident {
  reason: string;
  policy: string;
  action: Action;
  texts: readonly string[];
  why: string;
}

const none = { policy: "no_breach", action: "none" } as const;
const warn = { action: "warn" } as const;
const limit = { action: "limit" } as const;

/** What happens in a month. Those that happen often stand there often. */
export const INCIDENTS: readonly Incident[] = [
  {
    ...limit,
    reason: "deception.spam",
    policy: "spam",
    texts: ["Earn 3,000 a week from home: easy-money.example", "Last places, write now!"],
    why: "The same words to many.",
  },
  {
    ...limit,
    reason: "deception.spam",
    policy: "spam",
    texts: ["Cheap followers, 1,000 for 5: follow-me.example"],
    why: "Advertising that nobody asked for.",
  },
  {
    ...none,
    reason: "deception.spam",
    texts: ["I am selling my bicycle, do you know anybody?"],
    why: "A question among acquaintances.",
  },
  {
    ...limit,
    reason: "deception.scam",
    policy: "scam",
    texts: ["Mum, this is my new number. Can you pay a bill for me?", "It is urgent."],
    why: "Pretends to be a child in need of money.",
  },
  {
    ...limit,
    reason: "deception.phishing",
    policy: "phishing",
    texts: ["Your parcel could not be delivered: parcel-help.example/pay"],
    why: "The address is not the carrier's.",
  },
  {
    ...warn,
    reason: "harassment.targeted",
    policy: "targeted",
    texts: ["Nobody wants you there.", "Why are you still answering?"],
    why: "Goes on after being asked to stop.",
  },
  {
    ...warn,
    reason: "harassment.targeted",
    policy: "targeted",
    texts: ["You should be ashamed of how you look."],
    why: "Contempt, repeated.",
  },
  {
    ...none,
    reason: "harassment.trolling",
    texts: ["That is the worst film anybody ever made, and you know it."],
    why: "A harsh opinion of a film.",
  },
  {
    ...warn,
    reason: "harassment.hate",
    policy: "hate",
    texts: ["Your kind should not be let in here."],
    why: "Contempt for where somebody comes from.",
  },
  {
    ...warn,
    reason: "sexual.unwanted",
    policy: "unwanted",
    texts: ["Send me a picture of you. Not that kind."],
    why: "Not asked for, and repeated.",
  },
  {
    ...warn,
    reason: "violence.threat",
    policy: "threats",
    texts: ["Come out and we shall see how brave you are."],
    why: "A threat, without a place or a time.",
  },
  {
    ...none,
    reason: "self_harm.risk",
    policy: "at_risk",
    texts: ["I do not see why I should go on."],
    why: "Help was offered.",
  },
  {
    ...limit,
    reason: "illegal_goods.drugs",
    policy: "drugs",
    texts: ["Twenty for one, forty for three. Same place."],
    why: "Offers to sell.",
  },
];

let state = 20261;

/** The next of a row of numbers from 0 on, below `limit`. */
export function draw(limit: number): number {
  // The multiplier of MINSTD (Park and Miller, 1993).
  state = (state * 48271) % 2147483647;
  return state % limit;
}

export function pick<T>(list: readonly T[]): T {
  const one = list[draw(list.length)];
  if (one === undefined) throw new Error("picked from nothing");
  return one;
}
