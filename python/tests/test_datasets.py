"""Manifests as datasets of Hugging Face."""
import pytest

import mixdown

hf = pytest.importorskip("datasets", reason="datasets is not installed")

import mixdown.datasets  # noqa: E402


@pytest.fixture(autouse=True)
def small_shards(monkeypatch):
    monkeypatch.setattr(mixdown.datasets, "_SAMPLES", 50)


def test_examples_come_in_order_with_their_records(parquet_stage):
    manifest = mixdown.open(parquet_stage)
    examples = list(mixdown.datasets.to_iterable(manifest))
    expected = [mixdown.datasets.example_of(s) for s in manifest]
    assert repr(examples) == repr(expected)
    assert examples[70]["position"] == 70


def test_reading_goes_on_from_a_position_and_from_a_state(parquet_stage):
    manifest = mixdown.open(parquet_stage)

    def place(sample):
        return {"position": sample.position}

    rest = mixdown.datasets.to_iterable(manifest, start=33, example=place)
    assert [e["position"] for e in rest] == list(range(33, len(manifest)))
    iterator = iter(rest)
    for _ in range(60):
        next(iterator)
    again = mixdown.datasets.to_iterable(manifest, start=33, example=place)
    again.load_state_dict(rest.state_dict())
    assert next(iter(again))["position"] == 93


def test_nodes_share_all_examples(parquet_stage):
    from datasets.distributed import split_dataset_by_node

    manifest = mixdown.open(parquet_stage)
    dataset = mixdown.datasets.to_iterable(manifest)
    seen = [
        e["position"]
        for rank in range(2)
        for e in split_dataset_by_node(dataset, rank=rank, world_size=2)
    ]
    assert sorted(seen) == list(range(len(manifest)))
