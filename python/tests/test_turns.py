"""Who takes which positions: over ranks and workers each comes once, in order."""
import itertools

import pytest

from mixdown.turns import Turns

CASES = list(itertools.product([0, 5], [1, 3], [1, 2, 4], [1, 4]))


@pytest.mark.parametrize("start, world, workers, batch", CASES)
def test_every_position_comes_once_and_batches_go_round(start, world, workers, batch):
    end = 101
    seen = []
    for rank in range(world):
        mine = list(range(start + rank, end, world))
        batches = [mine[i : i + batch] for i in range(0, len(mine), batch)]
        for worker in range(workers):
            turns = Turns(start, rank, world, worker, workers, batch)
            expected = [p for b in batches[worker::workers] for p in b]
            assert list(turns.of(0, end)) == expected
            for given, position in enumerate(expected):
                assert turns.after(given) == position
            # However the positions are cut, the same ones come.
            cuts = [0, 3, 4, 50, 99, end]
            parts = [list(turns.of(a, b)) for a, b in zip(cuts, cuts[1:])]
            assert [p for part in parts for p in part] == expected
            seen += expected
    assert sorted(seen) == list(range(start, end))
