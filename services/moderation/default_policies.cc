#include "services/moderation/default_policies.h"

namespace frank::moderation {

// Areas are those of core/taxonomy.h. Raise the version with every change to a
// policy or a reason.
const char kDefaultPolicies[] = R"(
version: 1

policy {
  word: "child_safety" title: "Safety of children"
  text: "Nothing may harm a child or make use of one."
  policy {
    word: "sexual_abuse" title: "Sexual abuse of children"
    text: "No sexual depiction of a minor, real or made, no offer of one and no "
          "request for one."
    strike_weight: 5 second_person: true
  }
  policy {
    word: "grooming" title: "Grooming and sextortion of minors"
    text: "No sexual approach to a minor, no pressure on one, no pretence of "
          "being one."
    strike_weight: 5 second_person: true
  }
  policy {
    word: "minors_privacy" title: "Privacy of minors"
    text: "No private information about a minor against the will of who cares "
          "for them."
    strike_weight: 1
  }
}
policy {
  word: "sexual" title: "Sexual content"
  text: "Nobody is drawn into sexual content against their will."
  policy {
    word: "intimate_images" title: "Intimate images without consent"
    text: "No intimate image of a person who has not agreed to its being "
          "shared, made by a machine or not."
    strike_weight: 2
  }
  policy {
    word: "sextortion" title: "Sextortion"
    text: "No threat to publish intimate content."
    strike_weight: 3
  }
  policy {
    word: "unwanted" title: "Unwanted sexual content"
    text: "No sexual content to a person who has not asked for it."
    strike_weight: 1
  }
}
policy {
  word: "violence" title: "Violence"
  text: "No violence, and no call for it."
  policy {
    word: "threats" title: "Threats"
    text: "No threat to kill, hurt or harm a person, their kin or their "
          "property."
    strike_weight: 1
  }
  policy {
    word: "incitement" title: "Incitement and extremism"
    text: "No call for violence, no praise of it, no support for those who "
          "live by it."
    strike_weight: 2
  }
  policy {
    word: "trafficking" title: "Human trafficking"
    text: "No trade in people, and no help with it."
    strike_weight: 5 second_person: true
  }
  policy {
    word: "animal_cruelty" title: "Cruelty to animals"
    text: "No cruelty to animals for the pleasure of showing it."
    strike_weight: 1
  }
}
policy {
  word: "harassment" title: "Harassment"
  text: "Nobody is hounded or degraded."
  policy {
    word: "targeted" title: "Targeted harassment"
    text: "No insults, contempt or unwanted contact, again and again, against "
          "one person."
    strike_weight: 1
  }
  policy {
    word: "hate" title: "Hate"
    text: "No contempt for people because of what they are or believe."
    strike_weight: 1
  }
  policy {
    word: "doxxing" title: "Publishing private information"
    text: "No address, number, document or likeness of a person against their "
          "will."
    strike_weight: 1
  }
}
policy {
  word: "self_harm" title: "Self-harm"
  text: "Nobody is led to harm themselves."
  policy {
    word: "promotion" title: "Promotion of self-harm"
    text: "No praise of suicide, self-injury or starving, and no instruction."
    strike_weight: 1
  }
  policy {
    word: "at_risk" title: "A person at risk"
    text: "Not a breach: somebody may harm themselves, and help is offered."
  }
}
policy {
  word: "deception" title: "Deception"
  text: "Nobody is deceived for gain."
  policy {
    word: "spam" title: "Spam"
    text: "No unwanted mass messages, and no accounts made for them."
    strike_weight: 1
  }
  policy {
    word: "scam" title: "Scams and fraud"
    text: "No pretence that is meant to win money, goods or trust."
    strike_weight: 2
  }
  policy {
    word: "impersonation" title: "Impersonation"
    text: "No pretence of being another person or body."
    strike_weight: 1
  }
  policy {
    word: "phishing" title: "Phishing and malware"
    text: "No attempt to get at secrets or to harm devices."
    strike_weight: 3
  }
}
policy {
  word: "illegal_goods" title: "Illegal goods"
  text: "No trade in what the law forbids."
  policy {
    word: "drugs" title: "Drugs" text: "No trade in illegal drugs."
    strike_weight: 2
  }
  policy {
    word: "weapons" title: "Weapons" text: "No trade in weapons."
    strike_weight: 3
  }
  policy {
    word: "other_goods" title: "Other goods"
    text: "No trade in anything else that the law forbids."
    strike_weight: 1
  }
}
policy {
  word: "rule_breaking" title: "Rules of the service"
  text: "Decisions are kept to, and reporting is not abused."
  policy {
    word: "ban_evasion" title: "Evading a suspension"
    text: "No further account while one is suspended."
    strike_weight: 3
  }
  policy {
    word: "false_reports" title: "False reports"
    text: "No forged reports, and no reports against better knowledge."
    strike_weight: 1
  }
}
policy {
  word: "reports" title: "About the report alone"
  text: "What is named when a report shows no breach of a policy."
  policy {
    word: "unverifiable" title: "Nothing that could be verified"
    text: "Nothing in the report is proven."
  }
  policy {
    word: "no_breach" title: "No breach of a policy"
    text: "What is proven breaks no policy."
  }
}

action_reason { word: "proven" title: "Proven messages break the policy" }
action_reason { word: "pattern" title: "The account does so again and again" }
action_reason {
  word: "danger" title: "Somebody is in danger, and waiting would add to it"
}
action_reason {
  word: "correction" title: "An earlier decision was too hard or too mild"
}
no_action_reason { word: "no_breach" title: "What is proven breaks no policy" }
no_action_reason {
  word: "not_proven" title: "Nothing that was reported is proven"
}
no_action_reason {
  word: "unclear" title: "What was disclosed does not suffice to judge"
}
no_action_reason {
  word: "already_decided" title: "The same has been decided before"
}
no_action_reason {
  word: "abusive_report" title: "The report is itself an abuse"
}

ladder { strike_count: 1 action: "warn" }
ladder {
  strike_count: 2 action: "limit" duration_ms: 86400000 messages_an_hour: 20
}
ladder { strike_count: 3 action: "suspend" duration_ms: 604800000 }
ladder { strike_count: 4 action: "suspend" duration_ms: 2592000000 }
ladder { strike_count: 5 action: "suspend" }
)";

}  // namespace frank::moderation
