"""Published appointments are read as they stand, in either set of column names."""

from datetime import date

import numpy as np
import pytest

from abm.errors import InputError
from experiments.waits.published import month_of, read_published

PLAIN = """month,appointment_status,tba,count_of_appointments
2019-04,Attended,Same Day,400
2019-04,DNA,Same Day,100
2019-04,Attended,2 to 7 Days,300
2019-04,Unknown,More than 28 Days,200
2019-04,Attended,Unknown / Data Quality,7
2019-05,Attended,1 Day,"1,500"
"""
AS_RELEASED = """\
SUB_ICB,APPOINTMENT_MONTH,APPT_STATUS,HCP_TYPE,TIME_BETWEEN_BOOK_AND_APPT,COUNT_OF_APPOINTMENTS
99X,APR2019,Attended,GP,Same Day,150
99X,APR2019,Attended,Other Practice staff,Same Day,250
99X,APR2019,DNA,GP,Same Day,100
99X,APR2019,Attended,GP,2 to 7 Days,300
99X,APR2019,Unknown,GP,More than 28 Days,200
99X,APR2019,Attended,GP,Unknown / Data Quality,7
99X,MAY2019,Attended,GP,1 Day,1500
"""


@pytest.fixture(params=[PLAIN, AS_RELEASED])
def published(request, tmp_path):
    path = tmp_path / "published.csv"
    path.write_text(request.param)
    return read_published(path)


def test_shares_are_of_all_appointments_with_a_known_time_from_booking(published):
    assert published.months == (date(2019, 4, 1), date(2019, 5, 1))
    assert published.total.tolist() == [1000, 1500]
    assert published.share[0].tolist() == [0.5, 0, 0.3, 0, 0, 0, 0.2]
    assert published.share[1].tolist() == [0, 1, 0, 0, 0, 0, 0]


def test_non_attendance_leaves_out_unknown_statuses_and_months_without(published):
    assert published.no_show[0] == pytest.approx(100 / 807)
    assert np.isnan(published.no_show[1])


def test_a_span_holds_its_months_alone(published):
    assert published.span(date(2019, 5, 1), date(2020, 1, 1)).months == (date(2019, 5, 1),)


@pytest.mark.parametrize("text", ["2019-04", "APR2019", "April 2019", "2019-04-01", " apr2019 "])
def test_months_are_read_as_people_write_them(text):
    assert month_of(text) == date(2019, 4, 1)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "is no table of published appointments"),
        (PLAIN.replace("tba", "wait"), "has no column 'tba'"),
        (PLAIN.replace("2019-05", "spring"), "line 7, column 'month': 'spring' is no month"),
        (PLAIN.replace(",300", ",many"), "line 4, column 'count_of_appointments': 'many' is no count"),
        (PLAIN.replace(",300", ",-3"), "line 4, column 'count_of_appointments': '-3' is no count"),
        ("month,appointment_status,tba,count_of_appointments\n2019-04,Attended,soon,3\n", "known time from booking"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_one_sentence(tmp_path, content, words):
    path = tmp_path / "bad.csv"
    path.write_text(content)
    with pytest.raises(InputError, match=words) as refusal:
        read_published(path)
    assert str(path) in str(refusal.value) and "\n" not in str(refusal.value)


def test_a_file_that_is_not_there_or_not_text_is_refused(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        read_published(tmp_path / "nowhere.csv")
    path = tmp_path / "latin.csv"
    path.write_bytes(PLAIN.replace("DNA", "DNÄ").encode("latin-1"))
    with pytest.raises(InputError, match="UTF-8"):
        read_published(path)


def test_the_real_table_is_whole(real_data):
    published = read_published(next((real_data / "waits").glob("*.csv")))
    assert len(published.months) == 72 and published.months[0] == date(2017, 11, 1)
    assert np.allclose(published.share.sum(axis=1), 1)
    assert 0.4 < published.share[:28, 0].mean() < 0.5  # same day, before Covid
