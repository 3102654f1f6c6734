"""Files that are made once, in a folder that does not grow without end."""
import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from mixdown.cache import Cache


def write(size):
    def make(path):
        with open(path, "wb") as file:
            file.write(b"x" * size)

    return make


def test_a_file_is_made_once(tmp_path):
    cache = Cache(str(tmp_path / "c"))
    path = cache.file("k", write(3))
    assert cache.file("k", lambda _: pytest.fail("made again")) == path
    assert os.path.getsize(path) == 3


def test_a_file_that_fails_leaves_nothing(tmp_path):
    cache = Cache(str(tmp_path))

    def fail(path):
        write(5)(path)
        raise OSError("disk full")

    with pytest.raises(OSError):
        cache.file("k", fail)
    assert list(tmp_path.iterdir()) == []


def test_what_was_not_used_longest_goes_first(tmp_path):
    cache = Cache(str(tmp_path), most_bytes=25)
    for age, key in enumerate("abc"):
        os.utime(cache.file(key, write(10)), (1000 + age, 1000 + age))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["b", "c"]
    cache.file("b", write(0))
    cache.file("d", write(10))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["b", "d"]
    # One that is larger than all room still has to be read.
    cache.file("huge", write(100))
    assert [p.name for p in tmp_path.iterdir()] == ["huge"]


def test_several_that_make_one_file_all_get_it_whole(tmp_path):
    cache = Cache(str(tmp_path))
    with ThreadPoolExecutor(8) as pool:
        paths = list(pool.map(lambda _: cache.file("k", write(100_000)), range(40)))
    assert set(map(os.path.getsize, paths)) == {100_000}
    assert [p.name for p in tmp_path.iterdir()] == ["k"]
