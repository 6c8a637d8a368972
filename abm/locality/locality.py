"""A place: its practices as they stand before the first month, and where the knowledge of them comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from abm.errors import InputError, did_you_mean
from abm.locality.place_folder import is_place_folder, read_place_folder
from abm.locality.presets import PRESETS, synthetic_practices
from abm.locality.tidy_files import PRACTICES_FILE, read_tidy_file
from abm.scenario.parameters import ModelParameters
from abm.scenario.place_start import places_beside
from abm.streams import MAX_SEED

MOST_PRACTICES = 20_000
PRACTICE_FIELDS = (
    "code", "title", "commissioner", "local_authority", "x", "y", "latitude", "longitude",
    "list_by_age", "weighted_list", "need", "deprivation",
    "partner_fte", "salaried_fte", "gp_fte", "nurse_fte", "other_fte", "registrar_fte",
)  # fmt: skip


@dataclass(frozen=True)
class Locality:
    """A local health economy, the same for every seed of a run.

    Attributes:
        name: the preset or the name of the file or folder.
        title: the name as people would write it.
        practices: one array for each of `PRACTICE_FIELDS`, one row a practice, sorted by code. `x`, `y` in km on a
            plane; `latitude`, `longitude` in degrees, NaN where made up or unknown; `list_by_age` in patients, shape
            (n, 5); `weighted_list` in patients; `need` a multiplier of request rates; `deprivation` from 0 (least) to
            1; working time in FTE, `gp_fte` that of all permanent GPs. NaN means unknown: `populate` derives it.
        provenance: plain data on the source: `kind` ("synthetic" with `preset` and `place_seed`, or "files" with names
            and SHA-256), `guesses` {what was filled in: for how many practices} and `dropped` {practice: reason}.
    """

    name: str
    title: str
    practices: Mapping[str, NDArray[Any]]
    provenance: Mapping[str, Any]

    @staticmethod
    def load(
        place: str | Path, *, parameters: ModelParameters, practices: int | None = None, place_seed: int = 1
    ) -> Locality:
        """A preset by its name, or a place by the path of a tidy CSV file, of a folder with one, or of a built place.

        Args:
            place: one of the presets, or a path.
            parameters: numbers of the made-up places and of the age mix where a place does not say.
            practices: number of practices, for the preset "england" only.
            place_seed: seed of a made-up place, 0 to 2**32 - 1; a place does not depend on the seed of a run.

        Raises:
            InputError: the place is unknown or its file cannot be used; one sentence says what and where.
        """
        preset = isinstance(place, str) and place in PRESETS
        if practices is not None:
            if not preset or place != "england":
                raise InputError(f"practices = {practices} does not fit place = '{place}'; allowed only for 'england'")
            if not 1 <= practices <= MOST_PRACTICES:
                raise InputError(f"practices = {practices} is out of range; allowed are 1 to {MOST_PRACTICES}")
        if preset:
            if not 0 <= place_seed <= MAX_SEED:
                raise InputError(f"place_seed = {place_seed} is out of range; allowed are 0 to {MAX_SEED}")
            columns, provenance = synthetic_practices(str(place), parameters, place_seed, practices)
            return Locality(str(place), PRESETS[str(place)], _frozen(columns), provenance)
        path = Path(place).expanduser()
        if not path.exists():
            known = ", ".join(PRESETS)
            raise InputError(
                f"the place '{place}' is unknown; allowed are {known}, a CSV file or a folder with a practices.csv"
                f"{did_you_mean(str(place), [*PRESETS, *places_beside(path)])}"
            )
        if not path.is_dir():
            columns, provenance = read_tidy_file(path, parameters)
            return Locality(path.stem, path.stem.replace("_", " "), _frozen(columns), provenance)
        name, title = path.resolve().name, ""
        if is_place_folder(path):
            columns, provenance, title = read_place_folder(path, parameters)
        elif (path / PRACTICES_FILE).exists():
            columns, provenance = read_tidy_file(path / PRACTICES_FILE, parameters)
        elif (path / "manifest.json").is_file():
            raise InputError(
                f"the folder '{path}' holds a run, not a place; its scenario is in {path / 'scenario.toml'}"
            )
        else:
            raise InputError(
                f"{path / PRACTICES_FILE} does not exist; a place is a CSV file or a folder with a {PRACTICES_FILE}"
            )
        return Locality(name, title or name.replace("_", " "), _frozen(columns), provenance)

    def __len__(self) -> int:
        """Number of practices."""
        return len(self.practices["code"])

    @property
    def patients(self) -> float:
        """Registered patients of the whole place."""
        return float(self.practices["list_by_age"].sum())

    @property
    def commissioners(self) -> NDArray[np.str_]:
        """Codes of the commissioners, sorted."""
        return np.unique(self.practices["commissioner"])

    @property
    def local_authorities(self) -> NDArray[np.str_]:
        """Codes of the local authorities, sorted."""
        return np.unique(self.practices["local_authority"])


def _frozen(columns: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """The columns sorted by code and closed to writing."""
    order = np.argsort(columns["code"], kind="stable")
    frozen = {name: np.ascontiguousarray(columns[name][order]) for name in PRACTICE_FIELDS}
    for column in frozen.values():
        column.setflags(write=False)
    return frozen
