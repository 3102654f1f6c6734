"""Which positions a reader takes, of several that read one manifest."""
from typing import NamedTuple, Sequence


class Turns(NamedTuple):
    """The positions of one worker of one rank. Over all of them, every position comes once.

    Rank r of n takes every n-th position, so that the ranks' batches of one step are neighbours in
    the manifest. Inside a rank, batches go round the workers, as a DataLoader collects them: what it
    gives is then in the manifest's order.

    :param start: the first position that counts
    :param batch_size: how many samples a worker gives in one turn
    """

    start: int = 0
    rank: int = 0
    world_size: int = 1
    worker: int = 0
    workers: int = 1
    batch_size: int = 1

    def of(self, begin: int, end: int) -> Sequence[int]:
        """The positions in [begin, end), in order."""
        begin = max(begin, self.start)
        skew = (self.start + self.rank - begin) % self.world_size
        mine = range(begin + skew, end, self.world_size)
        if self.workers == 1:
            return mine
        turn = self.world_size * self.batch_size
        return [p for p in mine if (p - self.start) // turn % self.workers == self.worker]

    def after(self, given: int) -> int:
        """The position of the sample that comes after so many."""
        turns, rest = divmod(given, self.batch_size)
        place = (turns * self.workers + self.worker) * self.batch_size + rest
        return self.start + place * self.world_size + self.rank
