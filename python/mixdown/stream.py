"""A stream: increments that continue one another. A trainer follows it as it grows."""
import json
import os
import re
import time
from datetime import datetime, timezone
from typing import Iterator, Optional, Union

from mixdown import files
from mixdown.errors import MixdownError
from mixdown.manifest import Manifest
from mixdown.parts import parts_of
from mixdown.records import Csv
from mixdown.sample import Sample, Shard

_NAMES = re.compile(r"[A-Za-z0-9._-]{1,64}")

#: A consumer's position is written so often, at most, while samples are taken.
_REPORT_SECONDS = 1.0


def follow(
    path: Union[str, "os.PathLike[str]"],
    *,
    consumer: Optional[str] = None,
    start: Optional[int] = None,
    poll: float = 1.0,
    timeout: Optional[float] = None,
    verify: bool = True,
    report: bool = True,
    cache: Optional[str] = None,
    cache_bytes: int = 16 << 30,
) -> "Follower":
    """Follows a stream: its samples in order, and the next ones when they come.

    :param path: a stage's output folder, or the ``online`` folder in it; local, ``s3://`` or
        ``obs://``
    :param consumer: a name under which the position is kept in the stream's folder; the next
        follower of this name goes on from there
    :param start: the first position; by default where the consumer was, else 0
    :param poll: how often it looks for the next increment, in seconds
    :param timeout: how long it waits for the next increment before it ends; None for ever
    :param verify: check each record against its identity (needs ``pip install xxhash``): a source
        file may have changed since
    :param report: write the consumer's position as samples are taken; if false, call
        :meth:`Follower.report` yourself, after a checkpoint of the model, for example
    :raises MixdownError: when there is no stream, or its chain is not whole
    """
    folder = os.fspath(path).rstrip("/")
    if folder.endswith("stream.json"):
        folder = folder[: -len("stream.json")].rstrip("/") or "."
    if not files.exists(files.join(folder, "stream.json")):
        folder = files.join(folder, "online")
    if not files.exists(files.join(folder, "stream.json")):
        raise MixdownError(
            f"{path}: not a stream: it has no stream.json. Name an online stage's output folder, such"
            " as out/online_learning, or run mixdown online tick first"
        )
    if consumer is not None and not _NAMES.fullmatch(consumer):
        raise MixdownError(
            f"consumer {consumer!r}: a name has letters, digits, dots, dashes and underscores, 64 at most"
        )
    return Follower(folder, consumer, start, poll, timeout, verify, report, cache, cache_bytes)


class Increment(Manifest):
    """One increment of a stream: a manifest whose positions are the stream's.

    :ivar seq: its number, from 1
    :ivar first: its first position
    :ivar end: behind its last position
    :ivar closed: whether the stream ends with it
    """

    def __init__(self, folder: str, info: dict, identity_field, verify, cache, cache_bytes):
        self._arguments = (folder, verify, cache, cache_bytes)
        self._origin = (folder, info, identity_field, verify, cache, cache_bytes)
        self.info = info
        self.id = info["id"]
        self.seq: int = info["seq"]
        self.first: int = info["positions"]["from"]
        self.end: int = info["positions"]["to"]
        self.closed: bool = info["closed"]
        self.shards = [
            Shard(
                shard["dataset"],
                shard["uri"],
                shard["sha256"],
                shard["bytes"],
                shard["records"],
                shard["format"],
                Csv(**shard["csv"]) if shard.get("csv") else Csv(),
                True,
            )
            for shard in info["shards"]
        ]
        jsonl = any(part["path"].endswith(".jsonl") for part in info["parts"])
        parts = {**info, "format": "jsonl" if jsonl else "parquet"}
        self._open(parts_of(parts, folder, stream=True), identity_field)

    def __reduce__(self):
        return Increment, self._origin

    def __repr__(self) -> str:
        return f"<Increment {self.seq}: positions {self.first:,} to {self.end:,}>"

    def __len__(self) -> int:
        return self.end


class Follower:
    """Goes through a stream's samples, and waits for the next ones.

    :ivar position: the next position
    :ivar increment: the increment that the last sample came from; None before the first
    """

    def __init__(self, folder, consumer, start, poll, timeout, verify, report, cache, cache_bytes):
        self._folder = folder
        self._consumer = consumer
        self._poll = poll
        self._timeout = timeout
        self._verify = verify
        self._report = report
        self._cache = (cache, cache_bytes)
        self._stream = json.loads(files.read(files.join(folder, "stream.json")))
        self._reported: Optional[int] = None
        self._reported_at = 0.0
        self.increment: Optional[Increment] = None
        self.position: int = self._begin() if start is None else start

    def _consumer_file(self) -> str:
        return files.join(self._folder, f"consumers/{self._consumer}.json")

    def _begin(self) -> int:
        if self._consumer and files.exists(self._consumer_file()):
            return json.loads(files.read(self._consumer_file()))["position"]
        return 0

    def __iter__(self) -> Iterator[Sample]:
        try:
            yield from self._samples()
        finally:
            self._say(True)

    def _samples(self) -> Iterator[Sample]:
        before = None
        increment = self._find(self.position)
        while True:
            if increment is None:
                increment = self._next(before)
                if increment is None:
                    return
            self._check(increment, before)
            self.increment = increment
            if increment.closed:
                return
            for sample in increment.samples(start=max(self.position, increment.first)):
                yield sample._replace(increment=increment.seq)
                # Whoever asks for the next one is done with this.
                self.position = sample.position + 1
                self._say(False)
            self.position = max(self.position, increment.end)
            self._say(True)
            before, increment = increment, None

    def _check(self, increment: "Increment", before: Optional["Increment"]) -> None:
        name = files.join(self._folder, f"increments/{increment.seq:010d}.json")
        if before is not None and (
            increment.info["parent"] != before.id or increment.first != before.end
        ):
            raise MixdownError(
                f"{name}: does not go on from increment {before.seq}: the chain was altered; run"
                " mixdown online verify"
            )
        if increment.info["stream_id"] != self._stream["id"]:
            raise MixdownError(f"{name}: is of another stream; run mixdown online verify")
        for part in increment.info["parts"]:
            path = files.join(self._folder, part["path"])
            needed = part["first_position"] + part["rows"] > self.position
            if needed and not files.exists(path):
                raise MixdownError(
                    f"{path}: was removed, and position {self.position:,} is in it: this reader is"
                    " further behind than every consumer that the stream knew (keep: needed). Begin at"
                    " a later position with start=, and name a consumer before you read"
                )

    def _read(self, seq: int) -> Optional["Increment"]:
        path = files.join(self._folder, f"increments/{seq:010d}.json")
        if not files.exists(path):
            return None
        try:
            info = json.loads(files.read(path))
            return Increment(
                self._folder, info, self._stream.get("identity_field"), self._verify, *self._cache
            )
        except (KeyError, ValueError) as e:
            raise MixdownError(f"{path}: cannot be read ({e!r}); run mixdown online verify") from e

    def _head(self) -> int:
        """The number of the last increment, as far as it is told; 0 before the first."""
        path = files.join(self._folder, "head.json")
        return json.loads(files.read(path))["seq"] if files.exists(path) else 0

    def _find(self, position: int) -> Optional["Increment"]:
        """The first increment that ends behind a position; None where the chain ends before."""
        low, high = 1, max(1, self._head())
        while self._info(high) is not None and self._info(high)["positions"]["to"] <= position:
            if self._info(high)["closed"]:
                return self._read(high)
            low, high = high + 1, high + 1
        if self._info(high) is None:
            self._seq = high
            return None
        while low < high:
            middle = (low + high) // 2
            if self._info(middle)["positions"]["to"] > position:
                high = middle
            else:
                low = middle + 1
        return self._read(low)

    def _info(self, seq: int) -> Optional[dict]:
        path = files.join(self._folder, f"increments/{seq:010d}.json")
        return json.loads(files.read(path)) if files.exists(path) else None

    def _next(self, before: Optional["Increment"]) -> Optional["Increment"]:
        """The next increment, when it is there; None when it does not come in time."""
        seq = before.seq + 1 if before else self._seq
        begin = time.monotonic()
        while True:
            increment = self._read(seq)
            if increment is not None:
                return increment
            if self._timeout is not None and time.monotonic() - begin >= self._timeout:
                return None
            time.sleep(self._poll)

    def report(self, position: Optional[int] = None) -> None:
        """Says that everything before a position is done with; by default the next one's."""
        if self._consumer is None:
            raise MixdownError("a follower without a consumer's name has no position to report")
        self._write(self.position if position is None else position)

    def _say(self, now: bool) -> None:
        if self._consumer is None or not self._report or self.position == self._reported:
            return
        if now or time.monotonic() - self._reported_at >= _REPORT_SECONDS:
            self._write(self.position)

    def _write(self, position: int) -> None:
        when = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        document = {"name": self._consumer, "position": position, "when": when}
        files.write(self._consumer_file(), json.dumps(document, indent=2).encode() + b"\n")
        self._reported = position
        self._reported_at = time.monotonic()
