"""Where a run takes place: practices from published files or made up, and the people in them."""

from abm.locality.locality import Locality
from abm.locality.population import Population, populate

__all__ = ["Locality", "Population", "populate"]
