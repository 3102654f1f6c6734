"""What several tests share: a release of every format, and manifests that Mixdown makes of it."""
import bz2
import datetime
import decimal
import gzip
import json
import os
import subprocess
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

#: The command; the project's own launcher unless the environment names another.
MIXDOWN = os.environ.get("MIXDOWN", str(Path(__file__).resolve().parents[2] / "mixdown"))


class Release:
    """A release repository in a folder, and what Mixdown prepares of it."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.repo = folder / "repo"
        self.repo.mkdir()
        self.index = []

    def dataset(self, name, path, content: bytes, **entry):
        path = self.repo / path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        self.index.append({"name": name, "obs_path": str(path), **entry})
        return path

    def prepare(self, *options, **stage_config):
        """Prepares the stage and gives its output folder."""
        config = {"meta": {"stage": "s", "stage_config": stage_config}, "dataset_index": self.index}
        (self.repo / "training_dataset.json").write_text(json.dumps(config))
        out = self.folder / f"out-{len(list(self.folder.iterdir()))}"
        self.run("prepare", "--repo", self.repo, "--output", out, *options)
        return out / "s"

    def run(self, *arguments):
        env = {**os.environ, "MIXDOWN_WORKSPACE": str(self.folder / "workspace")}
        command = [MIXDOWN, *map(str, arguments)]
        return subprocess.run(command, env=env, check=True, capture_output=True, text=True).stdout

    def shown(self, stage, *options):
        """What ``mixdown show`` says of samples."""
        return json.loads(self.run("show", stage, "--json", *options))["samples"]


def lines(prefix, count):
    """JSON lines with what is hard about them: blank lines, CR LF, other scripts, numbers."""
    text = []
    for i in range(count):
        record = {"id": f"{prefix}-{i}", "n": i, "x": i / 8, "text": 'й "ключ", \\ \n' * (i % 3)}
        text.append(json.dumps(record, ensure_ascii=i % 2 == 0) + ("\r\n" if i % 5 == 0 else "\n"))
        if i % 7 == 0:
            text.append(" \t\n")
    return "".join(text).encode()


def rows(count, delimiter=",", quote='"', header=True, end="\n"):
    """CSV with what is hard about it: quotes, delimiters and line ends inside of fields."""
    q = quote
    text = [delimiter.join(["id", f"{q}the text{q}", "n"])] if header else []
    for i in range(count):
        value = f"{q}a{delimiter}b {q}{q}c{q}{q}{end}d{i}{q}" if i % 3 == 0 else f"plain {i}"
        text.append(delimiter.join([f"r-{i}", value, str(i)]))
        if i % 4 == 0:
            text.append("")
    return end.join(text).encode()


def table(count):
    """Columns of every type that Parquet stores, with nulls."""

    def some(values):
        return [None if i % 5 == 4 else value for i, value in enumerate(values)]

    day = datetime.datetime(1969, 12, 31, 23, 59, 58, 999_001)
    moments = [day + datetime.timedelta(hours=i) for i in range(count)]
    columns = {
        "zz": pa.array(some(range(count)), pa.int8()),
        "a16": pa.array(some(range(-count, 0)), pa.int16()),
        "i64": pa.array(some((-1) ** i * i * 10**15 for i in range(count)), pa.int64()),
        "u32": pa.array(some((1 << 32) - 1 - i for i in range(count)), pa.uint32()),
        "u64": pa.array(some((1 << 64) - 1 - i for i in range(count)), pa.uint64()),
        "f32": pa.array(some(i / 3 for i in range(count)), pa.float32()),
        "f64": pa.array([float("nan") if i == 1 else i / 7 for i in range(count)], pa.float64()),
        "flag": pa.array(some(i % 2 == 0 for i in range(count)), pa.bool_()),
        "text": pa.array(some(f"текст {i}" for i in range(count)), pa.string()),
        "big": pa.array(some(f"large {i}" for i in range(count)), pa.large_string()),
        "raw": pa.array(some(bytes([i % 256, 0, 255]) for i in range(count)), pa.binary()),
        "four": pa.array(some(b"%04d" % i for i in range(count)), pa.binary(4)),
        "word": pa.array(some("abc"[i % 3] for i in range(count))).dictionary_encode(),
        "day": pa.array(some(m.date() for m in moments), pa.date32()),
        "ms": pa.array(some(m.replace(microsecond=5000) for m in moments), pa.timestamp("ms")),
        "us": pa.array(some(moments), pa.timestamp("us", tz="UTC")),
        "ns": pa.array(some(i * 10**12 + 7 for i in range(count)), pa.timestamp("ns")),
        "t32": pa.array(some(i * 1000 for i in range(count)), pa.time32("ms")),
        "t64": pa.array(some(i * 1000 for i in range(count)), pa.time64("ns")),
        "took": pa.array(some(i * 1000 for i in range(count)), pa.duration("us")),
        "dec": pa.array(some(decimal.Decimal(i * 10) / 4 for i in range(count)), pa.decimal128(9, 2)),
        "dec38": pa.array(
            some(decimal.Decimal(-(10**30) - i) for i in range(count)), pa.decimal128(38, 3)
        ),
        "list": pa.array(some([None, i, i + 1][: i % 4] for i in range(count)), pa.list_(pa.int32())),
        "deep": pa.array(
            some([[{"b": i, "a": [str(i)]}], None, []][: i % 4] for i in range(count)),
            pa.list_(pa.list_(pa.struct([("b", pa.int64()), ("a", pa.list_(pa.string()))]))),
        ),
        "pair": pa.array(
            some({"y": i, "x": {"w": None if i % 2 else "v"}} for i in range(count)),
            pa.struct([("y", pa.int32()), ("x", pa.struct([("w", pa.string())]))]),
        ),
        "map": pa.array(
            some([("k", i), ("l", None)][: i % 3] for i in range(count)),
            pa.map_(pa.string(), pa.int64()),
        ),
    }
    return pa.table(columns)


def parquet(content, path, **options):
    pq.write_table(content, path, **options)
    return path.read_bytes()


def every_format(release, tmp):
    """Adds a dataset of each format and compression."""
    release.dataset("plain", "plain.jsonl", b"\xef\xbb\xbf" + lines("p", 40))
    zipped = gzip.compress(lines("g", 25)) + gzip.compress(lines("h", 25))
    release.dataset("zipped", "zipped.jsonl.gz", zipped)
    release.dataset("bz", "bz.jsonl.bz2", bz2.compress(lines("b", 30)))
    release.dataset("csv", "csv.csv", rows(30))
    release.dataset("csv_gz", "rows.csv.gz", gzip.compress(rows(35, end="\r\n")))
    release.dataset(
        "csv_odd",
        "odd.csv.bz2",
        bz2.compress(rows(20, ";", "'", header=False)),
        csv={"delimiter": ";", "quote": "'", "header": False},
    )
    columns = parquet(table(45), tmp / "t.parquet", row_group_size=10, compression="zstd")
    release.dataset("columns", "columns.parquet", columns, duplicate=2.5)
    zstandard = pytest.importorskip("zstandard")
    frames = zstandard.compress(lines("z", 20)) + zstandard.compress(lines("y", 20))
    release.dataset("zst", "zst.jsonl.zst", frames)


@pytest.fixture(scope="session")
def release(tmp_path_factory):
    folder = tmp_path_factory.mktemp("release")
    release = Release(folder)
    every_format(release, tmp_path_factory.mktemp("tables"))
    return release


def prepared(release, manifest_format):
    """The output folder of a stage that has all formats, in several parts, with augmentation."""
    return release.prepare(
        "--manifest-format",
        manifest_format,
        shuffle_block=16,
        rows_per_part=64,
        seed=7,
        augmentation={"enabled": True, "methods": ["noise"]},
    )


@pytest.fixture(scope="session")
def parquet_stage(release):
    """The stage with a Parquet manifest."""
    return prepared(release, "parquet")


@pytest.fixture(scope="session")
def jsonl_stage(release):
    """The stage with a manifest of JSON lines."""
    return prepared(release, "jsonl")


@pytest.fixture(params=["parquet", "jsonl"])
def stage(request):
    """The stage with each form of manifest."""
    return request.getfixturevalue(f"{request.param}_stage")


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    """No test sees what another, or the machine's user, has unpacked."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
