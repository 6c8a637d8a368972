"""The words for every kind of decision, its terms, and every kind of event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Way = Literal["sum", "factors", "several", "best", "lot"]


@dataclass(frozen=True)
class Kind:
    """How to speak of one kind of decision.

    Attributes:
        said: what was done, by choice; {about} is whom or what it concerns; under "" for any choice, which is {choice}.
        way: how the terms act: "sum" for and against one of two options, "factors" of a hazard, "several" options of
            which the best by its sum is likeliest, "best" of several by its sum, or "lot" with one fixed chance.
        yes: the choice that the logged probability and a positive sum belong to; "" among several options.
        quiet: the choice that leaves things as they are, counted but not told one by one in a history.
        could: what the quiet decisions were about, for counting them.
        facts: terms that are circumstances and no part of the sum or of the product, with the words for them.
        own: words for terms that mean something else here than in `TERMS`: for it and against it.
        factor_of: a factor of the chance beside the sum.
        it: the option that a positive sum speaks for.
    """

    said: Mapping[str, str]
    way: Way = "sum"
    yes: str = ""
    quiet: str = ""
    could: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    own: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    factor_of: str = ""
    it: str = "it"


def _career(stay: str, go: str, said: str, could: str, own: Mapping[str, tuple[str, str]], **facts: str) -> Kind:
    return Kind({stay: f"did not {could}", go: said}, "factors", go, stay, could, facts, own)


BURNOUT = "burnout {:.2f}"

KINDS: dict[str, Kind] = {
    "explore": Kind(
        {"wait": "did not look for partners", "explore": "looked for partners"},
        yes="explore", quiet="wait", could="look for partners",
        facts={"months_left": "{:.0f} months were left to the deadline"},
        own={"money": ("the money on offer", "the money lost")}, factor_of="headroom",
    ),
    "search": Kind({"chosen": "turned to {about}"}, "several"),
    "propose": Kind(
        {"informal network": "proposed an informal network to {about}",
         "federation": "proposed a federation to {about}"},
        yes="federation", it="a federation",
        own={"base": ("the pull of the formal", "the habit of starting small"),
             "money": ("the money on offer", "the money lost")},
    ),
    "propose_form": Kind(
        {"federation": "preferred a federation with {about} to a community health organisation",
         "community health organisation": "preferred a community health organisation with {about} to a federation"},
        yes="community health organisation", it="a community health organisation",
        own={"base": ("the pull of the new", "the rarity of the form"),
             "deprivation": ("the deprivation of the area", "the wealth of the area")},
    ),
    "vote": Kind({"no": "voted against working with {about}", "yes": "voted for working with {about}"}, yes="yes"),
    "admit": Kind(
        {"refuse": "refused {about}", "admit": "admitted {about}"}, yes="admit",
        own={"trust": ("the members' trust in the applicant", "the members' distrust of the applicant"),
             "engagement": ("the engagement of its members", "the weak engagement of its members")},
    ),
    "call": Kind(
        {"wait": "did not call the practices of {about} together",
         "call the practices together": "called the practices of {about} together"},
        "factors", "call the practices together", "wait", "call the practices together",
        facts={"support": "support of the commissioner {:.2f}", "zeal": "zeal of the convenor {:.2f}"},
    ),
    "place": Kind(
        {"": "placed {about} in {choice}"}, "best", facts={"distance": "the nearest with room, {:.1f} km away"}
    ),
    "appoint": Kind(
        {"chosen": "made {about} leader"}, "best",
        own={"attitude": ("a liking for working together", "doubts about working together"),
             "burnout": ("burnout", "burnout")},
    ),
    "seat": Kind({"chosen": "gave a seat on its board to {about}"}, "best"),
    "approach": Kind(
        {"chosen": "made {about} an offer"}, "best",
        facts={"distress": "short of GPs for {:.0f} months, none for longer"},
    ),
    "choose_union": Kind({"chosen": "turned to {about} for a union"}, "best"),
    "withdraw": Kind(
        {"stay a member": "stayed in {about}", "withdraw": "withdrew from {about}"},
        "factors", "withdraw", "stay a member", "withdraw from its organisation",
        facts={"engagement": "engagement {:.2f}", "benefit": "net benefit {:+.1%} of a partner's income"},
    ),
    "seek_union": Kind(
        {"stay as it is": "sought no union", "seek a union": "sought a union with another organisation"},
        "lot", "seek a union", "stay as it is", "seek a union",
    ),
    "unite": Kind(
        {"refuse": "refused a union with {about}", "agree": "agreed to a union with {about}"}, yes="agree",
        own={"base": ("the openness of boards", "the caution of boards"),
             "engagement": ("the engagement of its members", "the weak engagement of its members")},
    ),
    "escalate": Kind(
        {"stay a network": "stayed a network",
         "put a federation to the vote": "put becoming a federation to the vote"},
        yes="put a federation to the vote", quiet="stay a network", could="put becoming a federation to the vote",
        it="a federation",
        own={"money": ("the money on offer", "the money lost"),
             "engagement": ("the engagement of its members", "the weak engagement of its members")},
    ),
    "propose_merger": Kind(
        {"leave practices as they are": "proposed no merger", "propose a merger": "proposed a merger of members"},
        "factors", "propose a merger", "leave practices as they are", "propose a merger of members",
        facts={"members": "{:.0f} sites of members"},
    ),
    "seek_merger": Kind(
        {"stay alone": "stayed alone", "seek a merger": "sought a merger to survive"},
        "factors", "seek a merger", "stay alone", "seek a merger to survive", facts={"pressure": "pressure {:.2f}"},
        own={"pressure_factor": ("pressure", "the lack of pressure")},
    ),
    "match": Kind({"chosen": "thought of a merger of {about}"}, "several"),
    "widen_merger": Kind(
        {"keep to two": "kept to two practices", "ask a third": "thought of asking a third practice"},
        "lot", "ask a third", "keep to two", "ask a third practice to merge",
    ),
    "break_off": Kind(
        {"go on": "went on with {about}", "break off": "broke off {about}"},
        "factors", "break off", "go on", "break off a merger", facts={"trust": "mutual trust {:.2f}"},
        own={"trust_factor": ("distrust", "trust"),
             "income_factor": ("unequal incomes of partners", "equal incomes of partners")},
    ),
    "confirm": Kind(
        {"go back on it": "went back on {about}", "stand by it": "stood by {about}"}, "lot", "stand by it",
    ),
    "ask_neighbour": Kind({"chosen": "asked {about} to take a practice in that has no partners"}, "several"),
    "close": Kind(
        {"go on managing it": "went on managing {about}", "close it": "closed {about}"},
        "lot", "close it", "go on managing it", "close a practice",
        facts={"partnerless": "it had been without partners for {:.0f} months"},
    ),
    "step_down": Kind(
        {"go on leading": "went on leading {about}", "step down": "stepped down from leading {about}"},
        "factors", "step down", "go on leading", "step down", facts={"burnout": BURNOUT},
    ),
    "hand_over": Kind(
        {"go on managing it": "went on managing {about}", "hand it over": "handed {about} over to be run for it"},
        "lot", "hand it over", "go on managing it", "hand a practice over",
        facts={"partnerless": "it had been without partners for {:.0f} months"},
    ),
    "promote": Kind(
        {"wait": "had no partner and waited",
         "make a salaried GP partner": "had no partner and made a salaried GP partner"},
        "lot", "make a salaried GP partner", "wait", "make a salaried GP partner",
        facts={"salaried": "{:.0f} salaried GPs to choose from"},
    ),
    "next_role": Kind(
        {"turn sessional": "turned sessional after the partnership at {about}",
         "stay as salaried GP": "stayed at {about} as salaried GP after the partnership"},
        "lot", "stay as salaried GP", facts={"share": "{:.0%} of former partners stay"},
    ),
    "leave_at_takeover": Kind(
        {"become an employee": "became an employee of {about}",
         "leave practice": "left practice rather than work for {about}"},
        "lot", "leave practice", facts={"share": "{:.0%} of partners leave at a takeover"},
    ),
    "choose_practice": Kind(
        {"chosen": "chose {about} to work at"}, "several",
        own={"organisation": ("an organisation with a hub or development", "its organisation"),
             "quality": ("its quality", "its quality")},
    ),
    "exit": _career("stay", "leave practice", "left practice", "leave practice", {}, age="age {:.0f}", burnout=BURNOUT),
    "leave_partnership": _career(
        "stay partner", "give up the partnership", "gave up the partnership", "give up the partnership",
        {"income_factor": ("low partner income", "good partner income")},
        burnout=BURNOUT, income="partner income {:.2f} times salaried income",
    ),
    "leave_salaried_post": _career(
        "stay salaried", "turn sessional", "turned sessional", "turn sessional", {}, burnout=BURNOUT
    ),
    "return_to_post": _career(
        "stay sessional", "look for a salaried post", "looked for a salaried post", "look for a salaried post", {}
    ),
    "take_partnership": _career(
        "stay salaried", "become partner", "chose to become partner", "become partner",
        {"burnout_factor": ("little burnout", "burnout"),
         "income_factor": ("good partner income", "low partner income"),
         "autonomy_factor": ("little need of autonomy", "the need of autonomy")},
        burnout=BURNOUT, income="partner income {:.2f} times salaried income", autonomy="need of autonomy {:.2f}",
    ),
    "cut_sessions": _career(
        "keep sessions", "give up one session", "gave up one weekly session", "give up a session", {},
        burnout=BURNOUT,
    ),
}  # fmt: skip

TERMS: dict[str, tuple[str, str]] = {
    "age": ("age", "age"),
    "attitude": ("a liking for working together", "doubts about working together"),
    "autonomy": ("autonomy", "the loss of autonomy"),
    "autonomy_factor": ("the need of autonomy", "the need of autonomy"),
    "base": ("the pull of change", "the usual inertia"),
    "benefit": ("its benefit", "its cost"),
    "benefit_factor": ("what membership cost", "what membership gained"),
    "bonus_factor": ("the missing share in rewards", "the share in rewards"),
    "burnout": ("burnout", "burnout"),
    "burnout_factor": ("burnout", "little burnout"),
    "call_factor": ("the money on offer", "the money on offer"),
    "commissioner": ("the common commissioner", "the other commissioner"),
    "community": ("the engagement of the community", "the engagement of the community"),
    "complement": ("strengths of its own", "weaknesses of its own"),
    "deprivation": ("the deprivation of the area", "the deprivation of the area"),
    "difference": ("likeness", "unlikeness"),
    "distance": ("nearness", "the distance"),
    "engagement": ("engagement", "weak engagement"),
    "engagement_factor": ("weak engagement", "engagement"),
    "exit_cost_factor": ("the ease of leaving", "the cost of leaving"),
    "hazard": ("hazard a year", "hazard a year"),
    "headroom": ("time to plan", "the lack of time to plan"),
    "history": ("good experience of working together", "bad experience of working together"),
    "income": ("income", "income"),
    "income_factor": ("partner income", "partner income"),
    "leader": ("the skill of the leader", "the leader"),
    "load": ("a light workload", "its heavy workload"),
    "members": ("its many members", "its few members"),
    "merger": ("the wish to become one", "the finality of a merger"),
    "money": ("the money expected", "the money lost"),
    "months_left": ("the deadline", "the deadline"),
    "norm": ("the example of neighbours", "the example of neighbours"),
    "open_call": ("the open call", "the open call"),
    "organisation": ("the organisation", "the organisation"),
    "partnerless": ("the months without partners", "the months without partners"),
    "premises_factor": ("unequal costs of premises", "equal costs of premises"),
    "pressure": ("pressure", "the lack of pressure"),
    "pressure_factor": ("pressure", "the lack of pressure"),
    "promotion": ("the promotion of the form", "the promotion of the form"),
    "quality": ("quality", "quality"),
    "quality_factor": ("unequal quality", "equal quality"),
    "relief": ("relief of work", "more work"),
    "reluctance": ("eagerness for change", "reluctance to change"),
    "risk": ("safety", "the risk of a commitment"),
    "salaried": ("salaried GPs", "salaried GPs"),
    "distress": ("distress", "distress"),
    "share": ("the usual share", "the usual share"),
    "skill": ("skill", "skill"),
    "size": ("its size", "its small size"),
    "support": ("the support of the commissioner", "the commissioner's coldness"),
    "trust": ("trust", "distrust"),
    "trust_factor": ("distrust", "trust"),
    "vacancy": ("its vacancy", "the lack of a vacancy"),
    "wave_factor": ("the wave of retirement", "the wave of retirement"),
    "zeal": ("zeal", "zeal"),
}
"""Each term in words: where it speaks for the option (or raises the chance), and where against it."""

EVENTS: dict[str, str] = {
    "arrived": "{who} arrived, {detail}{at about}",
    "became employee": "{who} became salaried when {about} was taken over",
    "became federation": "{who} became a federation: {value practices} {detail} agreed",
    "became partner": "{who} became partner at {about}: {detail}",
    "became super-partnership": "{who} became {about}: {detail}",
    "began to merge": "{who} agreed to {about}; due diligence began",
    "call failed": "{who} called the practices of {about} together in vain: {value practices} willing",
    "called together": "{who} called {value practices} of {about} together",
    "closed": "{who} was closed by {about}; its {value:,.0f} patients went to {detail}",
    "dissolved": "{who} was dissolved: {detail}",
    "distressed": "{who} has been short of GPs for months and is in distress",
    "founded": "{who} was founded by {about}, {value practices} strong",
    "gave up a session": "{who} gave up a weekly session and works {value:.1f} a week",
    "gave up partnership": "{who} gave up the partnership at {about} and turned {detail}",
    "good year": "{who} looks back on a good year in {about}",
    "joined": "{who} joined {about}: {detail}",
    "leader appointed": "{who} was appointed {detail} of {about}, with skill {value:.2f}",
    "leader departed": "{who} left the lead of {about}{value share}",
    "left": "{who} left {about}{detail why}",
    "left practice": "{who} left practice at {value:.0f}, {detail}{at about}",
    "lost the post": "{who} lost the post at {about}, which was closed",
    "managed by commissioner": "{who} has no partner left; its commissioner runs it",
    "merged": "{who} became part of {about}, which has {value:.0f} sites now",
    "merger failed": "{who} saw {about} fail: {detail}",
    "merger lapsed": "{who} saw {about} lapse: {detail}",
    "motion failed": "{who} turned down {about}, {detail}",
    "motion passed": "{who} agreed to {about}, {detail}",
    "no merger": "{who} did not go into {about}: {detail}",
    "no union": "{who} found no union with {about}: {detail}",
    "no agreement": "{who} came to no agreement with {about}: {detail}",
    "run by partners again": "{who} is run by partners again",
    "shock: funding cut": "{who} was struck by a cut of funding",
    "shock: leader departure": "{who} saw the leaders of its largest organisation go",
    "shock: reorganisation": "{who} was struck by a reorganisation of its commissioners",
    "shock: retirement wave": "{who} was struck by a wave of retirement",
    "shock: winter surge": "{who} was struck by a winter surge of demand",
    "stayed a network": "{who} stayed a network: only {value practices} {detail} agreed",
    "steps down": "{who} steps down from leading {about}: {detail}",
    "taken over": "{who} was taken over by {about}: {detail}",
    "talks": "{who} held talks with {about}",
    "talks failed": "{who} failed to agree with {about} on {detail form}",
    "took a board seat": "{who} took a seat on the board of {about}",
    "took patients": "{who} took in {value:,.0f} patients of {about}",
    "took salaried post": "{who} took a salaried post at {about}",
    "turned away": "{who} was turned away by {about}: {detail}",
    "united": "{who} became part of {about}, with {value practices}",
    "turned sessional": "{who} left the post at {about} for sessional work",
}
"""Events in words: {who}, {about}, {value}, {detail}; {at about} where there is somebody about, {value practices}
"3 practices", {value share} the share of leadership lost where it is not all of it, {detail form} "a federation",
{detail why} the reason, or what was left for."""

PHRASES = {
    "found and admitted": "admitted after talks",
    "most suitable": "as the most suitable",
    "at the start": "in post at the start",
}
"""Reasons of the ledger and the log that need other words in a sentence."""

OCCASIONS = {
    "found": "founding {form} with {about}",
    "join": "joining {about}",
    "call": "founding {form} at the {about}",
    "escalate": "turning {about} into {form}",
    "takeover": "being taken over by {about}",
    "merge": "going into {about}",
    "confirm": "going through with {about}",
    "rescue": "taking in {about}, which had no partners",
}
"""What a motion is about, by the occasion of its ballot."""

LEVERS: dict[str, str] = {
    "fund_per_head": "£{value:.2f} a head and year for members of federations",
    "od_invest": "£{value:.2f} a head and year for leadership and development",
    "target_money": "up to £{value:.2f} a head and year for clinical targets",
    "backfill": "locums for {value:.0%} of the sessions that leaders and meetings take",
    "mdt_fte_per_10k": "{value:g} nurses, pharmacists and physiotherapists for 10,000 patients",
    "pharmacy_first": "{value:.0%} of suitable requests sent to pharmacies",
    "pop_max": "no organisation above {value:,.0f} patients",
}
"""What a commissioner's lever means in words; the others are told by their declared meaning."""

CHOICES: dict[str, dict[str, str]] = {
    "pass_through": {
        "full": "money for federations and development passed on in full",
        "observed": "money for federations and development passed on as far as was observed",
    },
    "rollout": {
        "universal": "collaboration offered to all practices",
        "enthusiasts": "collaboration offered to the keenest practices first",
        "deadline": "collaboration offered to all by a deadline, at which the undecided are placed",
    },
    "geography": {
        "local": "practices look for partners near by",
        "like-minded": "practices look for like-minded partners, wherever they are",
    },
}
"""Levers that are one of a few words, each of them in a sentence."""
