"""Rows of Parquet files at any place: a file is unpacked once into Arrow's own format."""
from bisect import bisect_right
from collections import OrderedDict
from typing import Any, Dict, List, Sequence

import pyarrow as pa
import pyarrow.parquet as pq

#: How many rows lie together. Small, so that a row's neighbours cost little.
BATCH_ROWS = 4096

#: How many batches stay mapped for a file.
_OPEN_BATCHES = 64


def unpack(path: str, target: str) -> None:
    """Writes a Parquet file's rows in Arrow's format, where each can be found without decoding."""
    with open_file(path) as file:
        with pa.ipc.new_file(target, file.schema_arrow) as writer:
            for batch in file.iter_batches(BATCH_ROWS, use_threads=False):
                writer.write_batch(batch)


class UnpackedRows:
    """The rows of an unpacked file, as dicts. Nothing is read before it is asked for."""

    def __init__(self, path: str):
        self._reader = pa.ipc.open_file(pa.memory_map(path))
        self._firsts = [0]
        for i in range(self._reader.num_record_batches):
            self._firsts.append(self._firsts[-1] + self._reader.get_batch(i).num_rows)
        self._batches: "OrderedDict[int, pa.RecordBatch]" = OrderedDict()

    def read(self, rows: Sequence[int]) -> List[dict]:
        """The rows of these numbers, in the order in which they are asked for."""
        by_batch: Dict[int, List[int]] = {}
        for place, row in enumerate(rows):
            by_batch.setdefault(bisect_right(self._firsts, row) - 1, []).append(place)
        found: List[dict] = [{}] * len(rows)
        for number, places in by_batch.items():
            batch, first = self._batch(number), self._firsts[number]
            taken = batch.take(pa.array([rows[place] - first for place in places]))
            for place, values in zip(places, values_of(taken)):
                found[place] = values
        return found

    def batch(self, row: int) -> pa.RecordBatch:
        """A batch of one row."""
        number = bisect_right(self._firsts, row) - 1
        return self._batch(number).slice(row - self._firsts[number], 1)

    def _batch(self, number: int) -> pa.RecordBatch:
        if number in self._batches:
            self._batches.move_to_end(number)
        else:
            self._batches[number] = self._reader.get_batch(number)
            if len(self._batches) > _OPEN_BATCHES:
                self._batches.popitem(last=False)
        return self._batches[number]


def values_of(batch: pa.RecordBatch) -> List[dict]:
    """A batch's rows as dicts of Python's values.

    Python's own times end at microseconds, and its years at 1 and 9999. A column with nanoseconds
    comes as text (ISO 8601), a duration in nanoseconds as a number, and so does a moment that Python
    cannot hold: the same whether pandas is there or not.
    """
    columns = [column.cast(_readable(column.type)) for column in batch.columns]
    try:
        return pa.RecordBatch.from_arrays(columns, batch.schema.names).to_pylist()
    except (OverflowError, ValueError):
        names = batch.schema.names
        return [dict(zip(names, map(_value, row))) for row in zip(*columns)]


def _value(scalar: pa.Scalar) -> Any:
    """A value of Python's; the stored number of one that Python has no value for."""
    if not scalar.is_valid:
        return None
    if isinstance(scalar, pa.StructScalar):
        return {name: _value(scalar[name]) for name in scalar}
    if isinstance(scalar, pa.MapScalar):
        return [(_value(entry[0]), _value(entry[1])) for entry in scalar.values]
    if isinstance(scalar, (pa.ListScalar, pa.LargeListScalar)):
        return [_value(item) for item in scalar.values]
    try:
        return scalar.as_py()
    except (OverflowError, ValueError):
        return scalar.value


def _readable(kind: pa.DataType) -> pa.DataType:
    if getattr(kind, "unit", None) != "ns":
        return kind
    return pa.int64() if pa.types.is_duration(kind) else pa.string()


def open_file(path: str) -> pq.ParquetFile:
    """A Parquet file, opened without threads: they do not survive a fork."""
    return pq.ParquetFile(path, pre_buffer=False)
