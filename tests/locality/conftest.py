"""Invented practices, published in the layouts of different years; no row is of a real practice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Surgery:
    """One invented practice with everything that some file tells about it."""

    code: str
    name: str
    postcode: str
    area: str
    size: float
    weighted: float
    east: int
    north: int
    closed: str = "-"
    kind: str = "GP practice"
    partners: float | None = None
    salaried: float | None = None
    nurses: float | None = None
    others: float | None = None
    imd: float | None = None


AREAS = {"9Z1": "Upper Dale", "9Z2": "Lower, Dale"}  # a name with a comma is quoted
SURGERIES = (
    Surgery("Z00001", "Mill Lane", "ZZ1 1AA", "9Z1", 5_000, 5_500, 430_000, 421_000, partners=2.0, salaried=0.5,
            nurses=1.0, others=0.5, imd=21.94),
    Surgery("Z00002", "The Grange", "ZZ11AB", "9Z1", 10_000, 9_000, 433_000, 425_000, partners=4.5, salaried=1.0,
            nurses=3.0, others=1.5, imd=40.27),
    Surgery("Z00003", "High Street", "zz1  1ac", "9Z1", 8_000, 8_400, 431_000, 420_000),
    Surgery("Z00004", "Ferry Road", "ZZ2 1AA", "9Z2", 12_345, 11_000, 440_000, 410_000, partners=0.0, salaried=4.0,
            nurses=2.0, others=2.5, imd=12.81),
    Surgery("Z00005", "Quayside", "ZZ2 1AB", "9Z2", 6_000, 6_300, 441_000, 411_500, partners=3.0, salaried=0.0,
            nurses=1.5, others=0.9, imd=9.94),
    Surgery("Z00006", "Locked Door", "ZZ2 1AC", "9Z2", 0, 0, 441_000, 411_000, closed="30/06/2014"),
    Surgery("Z00007", "Tiny", "ZZ2 1AD", "9Z2", 99, 90, 441_000, 411_000),
)  # fmt: skip


class Publisher:
    """Writes files as they are published."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, name: str, rows: Iterable[Sequence[object]] | str, encoding: str = "utf-8") -> Path:
        path = self.folder / name
        text = rows if isinstance(rows, str) else "".join(",".join(map(self._cell, row)) + "\r\n" for row in rows)
        path.write_bytes(text.encode(encoding))
        return path

    @staticmethod
    def _cell(value: object) -> str:
        text = "" if value is None else str(value)
        return f'"{text}"' if "," in text else text

    def payments_2014(self, surgeries: Sequence[Surgery] = SURGERIES, name: str = "payments_2014-15.csv") -> Path:
        """Area teams in the first two columns, the CCG after them; whole numbers; a byte-order mark."""
        header = (
            "NHS England (Region) code", "NHS England (Region) Name", "CCG Code", "CCG NAME", "Practice Code",
            "Practice Name", "Practice Postcode", "Practice Open Date", "Practice Close Date", "Contract Type",
            "Number of Registered Patients (Last Known Figure)", "Number of Weighted Patients (Last Known Figure)",
        )  # fmt: skip
        rows = [
            ("Q99", "Dales", s.area, AREAS.get(s.area, ""), s.code, s.name, s.postcode, "-", s.closed, "GMS",
             f"{s.size:.0f}", f"{s.weighted:.0f}")
            for s in surgeries
        ]  # fmt: skip
        return self.write(name, [header, *rows], "utf-8-sig")

    def payments_2018(self, surgeries: Sequence[Surgery] = SURGERIES, name: str = "payments-18-19.csv") -> Path:
        """Averages, thousands separators, and a header in other letters."""
        header = (
            "Region Code", "CCG CODE", "CCG Name", "practice code", "Practice  Name", "Practice Postcode",
            "Practice Close Date", "Average Number of Registered Patients", "Average Number of Weighted Patients",
        )  # fmt: skip
        rows = [
            ("Y99", s.area, AREAS.get(s.area, ""), s.code, s.name, s.postcode, s.closed, f"{s.size:,.2f}",
             f"{s.weighted:,.2f}")
            for s in surgeries
        ]  # fmt: skip
        return self.write(name, [header, *rows])

    def payments_2022(self, surgeries: Sequence[Surgery] = SURGERIES, name: str = "payments_2022-23.csv") -> Path:
        """The network is called Code and CCG NAME; the commissioner's name is that of the sub-ICB."""
        header = (
            "NHS England (Region) code", "CCG Code", "Sub ICB NAME", "Code", "CCG NAME", "Practice Code",
            "Practice Name", "Practice Postcode", "Practice Close Date", "Practice type",
            "Number of Registered Patients (Last Known Figure)", "Number of Weighted Patients (Last Known Figure)",
        )  # fmt: skip
        rows = [
            ("Y99", s.area, AREAS.get(s.area, ""), "U00001", "SOME PCN", s.code, s.name, s.postcode,
             "" if s.closed == "-" else s.closed, s.kind, s.size, s.weighted)
            for s in surgeries
        ]  # fmt: skip
        return self.write(name, [header, *rows])

    def workforce(self, surgeries: Sequence[Surgery] = SURGERIES, name: str = "workforce-2015-09.csv") -> Path:
        """Monthly file at practice level; who returned nothing has ND."""
        header = (
            "PRAC_CODE", "TOTAL_PATIENTS", "TOTAL_GP_EXTGL_FTE", "TOTAL_GP_SEN_PTNR_FTE", "TOTAL_GP_PTNR_PROV_FTE",
            "TOTAL_GP_SAL_BY_PRAC_FTE", "TOTAL_GP_SAL_BY_OTH_FTE", "TOTAL_NURSES_FTE", "TOTAL_DPC_FTE", "IMD",
        )  # fmt: skip
        rows = []
        for s in surgeries:
            if s.partners is None or s.salaried is None:
                rows.append((s.code, s.size, "ND", "ND", "ND", "ND", "ND", "ND", "ND", s.imd))
            else:
                total = s.partners + s.salaried
                rows.append((s.code, s.size, total, s.partners / 2, s.partners / 2, s.salaried, 0, s.nurses, s.others,
                             s.imd))  # fmt: skip
        return self.write(name, [header, *rows])

    def code_point(self, surgeries: Sequence[Surgery] = SURGERIES, name: str = "zz.csv") -> Path:
        """Code-Point Open: no header, postcodes in seven characters."""
        rows = [(self.seven(s.postcode), 10, s.east, s.north, "E92000001", "", "", "", "", "") for s in surgeries]
        return self.write(name, [("ZZ9 9ZZ", 90, 0, 0, "E92000001", "", "", "", "", ""), *rows])

    @staticmethod
    def seven(postcode: str) -> str:
        joined = "".join(postcode.split()).upper()
        return f"{joined[:-3]:<4}{joined[-3:]}"

    def epraccur(self, surgeries: Sequence[Surgery] = SURGERIES, name: str = "epraccur.csv", **changes: str) -> Path:
        """27 columns without header; `changes` gives other prescribing settings by code."""
        rows = []
        for s in surgeries:
            row = [""] * 27
            row[0], row[1], row[9], row[10], row[12], row[14] = (
                s.code,
                s.name.upper(),
                s.postcode,
                "19740401",
                "A",
                s.area,
            )
            row[25] = changes.get(s.code, "4")
            rows.append(row)
        return self.write(name, rows)


@pytest.fixture
def publish(tmp_path: Path) -> Publisher:
    """Writes published files to a folder of the test."""
    folder = tmp_path / "published"
    folder.mkdir()
    return Publisher(folder)


@pytest.fixture
def surgeries() -> tuple[Surgery, ...]:
    """The invented practices; the last two are too small, one of them closed."""
    return SURGERIES


@pytest.fixture
def changed() -> object:
    """`dataclasses.replace`, for tests that change one thing about one practice."""
    return replace
