"""A practice: it looks for partners, its partners vote."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import mesa
import numpy as np
from numpy.typing import NDArray

from abm.agents.view import column
from abm.columns import Form, Role, Status
from abm.decisions.explore import partner_terms
from abm.decisions.hazards import softmax
from abm.decisions.vote import vote_terms, votes_needed, yes_chance
from abm.record.ballots import FAILED, PASSED, Ballot
from abm.streams import name_key

if TYPE_CHECKING:
    from abm.model import FederationModel


@dataclass(frozen=True)
class Motion:
    """What partners vote on.

    Attributes:
        about: name of the organisation, or of the practice to found one with; for a merger what it is called.
        form: form of the organisation; a merger is voted on as a super-partnership.
        occasion: "found", "join", "call", "escalate", "takeover", "merge" or "rescue"; keys the draws.
        income: expected relative change of income.
        relief: expected relief of work.
        trust: mean trust in the members of the other side.
        leader: skill of who would lead.
    """

    about: str
    form: Form
    occasion: str
    income: float
    relief: float
    trust: float
    leader: float


class Practice(mesa.Agent):
    """A general practice: a view of one row of the table of practices."""

    kind = "practices"
    model: FederationModel
    name = column("name")
    organisation = column("organisation")
    engagement = column("engagement")
    cooldown = column("cooldown")

    def __init__(self, model: FederationModel, row: int) -> None:
        super().__init__(model)
        self.row = row

    @property
    def list_size(self) -> float:
        """Registered patients."""
        return float(self.model.world.practices.list_by_age[self.row].sum())

    @property
    def active(self) -> bool:
        """Whether partners run the practice; without partners its commissioner does and nobody votes."""
        return bool(self.model.world.practices.status[self.row] == Status.ACTIVE)

    def partners(self) -> NDArray[np.int64]:
        """Rows of the partners, in the order of their rows."""
        world = self.model.world
        staff = world.ledger.holders("post", self.row)
        return staff[world.gps.role[staff] == Role.PARTNER]

    def best_leader(self) -> float:
        """Skill of the most skilled partner, 0 without partners."""
        skills = self.model.world.gps.skill[self.partners()]
        return float(skills.max()) if skills.size else 0.0

    def vote(self, motion: Motion) -> bool:
        """The partners vote one by one; the motion passes with the quorum of its form, never without partners."""
        partners = self.partners()
        return bool(partners.size) and self.passes(motion, self.votes(motion, partners))

    def votes(self, motion: Motion, partners: NDArray[np.int64]) -> NDArray[np.int64]:
        """The vote of each of the partners (rows): 0 no, 1 yes."""
        world = self.model.world
        practices, p = world.practices, world.parameters.voting
        terms = vote_terms(
            p,
            income=motion.income,
            relief=motion.relief,
            pressure=float(practices.pressure[self.row]),
            trust=motion.trust,
            norm=float(practices.norm[self.row]),
            leader=motion.leader,
            autonomy_loss=world.parameters.finance.autonomy_loss[motion.form],
            risk_exposure=0.0,
            history=float(practices.history[self.row]),
            attitude=world.gps.attitude[partners],
            autonomy=world.gps.autonomy[partners],
            merger=motion.form == Form.SUPER_PARTNERSHIP,
        )
        return world.seam.decide_each(
            "vote",
            world.gps.name[partners],
            ("no", "yes"),
            terms,
            yes_chance(p, terms),
            world.uniform(f"vote to {motion.occasion}", world.gps.key[partners], name_key(motion.about)),
            motion.about,
            keep_all=True,
        )

    def passes(self, motion: Motion, votes: NDArray[np.int64]) -> bool:
        """Count the votes of all partners, log what they came to, and say whether they carry the motion."""
        world = self.model.world
        quorum = world.parameters.voting.quorum[motion.form]
        ballot = Ballot(
            occasion=motion.occasion,
            form=motion.form.words,
            yes=int(votes.sum()),
            cast=votes.size,
            needed=votes_needed(quorum, votes.size),
            percent=round(100 * quorum),
        )
        kind = PASSED if ballot.passed else FAILED
        world.event(kind, self.name, motion.about, ballot.yes / ballot.cast, ballot.written())
        if not ballot.passed and motion.form != Form.SUPER_PARTNERSHIP:  # a merger is no collaboration
            world.practices.noes[self.row] += 1
        return ballot.passed

    def search(self) -> int | None:
        """Choose one practice to talk to among those within reach; None if nobody is there to talk to."""
        world = self.model.world
        practices, p, trust = world.practices, world.parameters.exploration, world.trust
        edges = trust.leaving(self.row)
        others = trust.edges.target[edges].astype(np.int64)
        own = practices.organisation[self.row]
        free = world.can_vote() & (practices.cooldown == 0)  # who waits after failed talks holds no others
        open_to_talk = (
            ~world.closed_to_members()[others]
            & ((practices.organisation[others] >= 0) | free[others])
            & ~((own >= 0) & (practices.organisation[others] == own))
        )
        edges, others = edges[open_to_talk], others[open_to_talk]
        if not others.size:
            return None
        noise = p.observation_noise * world.streams.normal(
            "sight of others", world.month, practices.key[self.row], practices.key[others]
        )
        attitude, size = world.practice_attitude(), np.log(np.maximum(1.0, world.lists()))
        gap = practices.capability[others] - practices.capability[self.row]
        terms = partner_terms(
            p,
            distance=trust.edges.distance[edges],
            trust=trust.edges.trust[edges],
            deprivation_gap=np.abs(practices.deprivation[others] - practices.deprivation[self.row]),
            attitude_gap=np.abs(attitude[others] + noise - attitude[self.row]),
            list_gap=np.abs(size[others] - size[self.row]),
            same_commissioner=practices.commissioner[others] == practices.commissioner[self.row],
            complement=np.maximum(0.0, gap).sum(axis=1),
            like_minded=world.policy.geography == "like-minded",
        )
        order = np.argsort(practices.name[others], kind="stable")
        ordered = {name: values[order] for name, values in terms.items()}
        choice = world.seam.decide(
            "search",
            str(self.name),
            practices.name[others[order]].tolist(),
            ordered,
            softmax(np.sum(list(ordered.values()), axis=0), p.choice_noise),
            world.one("search", practices.key[self.row]),
        )
        return int(others[order[choice]])
