"""Reading CSV files: which spellings are one name, which encodings are read, and what is refused where."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abm.errors import InputError
from abm.locality.csv_files import CsvFile, number, plain

PLAIN = b"code,n\r\nA1,5\r\nA2,6\r\n"


def put(folder: Path, content: bytes, name: str = "file.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("name", ["Practice Code", "PRACTICE_CODE", "practice.code", " practice  code", "PracticeCode"])
def test_spellings_of_one_name(name: str) -> None:
    assert plain(name) == "practicecode"


@pytest.mark.parametrize(
    ("content", "names"),
    [
        (b"code,name\nA1,Caf\xc3\xa9\n", ["Café"]),
        (b"\xef\xbb\xbfcode,name\r\nA1,Caf\xc3\xa9\r\n", ["Café"]),
        (b"code,name\r\nA1,Caf\xe9\r\n\r\n,\r\nA2,Tea\r\n", ["Café", "Tea"]),
        (b'code,name\nA1,"Two,\nlines"\nA2,x\n', ["Two,\nlines", "x"]),
    ],
)
def test_text_is_read_as_it_was_meant(tmp_path: Path, content: bytes, names: list[str]) -> None:
    assert CsvFile.open(put(tmp_path, content)).texts("name") == names


BAD = [
    (b"", "is empty; allowed is a header and a row for each practice"),
    (b"\xef\xbb\xbf\r\n\r\n", "is empty"),
    (b"code,n\n", "is empty"),
    (PLAIN.decode().encode("utf-16"), "is in UTF-16; save it as 'CSV UTF-8'"),
    (b"PK\x03\x04rest", "is an .xlsx workbook or a zip archive; save the sheet as 'CSV UTF-8' and give that"),
    (b"\xd0\xcf\x11\xe0rest", "is an .xls workbook"),
    (b"code,n\nA1,\x005\n", "line 2: this is no text; allowed is a CSV file"),
    (b"code;n\nA1;5\n", "is separated by semicolons; save it separated by commas"),
    (b"code\tn\nA1\t5\n", "is separated by tabs; save it separated by commas"),
    (b"code,n\nA1,5\nA2\n", "line 3: 1 cells; allowed are 2, as in the header"),
    (b"code,n\nA1,5,6\n", "line 2: 3 cells; allowed are 2, as in the header"),
    (b"code,n\nA1,\x81\n", "line 2: neither UTF-8 nor Windows-1252; save it as 'CSV UTF-8'"),
    (b'code,n\n"A1,5\n' + 140_000 * b"x" + b"\n", "this is no CSV file"),
]


@pytest.mark.parametrize(("content", "sentence"), BAD)
def test_what_cannot_be_read_is_refused(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = put(tmp_path, content)
    with pytest.raises(InputError) as refusal:
        CsvFile.open(path)
    assert str(refusal.value).startswith(str(path)) and sentence in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_folder_or_nothing_in_place_of_a_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a folder; allowed is a CSV file"):
        CsvFile.open(tmp_path)
    with pytest.raises(InputError, match="does not exist; allowed is a CSV file"):
        CsvFile.open(tmp_path / "none.csv")


def test_a_column_that_is_there_twice_or_not_at_all(tmp_path: Path) -> None:
    file = CsvFile.open(put(tmp_path, b"Practice Code,practice_code,List Sise\nA,B,1\n"))
    with pytest.raises(InputError, match="the column 'Practice Code' is there 2 times"):
        file.column("practice_code")
    with pytest.raises(InputError, match="the column 'list_size' is missing; did you mean 'List Sise'"):
        file.required("list_size")


def test_a_code_that_is_there_twice_is_named_with_both_lines(tmp_path: Path) -> None:
    file = CsvFile.open(put(tmp_path, b"code,n\nA1,1\n\nA2,2\nA1,3\n"))
    with pytest.raises(InputError, match="line 5, column 'code': 'A1' stands on line 2 already"):
        file.codes("code")


@given(st.floats(0, 1e9).map(lambda value: round(value, 2)))
def test_thousands_may_be_separated(value: float) -> None:
    assert number(f"{value:,.2f}", 0.0, 1e9, "patients", "here") == value == number(f"{value}", 0.0, 1e9, "", "here")


@pytest.mark.parametrize("text", ["1,23", "12,34,567", "3,5", "1.2.3", "many", "inf", "-4", "1e12"])
def test_other_commas_words_and_absurd_numbers_are_refused(text: str) -> None:
    with pytest.raises(InputError, match=r"here: .* allowed are 0 to 200,000 patients"):
        number(text, 0.0, 200_000.0, "patients", "here")


def test_not_known_is_not_zero(tmp_path: Path) -> None:
    file = CsvFile.open(put(tmp_path, b"code,n\n1,-\n2,ND\n3,\n4,*\n5,0\n6,n/a\n"))
    assert np.isnan(file.numbers("n", 0.0, 1.0, "FTE")).tolist() == [True, True, True, True, False, True]


def test_a_quotation_mark_that_swallows_lines_is_still_one_sentence(tmp_path: Path) -> None:
    file = CsvFile.open(put(tmp_path, b'code,n\nA1,"5\nA2,6\nA3,7\nA4,8"\n'))
    with pytest.raises(InputError, match=r"line 5, column 'n': '5 A2,6 A3,7 A4,8' is not a number"):
        file.numbers("n", 0.0, 10.0, "FTE")
