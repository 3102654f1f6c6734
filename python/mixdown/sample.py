"""A row of a manifest, and the record that it names."""
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Optional, Union

from mixdown import records
from mixdown.errors import MixdownError


class Row(NamedTuple):
    """One row of a manifest: which record comes at a position.

    ``pass`` is a word of Python's own, so the column of that name is called ``pass_``. ``identity``
    is an exact whole number of 64 bits without a sign; ``augment_seed`` is None without augmentation.
    ``stratum`` and ``replay`` are said in streams: whose seat it has, and whether it was given before.
    """

    position: int
    dataset: str
    category: str
    shard: int
    record: int
    offset: Optional[int]
    length: Optional[int]
    pass_: int
    identity: int
    augment_seed: Optional[int]
    stratum: str = ""
    replay: bool = False


@dataclass(frozen=True)
class Shard:
    """A file that the manifest takes records from, as manifest.json lists it.

    ``form`` is that of its records: ``jsonl``, ``csv`` or ``parquet``. ``compression`` is ``gz``,
    ``zst``, ``bz2`` or empty. ``grows`` is true in streams: a file may have more by now.
    """

    dataset: str
    uri: str
    sha256: str
    bytes: int
    records: int
    format: str
    csv: records.Csv = records.Csv()
    grows: bool = False
    form: str = field(init=False)
    compression: str = field(init=False)

    def __post_init__(self) -> None:
        form, _, compression = self.format.partition(".")
        object.__setattr__(self, "form", form)
        object.__setattr__(self, "compression", compression)


class Sample(NamedTuple):
    """A record at a position of the manifest.

    :param row: the manifest's row
    :param shard: the file that has the record
    :param content: the record: bytes, or for Parquet a dict
    :param columns: the columns of a CSV shard with a header
    :param increment: the number of the increment that gave it; None in a manifest
    """

    row: Row
    shard: Shard
    content: Union[bytes, dict]
    columns: Optional[tuple] = None
    increment: Optional[int] = None

    @property
    def position(self) -> int:
        return self.row.position

    @property
    def dataset(self) -> str:
        return self.row.dataset

    @property
    def category(self) -> str:
        return self.row.category

    @property
    def pass_(self) -> int:
        return self.row.pass_

    @property
    def identity(self) -> int:
        return self.row.identity

    @property
    def augment_seed(self) -> Optional[int]:
        return self.row.augment_seed

    @property
    def stratum(self) -> str:
        return self.row.stratum

    @property
    def replay(self) -> bool:
        return self.row.replay

    @property
    def bytes(self) -> bytes:
        """The record as it stands in its shard, without the line end."""
        if isinstance(self.content, dict):
            raise MixdownError(f"{self.shard.uri}: a row of Parquet has no bytes; use .data")
        return self.content

    @property
    def data(self) -> Any:
        """The record's values: JSON parsed, a CSV row or a Parquet row as a dict."""
        form = self.shard.form
        if form == "jsonl":
            return records.parse_json(self.content)
        if form == "csv":
            return records.parse_row(self.content, self.shard.csv, self.columns)
        return self.content
