"""Each publication in its layouts: the same practices come out wherever the columns stand and whatever their names."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from abm.errors import InputError
from abm.locality.published.coordinates import read_coordinates
from abm.locality.published.epraccur import read_epraccur
from abm.locality.published.patients import band_of, read_patients
from abm.locality.published.payments import read_payments
from abm.locality.published.workforce import read_workforce
from abm.locality.published.years import Year, year_in

ROUND = {"2014": "2014/15", "2018": "2018/19", "2022": "2022/23"}


@pytest.mark.parametrize("layout", ["2014", "2018", "2022"])
def test_payments_of_every_layout_tell_the_same(publish: Any, surgeries: Any, layout: str) -> None:
    read = read_payments(getattr(publish, f"payments_{layout}")())
    assert str(read.year) == ROUND[layout]
    assert read.codes == [s.code for s in surgeries]
    assert read.names == [s.name for s in surgeries]
    assert read.commissioners == [s.area for s in surgeries]
    assert set(read.commissioner_names) == {"Upper Dale", "Lower, Dale"}  # never the network's name
    assert read.size.tolist() == [s.size for s in surgeries]
    assert read.weighted[:5].tolist() == [s.weighted for s in surgeries][:5]
    assert [bool(why) for why in read.reasons] == [False] * 5 + [True, True]
    assert read.reasons[5:] == ["closed on 30/06/2014, no patients", "list of 99 patients"]


def test_who_is_no_surgery_is_left_out(publish: Any, surgeries: Any, changed: Any) -> None:
    rows = [changed(surgeries[0], kind="Walk in centre"), changed(surgeries[1], kind="Unknown"), *surgeries[2:]]
    reasons = read_payments(publish.payments_2022(rows)).reasons
    assert reasons[:2] == ["no GP practice (walk in centre)", ""]


def test_lists_may_be_fractions_dashes_and_blanks(publish: Any) -> None:
    header = "Practice Code,CCG Code,Average Number of Registered Patients,Average Number of Weighted Patients\n"
    path = publish.write("p.csv", header + 'Z1,9Z1,"11,165.5",-\nZ2,9Z1,-,500\nZ3,9Z1,,\nZ4,9Z1,1000,0\n')
    read = read_payments(path)
    assert read.size.tolist() == pytest.approx([11_165.5, np.nan, np.nan, 1_000], nan_ok=True)
    assert np.isnan(read.weighted).tolist() == [True, False, True, True]
    assert read.reasons == ["", "no list", "no list", ""]
    assert read.year is None


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("nhspaymentsgp-14-15.csv", Year(2014, 2015)), ("england_2014-15.csv", Year(2014, 2015)),
        ("payments 2022/23", Year(2022, 2023)), ("2014_2015", Year(2014, 2015)), ("fy2023", Year(2023, 2023)),
        ("gp-reg-pat-prac-all_202512.csv", Year(2025, 2025)), ("2015-11-27", Year(2015, 2015)),
        ("epraccur_2015-11-27.csv", Year(2015, 2015)), ("workforce", None), ("06L", None), ("12-34", None),
        ("2010-11-05", Year(2010, 2010)), ("20151130", Year(2015, 2015)), ("2014-12-13", Year(2014, 2014)),
        ("2020-04-05", Year(2020, 2020)), ("01/02/2019", Year(2019, 2019)), ("30/12/2013", Year(2013, 2013)),
        ("01APR2014", Year(2014, 2014)), ("payments-2014-15-final.csv", Year(2014, 2015)),
    ],
)  # fmt: skip
def test_years_are_read_as_people_write_them(text: str, year: Year | None) -> None:
    assert year_in(text) == year


def test_years_apart_are_counted_between_their_nearest_ends() -> None:
    assert Year(2014, 2015).apart(Year(2017, 2017)) == 2 == Year(2017, 2017).apart(Year(2014, 2015))
    assert Year(2014, 2015).apart(Year(2015, 2016)) == 0
    assert str(Year(2014, 2015)) == "2014/15" and str(Year(2015, 2015)) == "2015"


WORKFORCE = {
    "published with salaried": "PRAC_CODE,TOTAL_GP_EXTGL_FTE,TOTAL_GP_SEN_PTNR_FTE,TOTAL_GP_PTNR_PROV_FTE,"
    "TOTAL_GP_SAL_BY_PRAC_FTE,TOTAL_GP_SAL_BY_OTH_FTE,TOTAL_NURSES_FTE,TOTAL_DPC_FTE,TOTAL_GP_TRN_GR_ST1_FTE,"
    "TOTAL_GP_TRN_GR_ST3_FTE\nZ1,5,1,2,1.5,.5,2,1,1,.5\n",
    "published without": "Practice.Code,TOTAL_GP_EXTGL_FTE,TOTAL_GP_SEN_PTNR_FTE,TOTAL_GP_PTNR_PROV_FTE,"
    "TOTAL_NURSES_FTE,TOTAL_DPC_FTE,TOTAL_GP_TRN_GR_FTE\nZ1,5,1,2,2,1,1.5\n",
    "retainers are salaried": "PRAC_CODE,TOTAL_GP_EXTGL_FTE,TOTAL_GP_SEN_PTNR_FTE,TOTAL_GP_PTNR_PROV_FTE,"
    "TOTAL_GP_SAL_BY_PRAC_FTE,TOTAL_GP_SAL_BY_OTH_FTE,TOTAL_GP_RET_FTE,TOTAL_NURSES_FTE,TOTAL_DPC_FTE,"
    "TOTAL_GP_TRN_GR_FTE\nZ1,5,1,2,1,.5,.5,2,1,1.5\n",
    "tidy": "practice_code,gp_partners_fte,gp_salaried_fte,nurses_fte,dpc_fte,registrar_fte\nZ1,3,2,2,1,1.5\n",
}


@pytest.mark.parametrize("layout", WORKFORCE)
def test_workforce_of_every_layout_tells_the_same(publish: Any, layout: str) -> None:
    read = read_workforce(publish.write("w.csv", WORKFORCE[layout]))
    found = [getattr(read, name)[0] for name in ("partners", "salaried", "total", "nurses", "others", "registrars")]
    assert found == [3.0, 2.0, 5.0, 2.0, 1.0, 1.5]


def test_a_return_without_gps_was_not_made(publish: Any) -> None:
    """The zeros of a practice that returned nothing are no news; a nurse who is there is."""
    text = "PRAC_CODE,TOTAL_GP_EXTGL_FTE,TOTAL_NURSES_FTE,TOTAL_DPC_FTE\nZ1,0,0,0\nZ2,ND,2,0\nZ3,3,0,1\n"
    read = read_workforce(publish.write("w.csv", text))
    assert read.total.tolist() == pytest.approx([np.nan, np.nan, 3.0], nan_ok=True)
    assert read.nurses.tolist() == pytest.approx([np.nan, 2.0, 0.0], nan_ok=True)
    assert read.others.tolist() == pytest.approx([np.nan, np.nan, 1.0], nan_ok=True)


def test_rounded_parts_that_exceed_their_sum_leave_no_negative_gp(publish: Any) -> None:
    text = "PRAC_CODE,TOTAL_GP_EXTGL_FTE,TOTAL_GP_SEN_PTNR_FTE,TOTAL_GP_PTNR_PROV_FTE\nZ1,2.9,1,2\n"
    read = read_workforce(publish.write("w.csv", text))
    assert (read.partners[0], read.salaried[0], read.total[0]) == (3.0, 0.0, 3.0)


def test_columns_that_name_their_month_state_the_year(publish: Any) -> None:
    read = read_workforce(publish.write("w_2014-15.csv", "practice_code,gp_fte_sep2015,nurses_fte_sep2015\nZ1,3,1\n"))
    assert (read.year, read.total[0], read.nurses[0]) == (Year(2015, 2015), 3.0, 1.0)
    two = publish.write("w.csv", "practice_code,gp_fte_sep2015,gp_fte_sep2016\nZ1,3,1\n")
    with pytest.raises(InputError, match="'gp_fte_sep2015' and 'gp_fte_sep2016' are of several dates"):
        read_workforce(two)


def test_several_years_in_one_file_need_a_choice(publish: Any) -> None:
    path = publish.write("w.csv", "PRAC_CODE,Year,TOTAL_GP_EXTGL_FTE\nZ1,2022,3\nZ1,2023,4\nZ2,2023,5\n")
    with pytest.raises(InputError, match=r"the column 'Year' holds 2 years \(2022, 2023\); choose one with --year"):
        read_workforce(path)
    read = read_workforce(path, Year(2023, 2023))
    assert (read.total.tolist(), read.rows, read.year) == ([4.0, 5.0], {"Z1": 0, "Z2": 1}, Year(2023, 2023))
    with pytest.raises(InputError, match="--year 2021 is not in the column 'Year'; allowed are 2022, 2023"):
        read_workforce(path, Year(2021, 2021))


@pytest.mark.parametrize("name", ["pay_2022-23.csv", "pay.csv"])
def test_payments_of_another_year_than_named_are_refused(publish: Any, name: str) -> None:
    path = publish.write(name, "Practice Code,Year,list_size,CCG Code\nZ1,2022/23,5000,9Z1\n")
    with pytest.raises(InputError, match=r"is of 2022/23, not of --year 2014/15; give that year's file"):
        read_payments(path, Year(2014, 2015))
    for same in (Year(2022, 2023), Year(2022, 2022), Year(2023, 2023)):
        assert read_payments(path, same).year == Year(2022, 2023)


def test_epraccur_tells_who_is_a_practice(publish: Any, surgeries: Any) -> None:
    read = read_epraccur(publish.epraccur(Z00002="9"))
    assert read.entries["Z00001"].reason_to_drop(None) == ""
    assert read.entries["Z00002"].reason_to_drop(None) == "no GP practice (prescribing setting 9)"
    assert (read.entries["Z00001"].name, read.entries["Z00001"].commissioner) == ("MILL LANE", "9Z1")
    with pytest.raises(InputError, match=r"line 1: 2 cells; allowed are the 27 of epraccur.csv"):
        read_epraccur(publish.write("e.csv", "A,B\n"))


def test_who_closed_before_the_year_was_not_there_in_it(publish: Any, changed: Any) -> None:
    entry = read_epraccur(publish.epraccur()).entries["Z00001"]
    closed = changed(entry, status="C", closed="20140331")
    assert closed.reason_to_drop(Year(2014, 2015)) == "closed on 20140331"
    assert changed(closed, closed="20140401").reason_to_drop(Year(2014, 2015)) == ""
    assert closed.reason_to_drop(Year(2013, 2014)) == ""


QUINARY = (
    "PUBLICATION,EXTRACT_DATE,ORG_TYPE,ORG_CODE,POSTCODE,SEX,AGE_GROUP_5,NUMBER_OF_PATIENTS\n"
    "X,01APR2015,GP,Z1,ZZ1 1AA,ALL,ALL,150\nX,01APR2015,CCG,9Z1,,MALE,0_4,99999\n"
    "X,01APR2015,GP,Z1,ZZ1 1AA,MALE,0_4,10\nX,01APR2015,GP,Z1,ZZ1 1AA,FEMALE,10_14,20\n"
    "X,01APR2015,GP,Z1,ZZ1 1AA,MALE,15_19,30\nX,01APR2015,GP,Z1,ZZ1 1AA,MALE,60_64,40\n"
    "X,01APR2015,GP,Z1,ZZ1 1AA,FEMALE,70_74,20\nX,01APR2015,GP,Z1,ZZ1 1AA,FEMALE,75_79,25\n"
    "X,01APR2015,GP,Z1,ZZ1 1AA,FEMALE,95+,5\n"
)


def test_five_year_groups_fall_into_the_bands_of_the_model(publish: Any) -> None:
    read = read_patients([publish.write("quin.csv", QUINARY)])
    assert read.total == {"Z1": 150.0} and read.year == Year(2015, 2015)
    assert read.by_age["Z1"].tolist() == [30.0, 30.0, 40.0, 20.0, 30.0]


def test_single_years_in_a_file_for_each_sex_add_up(publish: Any) -> None:
    header = "EXTRACT_DATE,CCG_CODE,ORG_CODE,SEX,AGE,NUMBER_OF_PATIENTS\n"
    men = publish.write("m.csv", header + "01APR2017,9Z1,Z1,MALE,ALL,60\n01APR2017,9Z1,Z1,MALE,14,50\n"
                        "01APR2017,9Z1,Z1,MALE,15,10\n")  # fmt: skip
    women = publish.write("f.csv", header + "01APR2017,9Z1,Z1,FEMALE,ALL,40\n01APR2017,9Z1,Z1,FEMALE,95+,40\n")
    read = read_patients([men, women])
    assert read.total == {"Z1": 100.0}
    assert read.by_age["Z1"].tolist() == [50.0, 10.0, 0.0, 0.0, 40.0]
    with pytest.raises(InputError, match="male of age all of practice 'Z1' are there twice"):
        read_patients([men, men])


def test_totals_tell_lists_and_no_ages(publish: Any) -> None:
    text = "PUBLICATION,EXTRACT_DATE,TYPE,CODE,POSTCODE,SEX,AGE,NUMBER_OF_PATIENTS\nX,2015-04-01,GP,Z1,Q,ALL,ALL,77\n"
    read = read_patients([publish.write("all.csv", text)])
    assert (read.total, read.by_age) == ({"Z1": 77.0}, {})


@pytest.mark.parametrize("group", ["10-20", "young", "70-79", ""])
def test_groups_that_reach_over_two_bands_are_refused(group: str) -> None:
    with pytest.raises(InputError, match="is no age group that fits"):
        band_of(group, "here")


def test_every_age_has_a_band() -> None:
    bands = [band_of(str(age), "") for age in range(111)]
    assert np.bincount(bands).tolist() == [15, 30, 20, 10, 36]
    assert band_of("ALL", "") == -1


def places(read: Any, surgeries: Any) -> list[tuple[float, float]]:
    found = [read.of(s.code, s.postcode) for s in surgeries]
    return [(point.easting, point.northing) for point in found]


def test_places_of_every_layout_are_the_same(publish: Any, surgeries: Any) -> None:
    truth = [(s.east, s.north) for s in surgeries]
    codes, postcodes = [s.code for s in surgeries], [s.postcode for s in surgeries]
    headed = [("Postcode", "Eastings", "Northings"), *((s.postcode, s.east, s.north) for s in surgeries)]
    by_code = [("practice_code", "easting", "northing"), *((s.code, s.east, s.north) for s in surgeries)]
    for path in (publish.code_point(), publish.write("h.csv", headed), publish.write("c.csv", by_code)):
        assert places(read_coordinates(path, codes, postcodes), surgeries) == truth
    read = read_coordinates(publish.folder / "h.csv", codes, postcodes)
    degrees = [("pcds", "lat", "long"), *((s.postcode, p.latitude, p.longitude) for s, p in
               ((s, read.of("", s.postcode)) for s in surgeries))]  # fmt: skip
    found = read_coordinates(publish.write("d.csv", degrees), codes, postcodes)
    assert np.abs(np.array(places(found, surgeries)) - truth).max() < 0.5


def test_a_folder_of_files_is_read_as_one(publish: Any, surgeries: Any) -> None:
    folder = publish.folder / "codepo"
    folder.mkdir()
    for at, s in enumerate(surgeries):
        publish.code_point([s], f"codepo/{at}.csv")
    read = read_coordinates(folder, [], [s.postcode for s in surgeries])
    assert places(read, surgeries) == [(s.east, s.north) for s in surgeries]
    assert read.rows == 2 * len(surgeries)
    empty = publish.folder / "empty"
    empty.mkdir()
    with pytest.raises(InputError, match="holds no CSV file"):
        read_coordinates(empty, [], [])


def test_a_practice_counts_before_its_postcode(publish: Any) -> None:
    text = "postcode,practice_code,easting,northing\nZZ1 1AA,Z9,440000,430000\nZZ9 9ZZ,Z1,430000,420000\n"
    read = read_coordinates(publish.write("b.csv", text), ["Z1"], ["ZZ1 1AA"])
    assert read.of("Z1", "ZZ1 1AA").easting == 430_000 and read.of("Z2", "zz11aa").easting == 440_000
    assert read.of("Z2", "ZZ1 1AB") is None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("postcode,easting,northing\nZZ1 1AA,650000,520000\n", "line 2, column 'easting': 650000, 520000 (easting, "),
        ("postcode,lat,lon\nZZ1 1AA,-1.5,53.7\n", "column 'lat': -1.5, 53.7 are latitude and longitude swapped"),
        ("postcode,lat,lon\nZZ1 1AA,48.9,2.3\n", "48.9, 2.3 (lat, lon) lies in the sea or outside England"),
        ("postcode,lat\nZZ1 1AA,53.7\n", "the columns 'easting' and 'northing', or 'lat' and 'lon', are missing"),
        ("place,lat,lon\nZZ1 1AA,53.7,-1\n", "the column 'practice_code' or 'postcode' is missing"),
        ("postcode,easting,northing\nZZ1 1AA,west,5\n", "column 'easting': 'west' is not a number"),
        ("practice_code,easting,northing\nZ1,430000,420000\nZ1,430500,420000\n", "'Z1' is there twice, at two places"),
    ],
)
def test_places_that_cannot_be_are_refused(publish: Any, text: str, sentence: str) -> None:
    path = publish.write("c.csv", text)
    with pytest.raises(InputError) as refusal:
        read_coordinates(path, ["Z1"], ["ZZ1 1AA"])
    assert str(refusal.value).startswith(str(path)) and sentence in str(refusal.value)


def test_places_that_are_said_to_be_unknown_are_unknown(publish: Any) -> None:
    text = "postcode,lat,lon,easting,northing\nZZ1 1AA,99.999999,0,,\nZZ1 1AB,,,0,0\n"
    assert read_coordinates(publish.write("c.csv", text), [], ["ZZ1 1AA", "ZZ1 1AB"]).by_postcode == {}
