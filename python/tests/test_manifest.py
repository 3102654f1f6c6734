"""Manifests read in Python are what ``mixdown show`` says they are."""
import datetime
import gzip
import pickle
import random
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import mixdown
from mixdown.parquet import values_of

from conftest import Release, lines, parquet, rows, table


def told(samples):
    """Samples in a form in which one that has NaN is equal to itself."""
    return [repr(sample) for sample in samples]


def test_every_sample_is_the_one_that_show_prints(release, stage):
    manifest = mixdown.open(stage, verify=True)
    shown = release.shown(stage, "--count", 10_000)
    samples = list(manifest)
    assert len(samples) == len(manifest) == len(shown) > 300
    for sample, expected in zip(samples, shown):
        assert sample.position == expected["position"]
        assert sample.dataset == expected["dataset"]
        assert sample.category == expected["category"]
        assert sample.pass_ == expected["pass"]
        assert sample.row.record == expected["record_number"]
        assert sample.shard.uri == expected["shard"]
        if sample.shard.form == "jsonl":
            assert sample.data == expected["record"]
        elif sample.shard.form == "csv":
            assert sample.bytes.decode() == expected["record"]


def test_rows_are_exact_to_the_last_bit(parquet_stage):
    manifest = mixdown.open(parquet_stage)
    parts = sorted((Path(parquet_stage) / manifest.id).glob("part-*.parquet"))
    expected = [values for part in parts for values in pq.read_table(part).to_pylist()]
    assert len(parts) == 6
    assert [row.identity for row in manifest.rows()] == [v["identity"] for v in expected]
    assert [row.augment_seed for row in manifest.rows()] == [v["augment_seed"] for v in expected]
    assert max(row.identity for row in manifest.rows()) > 1 << 63


def test_both_forms_of_a_manifest_have_the_same_samples(parquet_stage, jsonl_stage):
    a, b = mixdown.open(parquet_stage), mixdown.open(jsonl_stage)
    assert a.id != b.id
    assert list(a.rows()) == list(b.rows())
    assert told(a[: len(a)]) == told(b[: len(b)]) == told(a) == told(b)


def test_parquet_rows_have_the_values_that_were_written(release, stage):
    written = table(45).drop_columns(["ns", "t64", "f64"]).to_pylist()
    seen = 0
    for sample in mixdown.open(stage):
        if sample.dataset == "columns":
            data = dict(sample.data)
            for name in ("ns", "t64", "f64"):
                data.pop(name)
            assert data == written[sample.row.record]
            seen += 1
            with pytest.raises(mixdown.MixdownError, match="use .data"):
                sample.bytes
    assert seen == 112


def test_moments_finer_than_pythons_come_as_text(stage):
    texts = {s.data["ns"] for s in mixdown.open(stage) if s.dataset == "columns"}
    assert "1970-01-01 00:16:40.000000007" in texts


def test_moments_that_python_cannot_hold_come_as_numbers():
    far = pa.array([10**18, None, 0], pa.timestamp("us"))
    inside = pa.array([[10**18], None, []], pa.list_(pa.timestamp("ms")))
    rows = values_of(pa.record_batch({"at": far, "list": inside, "text": ["a", "b", None]}))
    assert rows == [
        {"at": 10**18, "list": [10**18], "text": "a"},
        {"at": None, "list": None, "text": "b"},
        {"at": datetime.datetime(1970, 1, 1), "list": [], "text": None},
    ]


def test_csv_has_its_columns(stage):
    data = {s.row.record: s.data for s in mixdown.open(stage) if s.dataset == "csv_gz"}
    assert data[3] == {"id": "r-3", "the text": 'a,b "c"\r\nd3', "n": "3"}
    data = {s.row.record: s.data for s in mixdown.open(stage) if s.dataset == "csv_odd"}
    assert data[1] == {"1": "r-1", "2": "plain 1", "3": "1"}


def test_reading_goes_on_at_any_position(stage):
    manifest = mixdown.open(stage)
    samples = list(manifest)
    for start in (0, 1, 63, 64, 65, 200, len(samples) - 1, len(samples), len(samples) + 9):
        assert told(manifest.samples(start)) == told(samples[start:])
        assert told(manifest.samples(start, step=5)) == told(samples[start::5])
        assert list(manifest.rows(start, start + 70)) == [s.row for s in samples[start : start + 70]]


def test_indexes_and_slices_are_those_of_a_list(stage):
    manifest = mixdown.open(stage)
    samples = list(manifest)
    random.seed(1)
    for _ in range(50):
        i = random.randrange(-len(samples), len(samples))
        assert told([manifest[i]]) == told([samples[i]])
    for cut in (slice(None, 9), slice(-5, None), slice(300, 20, -31), slice(60, 70), slice(5, 5)):
        assert told(manifest[cut]) == told(samples[cut])
    for i in (len(samples), -len(samples) - 1):
        with pytest.raises(IndexError, match="the manifest has"):
            manifest[i]
        with pytest.raises(IndexError, match="the manifest has"):
            manifest.at([0, i])
    assert told(manifest.at([5, -1, 5])) == told([samples[5], samples[-1], samples[5]])


def test_a_manifest_is_found_by_stage_by_folder_and_by_file(stage):
    manifest = mixdown.open(str(stage))
    for path in (stage / manifest.id, stage / manifest.id / "manifest.json"):
        assert mixdown.open(path).id == manifest.id
    assert manifest.stage == "s"
    assert repr(manifest).startswith(f"<Manifest {manifest.id} of s: ")


def test_what_was_opened_stays_though_another_becomes_current(tmp_path):
    release = Release(tmp_path)
    release.dataset("a", "a.jsonl", lines("a", 20))
    stage = release.prepare(seed=1)
    old = mixdown.open(stage)
    rows = list(old.rows())
    config = release.repo / "training_dataset.json"
    config.write_text(config.read_text().replace('"seed": 1', '"seed": 2'))
    release.run("prepare", "--repo", release.repo, "--output", stage.parent)
    assert mixdown.open(stage).id != old.id
    assert list(pickle.loads(pickle.dumps(old)).rows()) == rows


def test_no_shard_is_unpacked_twice(stage, tmp_path):
    folder = tmp_path / "unpacked"
    first = told(mixdown.open(stage, cache=str(folder)))
    times = {p.name: p.stat().st_ino for p in folder.iterdir()}
    # Six shards that cannot be sought, none of them a part of the manifest.
    assert len(times) == 6
    assert told(mixdown.open(stage, cache=str(folder))) == first
    assert {p.name: p.stat().st_ino for p in folder.iterdir()} == times


def test_a_cache_that_is_too_small_still_reads_everything(stage, tmp_path):
    whole = told(mixdown.open(stage))
    small = mixdown.open(stage, cache=str(tmp_path / "small"), cache_bytes=1)
    assert told(small) == whole


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    folder = tmp_path_factory.mktemp("prepared")
    release = Release(folder)
    release.dataset("a", "a.jsonl", lines("a", 20))
    release.dataset("b", "b.jsonl.gz", gzip.compress(lines("b", 20)))
    release.dataset("c", "c.parquet", parquet(table(20), folder / "c"))
    return release, release.prepare()


@pytest.fixture
def small(prepared):
    """A stage whose shards a test may change: they come back afterwards."""
    release, stage = prepared
    files = {path: path.read_bytes() for path in release.repo.iterdir()}
    yield release.repo, stage
    for path, content in files.items():
        path.write_bytes(content)


def changed(path, byte=-10):
    content = bytearray(path.read_bytes())
    content[byte] ^= 1
    path.write_bytes(content)


def test_a_shard_that_is_gone_is_named(small):
    repo, stage = small
    (repo / "a.jsonl").unlink()
    with pytest.raises(mixdown.MixdownError, match=r"a\.jsonl: not found.*prepare again"):
        list(mixdown.open(stage))


def test_a_shard_of_another_size_is_named(small):
    repo, stage = small
    with open(repo / "a.jsonl", "ab") as file:
        file.write(b"\n")
    with pytest.raises(mixdown.MixdownError, match=r"a\.jsonl: has .* bytes, and had .*changed"):
        list(mixdown.open(stage))


@pytest.mark.parametrize("name", ["b.jsonl.gz", "c.parquet"])
def test_a_shard_that_cannot_be_sought_is_checked_when_it_is_unpacked(small, name):
    repo, stage = small
    changed(repo / name)
    with pytest.raises(mixdown.MixdownError, match=f"{name}: its SHA-256"):
        list(mixdown.open(stage))


def test_verify_finds_a_record_that_was_changed_in_place(small):
    repo, stage = small
    changed(repo / "a.jsonl", 12)
    assert len(list(mixdown.open(stage))) == 60
    with pytest.raises(mixdown.MixdownError, match=r"a\.jsonl: record 0 is not the one"):
        list(mixdown.open(stage, verify=True))


def test_verify_knows_identities_taken_from_a_field_of_any_type(tmp_path):
    release = Release(tmp_path)
    values = ["1.50e-3", "true", "-7", '"\\u00e9\\n"', '"plain"', '"12"']
    text = "".join(f'{{"key": {value}, "n": {i}}}\n' for i, value in enumerate(values))
    release.dataset("lines", "a.jsonl", text.encode())
    release.dataset("rows", "c.csv", rows(20).replace(b"the text", b"key"))
    columns = ["zz", "u64", "flag", "text", "dec", "dec38", "ms", "us", "ns", "day", "t32", "raw"]
    for name in columns:
        column = table(40).select([name, "f64"]).rename_columns(["key", "f64"]).drop_null()
        release.dataset(name, f"{name}.parquet", parquet(column, tmp_path / "c"))
    stage = release.prepare(identity_field="key", shuffle=False)
    assert len(list(mixdown.open(stage, verify=True))) == 6 + 20 + 32 * len(columns)


def test_identities_do_not_depend_on_how_parquet_is_written(tmp_path):
    release = Release(tmp_path)
    ways = {
        "legacy_lists": dict(use_compliant_nested_type=False),
        "int96": dict(use_deprecated_int96_timestamps=True),
        "old": dict(version="1.0", data_page_version="1.0"),
        "without_arrow_schema": dict(store_schema=False),
        "delta": dict(use_dictionary=False, data_page_version="2.0", row_group_size=7),
    }
    for way, options in ways.items():
        content = table(40).drop_columns(["ns"])
        release.dataset(way, f"{way}.parquet", parquet(content, tmp_path / "c", **options))
    manifest = mixdown.open(release.prepare(shuffle=False), verify=True)
    identities = {}
    for sample in manifest:
        identities.setdefault(sample.dataset, []).append(sample.identity)
    assert len(manifest) == 40 * len(ways)
    assert sum(a == identities["old"] for a in identities.values()) >= 4


def test_what_is_not_a_manifest_is_told(tmp_path):
    with pytest.raises(mixdown.MixdownError, match="neither current.json nor manifest.json"):
        mixdown.open(tmp_path)
    with pytest.raises(mixdown.MixdownError, match="not found"):
        mixdown.open(tmp_path / "manifest.json")
    (tmp_path / "manifest.json").write_text("{}")
    with pytest.raises(mixdown.MixdownError, match="run mixdown verify"):
        mixdown.open(tmp_path)
