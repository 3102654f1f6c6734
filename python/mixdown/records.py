"""Where the records of a text shard stand, and what they say. Pure functions over bytes."""
import json
import re
from functools import lru_cache
from typing import Any, Dict, Iterator, List, NamedTuple, Optional, Sequence, Tuple

BOM = b"\xef\xbb\xbf"
_LINE = re.compile(rb"[^\n]+")

# json.loads would look for other encodings first; records are UTF-8.
_DECODE = json.JSONDecoder().decode

#: What JSON calls white space, without the line feed: a line of nothing else is blank.
_SPACES = b" \t\r"


class Csv(NamedTuple):
    """How CSV is written."""

    delimiter: str = ","
    quote: str = '"'
    header: bool = True


def spans(data, form: str, csv: Csv = Csv()) -> Iterator[Tuple[int, int]]:
    """Where each record begins and ends, without its line end.

    ``data`` is bytes or a memory map, ``form`` is ``jsonl`` or ``csv``. A CSV header is no record.
    """
    begin = len(BOM) if data[:3] == BOM else 0
    if form == "jsonl":
        return _lines(data, begin)
    rows = _rows(data, begin, csv)
    if csv.header:
        next(rows, None)
    return rows


def _lines(data, begin: int) -> Iterator[Tuple[int, int]]:
    for line in _LINE.finditer(data, begin):
        if line.group().strip(_SPACES):
            start, end = line.span()
            yield start, end - 1 if data[end - 1] == 13 else end


def _rows(data, begin: int, csv: Csv) -> Iterator[Tuple[int, int]]:
    for row in _csv_patterns(csv.delimiter, csv.quote)[0].finditer(data, begin):
        if row.end() > row.start():
            yield row.span()


def header(data, csv: Csv) -> Optional[Tuple[str, ...]]:
    """The names of CSV's columns; None where it has no header."""
    if not csv.header:
        return None
    begin = len(BOM) if data[:3] == BOM else 0
    start, end = next(_rows(data, begin, csv))
    return tuple(fields(bytes(data[start:end]), csv))


def fields(row: bytes, csv: Csv) -> List[str]:
    """The fields of a CSV row, without their quotes."""
    quote = csv.quote.encode()
    values = []
    for field in _csv_patterns(csv.delimiter, csv.quote)[1].findall(csv.delimiter.encode() + row):
        if len(field) >= 2 and field.startswith(quote) and field.endswith(quote):
            field = field[1:-1].replace(quote + quote, quote)
        values.append(field.decode())
    return values


@lru_cache(maxsize=None)
def _csv_patterns(delimiter: str, quote: str):
    """The patterns of a row, and of one field with the delimiter before it.

    A quote opens a field only where the field begins; behind a closing quote another one opens it
    again, which is how a quote is doubled.
    """
    d, q = re.escape(delimiter.encode()), re.escape(quote.encode())
    field = rb"(?:(?:%(q)s[^%(q)s]*%(q)s[^%(q)s%(d)s\r\n]*)+|[^%(q)s%(d)s\r\n][^%(d)s\r\n]*)?" % {
        b"q": q,
        b"d": d,
    }
    row = re.compile(field + rb"(?:" + d + field + rb")*")
    return row, re.compile(d + rb"(" + field + rb")")


def parse_json(record: bytes) -> Any:
    """What a record of JSON lines says."""
    return _DECODE(record.decode())


def parse_row(row: bytes, csv: Csv, columns: Optional[Sequence[str]]) -> Dict[str, str]:
    """The fields of a CSV row by their columns.

    Without a header, columns are called "1", "2", ..., as in Mixdown's configs.
    """
    values = fields(row, csv)
    names = columns or [str(i + 1) for i in range(len(values))]
    return dict(zip(names, values))
