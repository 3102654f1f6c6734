"""Where records stand in text, against a reader that goes byte by byte."""
import csv as python_csv
import io
import random

import pytest

from mixdown.records import Csv, fields, header, parse_row, spans


def obvious_lines(data):
    begin = 3 if data.startswith(b"\xef\xbb\xbf") else 0
    found = []
    for line in data[begin:].split(b"\n"):
        stripped = line[:-1] if line.endswith(b"\r") else line
        if line.strip(b" \t\r"):
            found.append((begin, begin + len(stripped)))
        begin += len(line) + 1
    return found


def obvious_rows(data, csv):
    d, q = csv.delimiter.encode(), csv.quote.encode()
    at = 3 if data.startswith(b"\xef\xbb\xbf") else 0
    found, start, field, quoted, closed = [], at, at, False, False
    while at <= len(data):
        c = data[at : at + 1]
        if quoted and c:
            quoted, closed = c != q, c == q
        elif c == q and (at == field or closed):
            quoted, closed = True, False
        elif c == d:
            field, closed = at + 1, False
        elif c in (b"\n", b"\r", b""):
            if at > start:
                found.append((start, at))
            if data[at : at + 2] == b"\r\n":
                at += 1
            start = field = at + 1
            closed = False
        at += 1
    return found


@pytest.mark.parametrize("seed", range(300))
def test_lines_are_where_a_reader_by_bytes_finds_them(seed):
    random.seed(seed)
    data = bytes(random.choices(b'{}ab \t\r\n\n"\x0b\x0c', k=random.randrange(60)))
    data = b"\xef\xbb\xbf" * (seed % 2) + data
    assert list(spans(data, "jsonl")) == obvious_lines(data)


@pytest.mark.parametrize("seed", range(600))
def test_rows_are_where_a_reader_by_bytes_finds_them(seed):
    random.seed(seed)
    csv = Csv(*random.choice([",\"", ";'", "\t\"", "|^"]), header=seed % 3 == 0)
    letters = (csv.delimiter + csv.quote * 2 + "ab\r\n").encode()
    data = bytes(random.choices(letters, k=random.randrange(40)))
    found = obvious_rows(data, csv)
    # A quote that is never closed fails the run before there is a manifest.
    if found and quote_is_open(data, csv):
        data += csv.quote.encode()
        found = obvious_rows(data, csv)
    assert list(spans(data, "csv", csv)) == found[csv.header :]


def quote_is_open(data, csv):
    return obvious_rows(data + b"\n", csv)[-1][1] > len(data)


@pytest.mark.parametrize("seed", range(200))
def test_fields_are_what_pythons_own_reader_finds(seed):
    random.seed(seed)
    wanted = ["".join(random.choices('ab,"é \n', k=random.randrange(6))) for _ in range(4)]
    out = io.StringIO()
    python_csv.writer(out, lineterminator="\n").writerow(wanted)
    assert fields(out.getvalue()[:-1].encode(), Csv()) == wanted


def test_values_have_the_names_of_their_columns_or_their_numbers():
    assert header(b'\xef\xbb\xbf\r\n"a ""b""",c\r\n1,2', Csv()) == ('a "b"', "c")
    assert parse_row(b"1,2", Csv(), ("a", "c")) == {"a": "1", "c": "2"}
    assert parse_row(b"1,2", Csv(header=False), None) == {"1": "1", "2": "2"}
    assert header(b"1,2", Csv(header=False)) is None
