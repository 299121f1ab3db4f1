"""A shard: one of the parts into which the patches of a raster are divided among machines."""

import re
from dataclasses import dataclass

from .checks import ContractError, require

MAXIMUM_SHARDS = 9999
_TEXT = re.compile(r"(\d{1,9})\s*/\s*(\d{1,9})")


@dataclass(frozen=True, order=True)
class Shard:
    """Part ``number``, counted from 1, of ``count`` parts of nearly equal size."""

    number: int
    count: int

    def __post_init__(self) -> None:
        require(
            1 <= self.count <= MAXIMUM_SHARDS,
            "Invalid number of shards ({}): valid values are 1 to {}",
            self.count,
            MAXIMUM_SHARDS,
        )
        require(
            1 <= self.number <= self.count,
            "Invalid shard ({}/{}): the first number is 1 to {}",
            self.number,
            self.count,
            self.count,
        )

    @classmethod
    def parse(cls, text: str) -> "Shard":
        """Return the shard of a text such as ``3/16``.

        Raises:
            ContractError: the text is no shard.
        """
        found = _TEXT.fullmatch(text.strip())
        if found is None:
            raise ContractError(
                "Invalid shard ({}): give the number of a part and the number of all parts, "
                "such as 3/16",
                text,
            )
        return cls(int(found[1]), int(found[2]))

    @property
    def name(self) -> str:
        """The name that files of this shard have, such as ``0003-of-0016``."""
        return f"{self.number:04d}-of-{self.count:04d}"

    def __str__(self) -> str:
        return f"{self.number}/{self.count}"
