"""Reads the manifests that Mixdown writes: the samples of a training stage, in order.

    import mixdown

    manifest = mixdown.open("out/pretraining")
    for sample in manifest.samples(start=5000):
        train_on(sample.data, sample.augment_seed)

``mixdown.torch`` has datasets for PyTorch, ``mixdown.datasets`` one for Hugging Face datasets.
"""
from mixdown.errors import MixdownError
from mixdown.manifest import Manifest, open
from mixdown.sample import Row, Sample

__all__ = ["Manifest", "MixdownError", "Row", "Sample", "open"]
