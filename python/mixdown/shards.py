"""Readers of shards: the records of one file, at any place, in every format that Mixdown reads.

A plain text shard is mapped into memory where it lies. All others cannot be sought: such a shard is
unpacked once into the cache, and its records are read there.
"""
import bz2
import gzip
import mmap
import os
import shutil
import struct
from array import array
from typing import List, Optional, Sequence, Union

import pyarrow as pa
import pyarrow.parquet as pq

from mixdown import files, parquet, records
from mixdown.cache import Cache
from mixdown.errors import MixdownError
from mixdown.sample import Row, Shard

_PAIR = struct.Struct("<qq")
_COUNT = struct.Struct("<q")
_CHUNK = 1 << 20

#: The largest window of Zstandard, as Mixdown reads it; pyarrow stops at 128 MiB.
_LARGEST_WINDOW = 1 << 31


def open_shard(shard: Shard, cache: Cache) -> "Union[TextInPlace, UnpackedText, ParquetShard]":
    """The reader of a shard's records."""
    if shard.form == "parquet":
        return ParquetShard(shard, cache)
    if shard.compression:
        return UnpackedText(shard, cache)
    return TextInPlace(shard, cache)


def local_file(shard: Shard, cache: Cache) -> str:
    """A path of this machine that has the shard's bytes; one in an object store is fetched once."""
    if not files.is_local(shard.uri):
        return cache.file(f"{shard.sha256}.fetched", lambda path: files.fetch(shard.uri, path))
    try:
        size = os.path.getsize(shard.uri)
    except FileNotFoundError:
        raise MixdownError(
            f"{shard.uri}: not found; the manifest was made with it. Bring it back, or run mixdown"
            " prepare again: data that only moved gives the same manifest"
        ) from None
    if size != shard.bytes and not (shard.grows and size > shard.bytes):
        raise MixdownError(
            f"{shard.uri}: has {size:,} bytes, and had {shard.bytes:,} when the manifest was made:"
            " it has changed. Bring the old file back, or run mixdown prepare again"
        )
    return shard.uri


def unpacked(shard: Shard, cache: Cache, kind: str, unpack) -> str:
    """The file in the cache that was made of a shard, once its SHA-256 was found right."""

    def make(target: str) -> None:
        path = local_file(shard, cache)
        if files.sha256(path) != shard.sha256:
            raise MixdownError(
                f"{shard.uri}: its SHA-256 is not the one in the manifest: it has changed. Bring the"
                " old file back, or run mixdown prepare again"
            )
        unpack(path, target)

    return cache.file(f"{shard.sha256}.{kind}", make)


def _map(path: str):
    with open(path, "rb") as file:
        if os.fstat(file.fileno()).st_size == 0:
            return b""
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


class TextInPlace:
    """A plain text shard: a row's offset and length say where its record is."""

    def __init__(self, shard: Shard, cache: Cache):
        self._data = _map(local_file(shard, cache))
        self.columns = records.header(self._data, shard.csv) if shard.form == "csv" else None

    def read(self, rows: Sequence[Row]) -> List[bytes]:
        data = self._data
        return [data[row.offset : row.offset + row.length] for row in rows]


class UnpackedText:
    """A compressed text shard: its bytes lie in the cache, and behind them where each record is."""

    def __init__(self, shard: Shard, cache: Cache):
        options = "".join(f"{ord(c):x}." for c in shard.csv[:2]) + str(int(shard.csv.header))
        kind = shard.form + (f"-{options}" if shard.form == "csv" else "")
        path = unpacked(shard, cache, kind, lambda source, target: _unpack(shard, source, target))
        self._data = _map(path)
        (count,) = _COUNT.unpack_from(self._data, len(self._data) - _COUNT.size)
        self._spans = len(self._data) - _COUNT.size - count * _PAIR.size
        self.columns = records.header(self._data, shard.csv) if shard.form == "csv" else None

    def read(self, rows: Sequence[Row]) -> List[bytes]:
        return [self.record(row.record) for row in rows]

    def record(self, number: int) -> bytes:
        start, end = _PAIR.unpack_from(self._data, self._spans + number * _PAIR.size)
        return self._data[start:end]


class ParquetShard:
    """A Parquet shard: a record is a row of it, as a dict."""

    columns: Optional[tuple] = None

    def __init__(self, shard: Shard, cache: Cache):
        self._rows = parquet.UnpackedRows(unpacked(shard, cache, "arrow", parquet.unpack))
        self._original = lambda: local_file(shard, cache)

    def read(self, rows: Sequence[Row]) -> List[dict]:
        return self._rows.read([row.record for row in rows])

    def batch(self, row: Row) -> pa.RecordBatch:
        """A row as it is stored: a batch that has this row alone."""
        return self._rows.batch(row.record)

    def schema(self) -> pq.ParquetSchema:
        """How the Parquet file is laid out."""
        with parquet.open_file(self._original()) as file:
            return file.schema


def _unpack(shard: Shard, source: str, target: str) -> None:
    """Writes a compressed shard's bytes, then the begin and end of each record, then their count."""
    with open(source, "rb") as compressed, open(target, "wb") as out:
        try:
            with _decompress(shard.compression, compressed) as stream:
                shutil.copyfileobj(stream, out, _CHUNK)
        except (OSError, EOFError) as e:
            remedy = ""
            if shard.compression == "zst":
                remedy = "; for windows beyond 128 MiB: pip install zstandard"
            raise MixdownError(f"{shard.uri}: cannot be decompressed ({e}){remedy}") from e
    places = array("q")
    data = _map(target)
    for start, end in records.spans(data, shard.form, shard.csv):
        places.append(start)
        places.append(end)
    with open(target, "ab") as out:
        out.write(b"".join(_PAIR.pack(*places[i : i + 2]) for i in range(0, len(places), 2)))
        out.write(_COUNT.pack(len(places) // 2))


def _decompress(compression: str, file):
    if not compression:
        return file
    if compression == "gz":
        return gzip.GzipFile(fileobj=file)
    if compression == "bz2":
        return bz2.BZ2File(file)
    if compression == "zst":
        try:
            import zstandard
        except ImportError:
            return pa.CompressedInputStream(pa.PythonFile(file, "r"), "zstd")
        return zstandard.ZstdDecompressor(max_window_size=_LARGEST_WINDOW).stream_reader(
            file, read_across_frames=True
        )
    raise MixdownError(f"the compression {compression!r} is not known; update this package")
