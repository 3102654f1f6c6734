"""The one error of this package."""


class MixdownError(Exception):
    """A manifest or a shard cannot be read; the message says which, why, and what to do."""
