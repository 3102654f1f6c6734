"""A manifest: the list of samples that a stage trains on, in order."""
import json
import os
from bisect import bisect_right
from collections import OrderedDict
from typing import Dict, Iterator, List, Optional, Sequence, Union

from mixdown import files
from mixdown.cache import Cache
from mixdown.errors import MixdownError
from mixdown.parts import Part, PartRows, parts_of
from mixdown.records import Csv
from mixdown.sample import Row, Sample, Shard
from mixdown.shards import open_shard
from mixdown.turns import Turns

#: Records that are read together: those of one shard are neighbours then.
_TOGETHER = 1024

#: The most bytes of records that wait, as far as the manifest knows them.
_WAITING_BYTES = 64 << 20

#: Shards that stay open: a map of memory each, no file handle.
_OPEN_SHARDS = 8192

_OPEN_PARTS = 8


def open(
    path: Union[str, "os.PathLike[str]"],
    *,
    verify: bool = False,
    cache: Optional[str] = None,
    cache_bytes: int = 16 << 30,
) -> "Manifest":
    """Opens a manifest.

    :param path: a stage's output folder (its current manifest), the folder of one manifest, or a
        manifest.json; local, ``s3://`` or ``obs://``
    :param verify: check each record against its identity (needs ``pip install xxhash``)
    :param cache: the folder for what is made of shards that cannot be sought; by default
        ``$XDG_CACHE_HOME/mixdown/python``, else ``~/.cache/mixdown/python``
    :param cache_bytes: how large that folder may become
    :raises MixdownError: when there is no manifest, or it cannot be read
    """
    folder = _folder(os.fspath(path))
    return Manifest(folder, verify, cache, cache_bytes)


def _folder(path: str) -> str:
    """The folder of the manifest that a path names."""
    if path.endswith("manifest.json"):
        return path[: -len("manifest.json")].rstrip("/") or "."
    if files.exists(files.join(path, "manifest.json")):
        return path
    current = files.join(path, "current.json")
    if not files.exists(current):
        raise MixdownError(
            f"{path}: not a manifest: it has neither current.json nor manifest.json. Name a stage's"
            " output folder, such as out/pretraining, or run mixdown prepare first"
        )
    return files.join(path, json.loads(files.read(current))["manifest_id"])


class Manifest:
    """The samples of a stage, in order. Workers of other processes may be given it: it is pickled
    as its path, and each process opens the files for itself.

    :ivar id: the manifest's id
    :ivar stage: the stage that it was made for
    :ivar shards: the files that it takes records from
    :ivar info: all that manifest.json says
    """

    def __init__(self, folder: str, verify: bool, cache: Optional[str], cache_bytes: int):
        self._arguments = (folder, verify, cache, cache_bytes)
        document = files.join(folder, "manifest.json")
        try:
            self.info = json.loads(files.read(document))
            self.id: str = self.info["manifest_id"]
            self.stage: str = self.info["stage"]
            self.shards = _shards(self.info)
            self._open(parts_of(self.info, folder), self.info["spec"].get("identity_field"))
        except (KeyError, ValueError) as e:
            raise MixdownError(f"{document}: cannot be read ({e!r}); run mixdown verify") from e

    def _open(self, parts: Sequence[Part], identity_field: Optional[str]) -> None:
        _, verify, cache, cache_bytes = self._arguments
        self._parts = parts
        self._firsts = [part.first for part in self._parts]
        self._cache = Cache(cache, cache_bytes)
        self._check = None
        if verify:
            from mixdown.identity import IdentityCheck

            self._check = IdentityCheck(identity_field)
        self._forget()

    def _forget(self) -> None:
        self._process = os.getpid()
        self._open_shards: "OrderedDict[int, object]" = OrderedDict()
        self._open_parts: "OrderedDict[int, PartRows]" = OrderedDict()

    def __reduce__(self):
        return Manifest, self._arguments

    def __repr__(self) -> str:
        return f"<Manifest {self.id} of {self.stage}: {len(self):,} samples>"

    def __len__(self) -> int:
        return self._parts[-1].end if self._parts else 0

    def __iter__(self) -> Iterator[Sample]:
        return self.samples()

    def __getitem__(self, index: Union[int, slice]) -> Union[Sample, List[Sample]]:
        """The sample at a position, or a list of those of a slice."""
        if isinstance(index, slice):
            return self.at(range(*index.indices(len(self))))
        return self.at([index])[0]

    def at(self, positions: Sequence[int]) -> List[Sample]:
        """The samples at any positions, in the order of the positions given; -1 is the last."""
        positions = [self._position(index) for index in positions]
        by_part: Dict[int, List[int]] = {}
        for place, position in enumerate(positions):
            by_part.setdefault(bisect_right(self._firsts, position) - 1, []).append(place)
        rows: List[Row] = [None] * len(positions)  # type: ignore[list-item]
        for number, places in by_part.items():
            first = self._firsts[number]
            found = self._part(number).read([positions[place] - first for place in places])
            for place, row in zip(places, found):
                rows[place] = row
        return self._samples(rows)

    def _position(self, index: int) -> int:
        if not -len(self) <= index < len(self):
            raise IndexError(f"position {index}: the manifest has {len(self):,} samples")
        return index % len(self)

    def rows(self, start: int = 0, stop: Optional[int] = None, step: int = 1) -> Iterator[Row]:
        """Rows without their records, from a position on: no shard is read."""
        for batch in self._batches(start, stop, Turns(start=start, world_size=step)):
            yield from batch

    def samples(
        self, start: int = 0, stop: Optional[int] = None, step: int = 1
    ) -> Iterator[Sample]:
        """Samples from a position on. To go on after a stop, give the next position as ``start``."""
        return self.turns(Turns(start=start, world_size=step), start, stop)

    def turns(
        self, turns: Turns, begin: int = 0, stop: Optional[int] = None
    ) -> Iterator[Sample]:
        """The samples that are somebody's turn, from a position on."""
        for batch in self._batches(begin, stop, turns):
            for together in _in_bounds(batch):
                yield from self._samples(together)

    def _batches(self, begin: int, stop: Optional[int], turns: Turns) -> Iterator[List[Row]]:
        if begin < 0 or turns.world_size < 1:
            raise ValueError(f"start {begin}, step {turns.world_size}: start at 0 or later, step 1 or more")
        end = len(self) if stop is None else min(stop, len(self))
        for part in self._parts[max(0, bisect_right(self._firsts, begin) - 1) :]:
            if part.first >= end:
                return
            for rows in part.batches(begin, turns, self._cache):
                if rows[-1].position >= end:
                    rows = [row for row in rows if row.position < end]
                    if rows:
                        yield rows
                    return
                yield rows

    def _samples(self, rows: Sequence[Row]) -> List[Sample]:
        """The rows with their records, read shard by shard."""
        by_shard: Dict[int, List[int]] = {}
        for place, row in enumerate(rows):
            by_shard.setdefault(row.shard, []).append(place)
        samples: List[Sample] = [None] * len(rows)  # type: ignore[list-item]
        for number, places in by_shard.items():
            shard, reader = self.shards[number], self._shard(number)
            its_rows = rows if len(by_shard) == 1 else [rows[place] for place in places]
            for place, content in zip(places, reader.read(its_rows)):
                samples[place] = Sample(rows[place], shard, content, reader.columns)
            if self._check:
                self._check([samples[place] for place in places], reader)
        return samples

    def _shard(self, number: int):
        if self._process != os.getpid():
            self._forget()  # After a fork: no file of the parent's is used.
        return _kept(
            self._open_shards,
            number,
            lambda: open_shard(self.shards[number], self._cache),
            _OPEN_SHARDS,
        )

    def _part(self, number: int) -> PartRows:
        if self._process != os.getpid():
            self._forget()
        return _kept(
            self._open_parts,
            number,
            lambda: PartRows(self._parts[number], self._cache),
            _OPEN_PARTS,
        )


def _kept(kept: OrderedDict, key, make, most: int):
    """What is kept under a key, made where it is not there; the one not used longest goes."""
    if key in kept:
        kept.move_to_end(key)
    else:
        kept[key] = make()
        if len(kept) > most:
            kept.popitem(last=False)
    return kept[key]


def _in_bounds(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    """Rows in groups whose records may wait in memory together."""
    for begin in range(0, len(rows), _TOGETHER):
        group = rows[begin : begin + _TOGETHER]
        if sum(row.length or 0 for row in group) <= _WAITING_BYTES:
            yield group
        else:
            for row in group:
                yield [row]


def _shards(info: dict) -> List[Shard]:
    csv = {d["name"]: Csv(**d["csv"]) for d in info["spec"]["datasets"] if d.get("csv")}
    return [
        Shard(
            shard["dataset"],
            shard["uri"],
            shard["sha256"],
            shard["bytes"],
            shard["records"],
            shard["format"],
            csv.get(shard["dataset"], Csv()),
        )
        for shard in info["shards"]
    ]
