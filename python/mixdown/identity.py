"""Checks records against their identities: the XXH3 hash of 64 bits that each row has."""
import json
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Dict, List, Optional

import pyarrow as pa

from mixdown.canonical import CanonicalRows
from mixdown.errors import MixdownError
from mixdown.sample import Sample, Shard


class IdentityCheck:
    """Compares each record with the identity that its row has.

    :param identity_field: the field that identities are taken from; None for the record's bytes
    """

    def __init__(self, identity_field: Optional[str]):
        try:
            from xxhash import xxh3_64_intdigest
        except ImportError:
            raise MixdownError("verify=True needs the package xxhash: pip install xxhash") from None
        self._hash = xxh3_64_intdigest
        self._field = identity_field
        self._canonical: Dict[Shard, CanonicalRows] = {}

    def __call__(self, samples: List[Sample], reader) -> None:
        """Checks samples of one shard.

        :raises MixdownError: when a record is another one than when the manifest was made
        """
        for sample in samples:
            if self._hash(self._what_counts(sample, reader)) != sample.identity:
                raise MixdownError(
                    f"{sample.shard.uri}: record {sample.row.record} is not the one that the manifest"
                    f" has at position {sample.position}: the file has changed. Bring the old file"
                    " back, or run mixdown prepare again"
                )

    def _what_counts(self, sample: Sample, reader) -> bytes:
        """The bytes that the sample's identity is the hash of."""
        if sample.shard.form == "parquet":
            batch = reader.batch(sample.row)
            if self._field:
                return _field_bytes(batch.column(self._field)[0], sample.shard)
            if sample.shard not in self._canonical:
                self._canonical[sample.shard] = CanonicalRows(
                    sample.shard.uri, batch.schema, reader.schema()
                )
            return self._canonical[sample.shard].encode(batch)
        if not self._field:
            return sample.bytes
        if sample.shard.form == "csv":
            return sample.data[self._field].encode()
        # Numbers count as they are written.
        fields = json.loads(sample.bytes, parse_int=str, parse_float=str)
        value = fields[self._field]
        return (str(value).lower() if isinstance(value, bool) else value).encode()


def _field_bytes(value: pa.Scalar, shard: Shard) -> bytes:
    """A value of Parquet as the bytes that an identity is taken from: what it is as text."""
    kind = value.type
    if pa.types.is_floating(kind):
        raise MixdownError(
            f"{shard.uri}: identities taken from floating point cannot be checked; use mixdown verify"
        )
    if pa.types.is_timestamp(kind):
        return _moment(value.value, kind.unit).encode()
    if pa.types.is_temporal(kind):
        return str(value.value).encode()
    plain = value.as_py()
    if isinstance(plain, bytes):
        return plain
    if isinstance(plain, bool):
        return str(plain).lower().encode()
    text = f"{plain:f}" if isinstance(plain, Decimal) else str(plain)
    if isinstance(plain, Decimal) and "." in text:
        text = text.rstrip("0").rstrip(".")  # normalize() would round to the context's digits.
    return text.encode()


def _moment(value: int, unit: str) -> str:
    """A moment as Java writes it: a fraction of none, three, six or nine digits."""
    per_second = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}[unit]
    seconds, rest = divmod(value, per_second)
    nanos = rest * (10**9 // per_second)
    text = (datetime(1970, 1, 1) + timedelta(seconds=seconds)).isoformat()
    digits = f"{nanos:09d}"
    for size in (0, 3, 6, 9):
        if not digits[size:].strip("0"):
            return text + ("." + digits[:size] if size else "") + "Z"
    raise AssertionError(digits)
