"""A manifest as a dataset of Hugging Face's ``datasets``."""
from typing import Any, Callable, Dict, Iterator, List, Tuple

import datasets as hf

from mixdown.manifest import Manifest
from mixdown.sample import Sample

#: How many samples one shard of the dataset has: the unit that its workers divide among them.
_SAMPLES = 16_384


def example_of(sample: Sample) -> Dict[str, Any]:
    """A sample as an example: its place, and its record under ``record``."""
    return {
        "position": sample.position,
        "dataset": sample.dataset,
        "category": sample.category,
        "pass": sample.pass_,
        "augment_seed": sample.augment_seed,
        "record": sample.data,
    }


def to_iterable(
    manifest: Manifest,
    start: int = 0,
    example: Callable[[Sample], Dict[str, Any]] = example_of,
) -> "hf.IterableDataset":
    """The samples from a position on, in order.

    :param example: what an example is made of; by default :func:`example_of`
    """
    ranges = [
        (begin, min(begin + _SAMPLES, len(manifest)))
        for begin in range(start, len(manifest), _SAMPLES)
    ]
    return hf.IterableDataset.from_generator(
        _examples, gen_kwargs={"manifest": manifest, "example": example, "ranges": ranges}
    )


def _examples(
    manifest: Manifest,
    example: Callable[[Sample], Dict[str, Any]],
    ranges: List[Tuple[int, int]],
) -> Iterator[Dict[str, Any]]:
    for begin, end in ranges:
        for sample in manifest.samples(begin, end):
            yield example(sample)
