"""The parts of a manifest: its rows, from any position."""
import json
from typing import Iterator, List, NamedTuple, Sequence

import pyarrow as pa

from mixdown import files, parquet
from mixdown.cache import Cache
from mixdown.sample import Row, Shard
from mixdown.shards import UnpackedText, local_file, unpacked

#: How many rows are decoded at once.
_ROWS = 8192

_COLUMNS = [*Row._fields[:7], "pass", "identity", "augment_seed"]

#: What rows of a stream say beside.
_OF_STREAM = ["stratum", "replay"]


class Part(NamedTuple):
    """One file of a manifest, as manifest.json lists it; it is read like a shard.

    :param first: the position of its first row
    :param columns: those that its rows have
    """

    file: Shard
    first: int
    columns: Sequence[str] = tuple(_COLUMNS)

    @property
    def end(self) -> int:
        return self.first + self.file.records

    def batches(self, begin: int, turns, cache: Cache) -> Iterator[List[Row]]:
        """The rows from a position on that are somebody's turn, some at a time."""
        if begin >= self.end:
            return
        path = local_file(self.file, cache)
        read = _parquet if self.file.form == "parquet" else _json_lines
        at = self.first
        for chunk, count, rows in read(path, self.columns):
            if at + count > begin:
                wanted = turns.of(max(at, begin), at + count)
                if wanted:
                    yield rows(chunk, [position - at for position in wanted], self.columns)
            at += count


class PartRows:
    """The rows of a part at any place."""

    def __init__(self, part: Part, cache: Cache):
        self._parquet = part.file.form == "parquet"
        self._columns = part.columns
        if self._parquet:
            path = unpacked(part.file, cache, "arrow", parquet.unpack)
            self._rows = parquet.UnpackedRows(path)
        else:
            self._rows = UnpackedText(part.file, cache)

    def read(self, places: Sequence[int]) -> List[Row]:
        if self._parquet:
            return [Row(*(row[c] for c in self._columns)) for row in self._rows.read(places)]
        return [_row(self._rows.record(place), self._columns) for place in places]


def _parquet(path: str, columns: Sequence[str]):
    with parquet.open_file(path) as file:
        for batch in file.iter_batches(_ROWS, columns=list(columns), use_threads=False):
            yield batch, batch.num_rows, _rows_of_batch


def _rows_of_batch(
    batch: pa.RecordBatch, places: Sequence[int], names: Sequence[str]
) -> List[Row]:
    if len(places) < batch.num_rows:
        batch = batch.take(pa.array(places))
    columns = [batch.column(batch.schema.get_field_index(c)).to_pylist() for c in names]
    return [Row(*values) for values in zip(*columns)]


def _json_lines(path: str, columns: Sequence[str]):
    with open(path, "rb") as file:
        while True:
            lines = [line for _, line in zip(range(_ROWS), file)]
            if not lines:
                return
            yield lines, len(lines), _rows_of_lines


def _rows_of_lines(
    lines: Sequence[bytes], places: Sequence[int], names: Sequence[str]
) -> List[Row]:
    return [_row(lines[place], names) for place in places]


def _row(line: bytes, names: Sequence[str]) -> Row:
    row = json.loads(line)
    for field in ("identity", "augment_seed"):
        # Text of hexadecimal digits; manifests of early versions have numbers.
        if isinstance(row[field], str):
            row[field] = int(row[field], 16)
    return Row(*(row[c] for c in names))


def parts_of(manifest: dict, folder: str, stream: bool = False) -> List[Part]:
    """The parts that a manifest.json, or an increment of a stream, lists."""
    columns = tuple([*_COLUMNS, *_OF_STREAM] if stream else _COLUMNS)
    parts = []
    for part in manifest["parts"]:
        file = Shard(
            "",
            files.join(folder, part["path"]),
            part["sha256"],
            part["bytes"],
            part["samples"] if "samples" in part else part["rows"],
            manifest["format"],
        )
        parts.append(Part(file, part["first_position"], columns))
    return parts
