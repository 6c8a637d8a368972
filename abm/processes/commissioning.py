"""Commissioners' support (model section 6.17) and organisations' relations (model section 6.10)."""

from __future__ import annotations

import numpy as np

from abm.world import World


def update_support(world: World) -> None:
    """Support returns to its usual level; relations to commissioners and hospitals follow."""
    commissioners, organisations = world.commissioners, world.organisations
    p, e, policy = world.parameters.commissioning, world.parameters.engagement, world.policy
    commissioners.support[:] += p.support_speed * (policy.supportiveness - commissioners.support)
    if not len(organisations):
        return
    support = commissioners.support[organisations.commissioner]
    toward = e.commissioner_relation_speed * (support - organisations.relation_commissioner)
    organisations.relation_commissioner[:] = np.clip(organisations.relation_commissioner + toward, 0.0, 1.0)
    organisations.relation_hospital[:] = np.clip(
        organisations.relation_hospital + e.hospital_relation_growth * policy.joint_posts, 0.0, 1.0
    )
