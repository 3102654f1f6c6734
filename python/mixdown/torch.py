"""A manifest as datasets of PyTorch.

Both give :class:`mixdown.Sample`; ``transform`` turns it into what the training needs, in the worker.
Records are dicts of several shapes, so give the DataLoader a ``collate_fn`` (``list`` will do), or a
``transform`` whose results the default one can put together.
"""
from typing import Any, Callable, Iterator, List, Optional

from torch.utils.data import Dataset, IterableDataset, get_worker_info

from mixdown.errors import MixdownError
from mixdown.manifest import Manifest
from mixdown.sample import Sample
from mixdown.turns import Turns

Transform = Optional[Callable[[Sample], Any]]


class MixdownDataset(Dataset):
    """A manifest as a map-style dataset: ``dataset[i]`` is the sample at position i.

    The manifest is in its order already: use ``shuffle=False``.
    """

    def __init__(self, manifest: Manifest, transform: Transform = None):
        self.manifest = manifest
        self.transform = transform

    def __len__(self) -> int:
        return len(self.manifest)

    def __getitem__(self, position: int) -> Any:
        return self.__getitems__([position])[0]

    def __getitems__(self, positions: List[int]) -> List[Any]:
        """A whole batch at once, which PyTorch asks for where it can: shards are read in turn."""
        samples = self.manifest.at(positions)
        return samples if self.transform is None else [self.transform(s) for s in samples]


class MixdownIterable(IterableDataset):
    """A manifest as an iterable dataset: over all ranks and workers, every sample exactly once.

    With ``batch_size`` as the DataLoader has it, the batches come in the manifest's order with any
    number of workers, and the batches of all ranks at one step are neighbours in the manifest: where
    the global batch is the manifest's ``shuffle_block``, each has the exact mix.

    ``state_dict`` and ``load_state_dict`` are what torchdata's StatefulDataLoader calls in each
    worker. To go on with other numbers of ranks or workers, give the first position that has not been
    trained on as ``start``.

    :param start: the first position
    :param rank: this process's number, of ``world_size``
    """

    def __init__(
        self,
        manifest: Manifest,
        *,
        rank: int = 0,
        world_size: int = 1,
        batch_size: int = 1,
        start: int = 0,
        transform: Transform = None,
    ):
        if not 0 <= rank < world_size:
            raise ValueError(f"rank {rank} of {world_size}: a rank is from 0 to world_size - 1")
        if batch_size < 1 or start < 0:
            raise ValueError(f"batch_size {batch_size}, start {start}: at least 1, and at least 0")
        self.manifest = manifest
        self.transform = transform
        self._turns = Turns(start, rank, world_size, 0, 1, batch_size)
        self._given = 0

    def __len__(self) -> int:
        """How many samples this rank gets, over all its workers."""
        left = len(self.manifest) - self._turns.start - self._turns.rank
        return max(0, -(-left // self._turns.world_size))

    def _turns_here(self) -> Turns:
        worker = get_worker_info()
        if worker is None:
            return self._turns
        return self._turns._replace(worker=worker.id, workers=worker.num_workers)

    def __iter__(self) -> Iterator[Any]:
        turns = self._turns_here()
        begin = turns.after(self._given)
        for sample in self.manifest.turns(turns, begin):
            # Counted before it is given: a state that is taken now must go on behind this one.
            self._given += 1
            yield sample if self.transform is None else self.transform(sample)
        self._given = 0

    def state_dict(self) -> dict:
        """Where this worker stands."""
        return {
            "manifest_id": self.manifest.id,
            "turns": list(self._turns_here()),
            "given": self._given,
        }

    def load_state_dict(self, state: dict) -> None:
        """Goes on where a state was taken.

        :raises MixdownError: when it is of another manifest, or of other ranks, workers or batches
        """
        if state["manifest_id"] != self.manifest.id:
            raise MixdownError(
                f"the state is of manifest {state['manifest_id']}, and this one is {self.manifest.id};"
                " open the manifest that the training began with, by its folder"
            )
        turns = Turns(*state["turns"])
        if turns != self._turns_here():
            raise MixdownError(
                f"the state is of {turns}, and here it is {self._turns_here()}; give the next position"
                " as start to go on with other ranks, workers or batches"
            )
        self._given = state["given"]
