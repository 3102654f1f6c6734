"""Manifests in PyTorch: every sample once over ranks and workers, in order, resumable anywhere."""
import operator

import pytest

import mixdown

torch = pytest.importorskip("torch", reason="torch is not installed")

from mixdown.torch import MixdownDataset, MixdownIterable  # noqa: E402
from torch.utils.data import DataLoader  # noqa: E402

#: Small enough for a test, and no multiple of anything.
SAMPLES = 101
position = operator.attrgetter("position")


class Short(mixdown.Manifest):
    """The beginning of a manifest."""

    def __len__(self):
        return SAMPLES


@pytest.fixture
def manifest(parquet_stage):
    return Short(*mixdown.open(parquet_stage).__reduce__()[1])


def loaded(dataset, **options):
    loader = DataLoader(dataset, collate_fn=list, **options)
    return [item for batch in loader for item in batch]


@pytest.mark.parametrize("workers, start", [(0, None), (2, "fork"), (2, "spawn")])
def test_a_map_style_dataset_gives_every_sample_in_order(parquet_stage, workers, start):
    manifest = mixdown.open(parquet_stage)
    list(manifest.samples(0, 20))  # The parent has files open before it forks.
    given = loaded(
        MixdownDataset(manifest),
        batch_size=7,
        num_workers=workers,
        multiprocessing_context=start,
    )
    assert [repr(s) for s in given] == [repr(s) for s in manifest]


def test_a_map_style_dataset_is_indexed_as_a_list(manifest):
    dataset = MixdownDataset(manifest, transform=position)
    assert [dataset[0], dataset[100], dataset[-1]] == [0, 100, 100]
    with pytest.raises(IndexError, match="position 101"):
        dataset[101]


@pytest.mark.parametrize("world", [1, 3])
@pytest.mark.parametrize("workers", [0, 1, 3])
def test_ranks_and_workers_share_all_samples_in_order(manifest, world, workers):
    seen = []
    for rank in range(world):
        dataset = MixdownIterable(
            manifest, rank=rank, world_size=world, batch_size=4, start=2, transform=position
        )
        given = loaded(dataset, batch_size=4, num_workers=workers)
        assert given == list(range(2 + rank, SAMPLES, world))
        assert len(dataset) == len(given)
        seen += given
    assert sorted(seen) == list(range(2, SAMPLES))


def test_spawned_workers_open_the_files_for_themselves(parquet_stage):
    manifest = mixdown.open(parquet_stage)
    dataset = MixdownIterable(manifest, batch_size=8)
    given = loaded(dataset, batch_size=8, num_workers=2, multiprocessing_context="spawn")
    assert [repr(s) for s in given] == [repr(s) for s in manifest]


@pytest.mark.parametrize("workers", [0, 2])
def test_a_stateful_loader_goes_on_at_any_step(manifest, workers):
    stateful = pytest.importorskip("torchdata.stateful_dataloader")

    def loader():
        dataset = MixdownIterable(
            manifest, rank=1, world_size=2, batch_size=5, transform=position
        )
        return stateful.StatefulDataLoader(
            dataset, batch_size=5, collate_fn=list, num_workers=workers
        )

    whole = list(loader())
    for steps in (0, 1, 2, 7, len(whole) - 1):
        first = loader()
        batches = iter(first)
        seen = [next(batches) for _ in range(steps)]
        again = loader()
        again.load_state_dict(first.state_dict())
        assert seen + list(again) == whole


def test_a_second_epoch_begins_at_the_first_position_again(manifest):
    dataset = MixdownIterable(manifest, transform=position)
    assert list(dataset) == list(dataset) == list(range(SAMPLES))


def test_a_state_of_something_else_is_refused(manifest):
    dataset = MixdownIterable(manifest)
    state = dataset.state_dict()
    with pytest.raises(mixdown.MixdownError, match="the state is of manifest other"):
        dataset.load_state_dict({**state, "manifest_id": "other"})
    with pytest.raises(mixdown.MixdownError, match="give the next position as start"):
        MixdownIterable(manifest, world_size=2).load_state_dict(state)
    with pytest.raises(ValueError, match="rank 2 of 2"):
        MixdownIterable(manifest, rank=2, world_size=2)
