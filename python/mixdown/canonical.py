"""The canonical encoding of a Parquet row, whose hash is the row's identity.

It depends on the names of values and on what they mean: not on the order of columns, nor on how a
number, a decimal or a moment is stored. Fields come in the order of their names: a name, a zero, and
a value, which is ``i`` and eight bytes for whole numbers, ``n`` or ``N`` with scale and digits for
other decimals, ``d`` for floating point, ``T`` with seconds and nanoseconds for moments, ``h`` with
nanoseconds for times of the day, ``t`` or ``f``, ``b`` with length and bytes for binary and text, and
braces around the fields of a group. A null is left out.
"""
import math
import struct
from collections import deque
from decimal import Decimal
from typing import Any, Callable, Deque, List, Tuple

import pyarrow as pa
import pyarrow.parquet as pq

from mixdown.errors import MixdownError

_NANOS = {"s": 10**9, "ms": 10**6, "us": 10**3, "ns": 1}
_NAN = struct.pack(">Q", 0x7FF8000000000000)

#: Encodes a value that is not null.
Encoder = Callable[[pa.Scalar], bytes]

#: Encodes a field: its name and value, or nothing where it is null.
FieldEncoder = Callable[[Any], bytes]


class CanonicalRows:
    """Encodes rows of one file.

    :param uri: the file, for messages
    :param schema: its rows as Arrow reads them
    :param stored: how it is laid out, which gives the names that lists and maps have inside
    """

    def __init__(self, uri: str, schema: pa.Schema, stored: pq.ParquetSchema):
        self._uri = uri
        leaves = deque(stored.column(i).path for i in range(len(stored.names)))
        self._fields = []
        for place, field in enumerate(schema):
            encode = self._field(field.name, field.type, leaves, "")
            self._fields.append((_order(field.name), place, encode))
        self._fields.sort()

    def encode(self, batch: pa.RecordBatch) -> bytes:
        """The encoding of a batch's first row."""
        return b"".join(encode(batch.column(place)[0]) for _, place, encode in self._fields)

    def _field(self, name: str, kind: pa.DataType, leaves: Deque[str], at: str) -> FieldEncoder:
        """Encodes a field that stands at a path of the layout (``a.b.``)."""
        key = name.encode() + b"\0"
        kind = _stored_as(kind)
        if pa.types.is_map(kind):
            return self._map(key, name, kind, leaves, at)
        if _is_list(kind):
            return self._list(key, name, kind, leaves, at)
        if pa.types.is_struct(kind):
            members = self._members(kind, leaves, f"{at}{name}.")
            return lambda value: key + b"{" + members(value) + b"}" if value.is_valid else b""
        leaves.popleft()
        encode = self._value(kind)
        return lambda value: key + encode(_plain(value)) if value.is_valid else b""

    def _members(self, kind: pa.StructType, leaves: Deque[str], at: str) -> FieldEncoder:
        members: List[Tuple[bytes, str, FieldEncoder]] = []
        for i in range(kind.num_fields):
            member = kind.field(i)
            encode = self._field(member.name, member.type, leaves, at)
            members.append((_order(member.name), member.name, encode))
        members.sort(key=lambda m: m[0])
        return lambda value: b"".join(encode(value[name]) for _, name, encode in members)

    def _list(self, key, name, kind, leaves, at) -> FieldEncoder:
        first = leaves[0]
        inside = first[len(at) + len(name) + 1 :].split(".") if len(first) > len(at + name) else []
        levels = len(inside) - _depth(kind.value_type)
        before, after = b"", b""
        if levels == 2:  # As the format asks for it: a repeated group with an element.
            repeated, element = inside[:2]
            item = self._field(element, kind.value_type, leaves, f"{at}{name}.{repeated}.")
            before, after = repeated.encode() + b"\0{", b"}"
        elif levels == 1:  # Older writers: a repeated element in a group.
            item = self._field(inside[0], kind.value_type, leaves, f"{at}{name}.")
        elif levels == 0:  # A repeated field without a group around it.
            item = self._field(name, kind.value_type, leaves, at)
        else:
            raise self._cannot(name)

        def encode(value) -> bytes:
            if not value.is_valid:
                return b""
            items = b"".join(before + item(one) + after for one in value.values)
            return items if levels == 0 else _group(key, items)

        return encode

    def _map(self, key, name, kind, leaves, at) -> FieldEncoder:
        first = leaves[0]
        repeated, key_name = first[len(at) + len(name) + 1 :].split(".")[:2]
        inside = f"{at}{name}.{repeated}."
        encode_key = self._field(key_name, kind.key_type, leaves, inside)
        value_name = leaves[0][len(inside) :].split(".")[0]
        encode_value = self._field(value_name, kind.item_type, leaves, inside)
        key_first = _order(key_name) <= _order(value_name)
        wrap = repeated.encode() + b"\0{"

        def each(entry) -> bytes:
            parts = [encode_key(entry[0]), encode_value(entry[1])]
            return wrap + b"".join(parts if key_first else parts[::-1]) + b"}"

        return lambda value: _group(key, b"".join(map(each, value.values))) if value.is_valid else b""

    def _value(self, kind: pa.DataType) -> Encoder:
        """How values of a type are encoded."""
        types = pa.types
        if types.is_boolean(kind):
            return lambda v: b"t" if v.as_py() else b"f"
        if types.is_integer(kind):
            return lambda v: decimal(v.as_py(), 0)
        if types.is_date32(kind) or types.is_duration(kind):
            return lambda v: decimal(v.value, 0)
        if types.is_float16(kind):
            return lambda v: binary(struct.pack("<e", v.as_py()))
        if types.is_floating(kind):
            return lambda v: floating(v.as_py())
        if types.is_timestamp(kind):
            nanos = _NANOS[kind.unit]
            return lambda v: b"T" + struct.pack(">qq", *divmod(v.value * nanos, 10**9))
        if types.is_time(kind):
            nanos = _NANOS[kind.unit]
            return lambda v: b"h" + struct.pack(">q", v.value * nanos)
        if types.is_decimal(kind):
            return lambda v: decimal(_unscaled(v.as_py(), kind.scale), kind.scale)
        return lambda v: binary(_bytes(v.as_py()))

    def _cannot(self, name: str) -> MixdownError:
        return MixdownError(
            f"{self._uri}: the layout of {name!r} is not known here; use mixdown verify --deep"
        )


def decimal(unscaled: int, scale: int) -> bytes:
    """A decimal without the zeros at its end; one that is whole is a whole number."""
    while scale > 0 and unscaled % 10 == 0:
        unscaled //= 10
        scale -= 1
    if -(1 << 63) <= unscaled < 1 << 63:
        if scale == 0:
            return b"i" + struct.pack(">q", unscaled)
        return b"n" + struct.pack(">qq", scale, unscaled)
    size = (unscaled if unscaled >= 0 else ~unscaled).bit_length() // 8 + 1
    return b"N" + struct.pack(">qq", scale, size) + unscaled.to_bytes(size, "big", signed=True)


def floating(value: float) -> bytes:
    return b"d" + (_NAN if math.isnan(value) else struct.pack(">d", value))


def binary(value: bytes) -> bytes:
    return b"b" + struct.pack(">q", len(value)) + value


def _group(key: bytes, content: bytes) -> bytes:
    return key + b"{" + content + b"}"


def _bytes(value: Any) -> bytes:
    return value.encode() if isinstance(value, str) else bytes(value)


def _unscaled(value: Decimal, scale: int) -> int:
    sign, digits, exponent = value.as_tuple()
    whole = int("".join(map(str, digits))) * 10 ** (exponent + scale)
    return -whole if sign else whole


def _order(name: str) -> bytes:
    """The order of names in Java: by units of UTF-16."""
    return name.encode("utf-16-be")


def _stored_as(kind: pa.DataType) -> pa.DataType:
    if isinstance(kind, pa.BaseExtensionType):
        return _stored_as(kind.storage_type)
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def _plain(value: pa.Scalar) -> pa.Scalar:
    while isinstance(value, (pa.ExtensionScalar, pa.DictionaryScalar)):
        value = value.value
    return value


def _is_list(kind: pa.DataType) -> bool:
    return (
        pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind)
    )


def _depth(kind: pa.DataType) -> int:
    """How many names a type adds to the path of its first leaf."""
    kind = _stored_as(kind)
    if pa.types.is_struct(kind):
        return 1 + _depth(kind.field(0).type)
    if pa.types.is_map(kind):
        return 2 + _depth(kind.key_type)
    return 2 + _depth(kind.value_type) if _is_list(kind) else 0

