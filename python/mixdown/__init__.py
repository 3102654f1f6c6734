"""Reads the manifests that Mixdown writes: the samples of a training stage, in order.

    import mixdown

    manifest = mixdown.open("out/pretraining")
    for sample in manifest.samples(start=5000):
        train_on(sample.data, sample.augment_seed)

A stream of an online stage is followed as it grows:

    for sample in mixdown.follow("out/online_learning", consumer="trainer-1"):
        train_on(sample.data)

``mixdown.torch`` has datasets for PyTorch, ``mixdown.datasets`` one for Hugging Face datasets.
"""
from mixdown.errors import MixdownError
from mixdown.manifest import Manifest, open
from mixdown.sample import Row, Sample
from mixdown.stream import Follower, follow

__all__ = ["Follower", "Manifest", "MixdownError", "Row", "Sample", "follow", "open"]
