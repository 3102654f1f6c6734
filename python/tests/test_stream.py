"""Streams that are followed in Python."""
import json
import threading
import time

import pytest

import mixdown

from conftest import Release


class Online(Release):
    """A release with an online stage of two datasets."""

    def __init__(self, folder):
        super().__init__(folder)
        self.out = folder / "out"
        self.stream = self.out / "online_learning" / "online"
        (self.repo / "stages").mkdir()
        (self.repo / "stage_config.yaml").write_text(
            "stages:\n  online_learning:\n    name: Online\n"
            "    config_file: stages/online_learning.json\n    priority: 1\n"
            "    trigger_mode: manual\ndefault_stage: online_learning\n"
        )
        self.config()

    def config(self, **online):
        online = {"settle": "0s", "max_wait": "1h", "increment_samples": 16, **online}
        index = [
            {"name": name, "obs_path": f"data/{name}/", "stage_weight": weight}
            for name, weight in (("a", 0.75), ("b", 0.25))
        ]
        stage = {"sampling_strategy": "balanced", "shuffle_block": 16, "online": online}
        (self.repo / "stages/online_learning.json").write_text(
            json.dumps(
                {
                    "meta": {"stage": "online_learning", "stage_config": stage},
                    "dataset_index": index,
                }
            )
        )

    def put(self, dataset, name, count):
        path = self.repo / "data" / dataset / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(f'{{"id": "{name}-{i}"}}\n' for i in range(count)))
        return path

    def online(self, *arguments):
        return self.run("online", *arguments, "--repo", self.repo, "--output", self.out)

    def arrive(self, number):
        self.put("a", f"a{number}.jsonl", 36)
        self.put("b", f"b{number}.jsonl", 12)
        self.online("tick")


@pytest.fixture
def online(tmp_path):
    release = Online(tmp_path)
    release.arrive(0)
    return release


def test_a_follower_goes_through_all_increments_in_order_and_ends_when_the_stream_is_closed(online):
    online.arrive(1)
    online.online("close")
    samples = list(mixdown.follow(online.out / "online_learning"))
    assert [s.position for s in samples] == list(range(96))
    assert {s.increment for s in samples} == {1, 2}
    assert not any(s.replay for s in samples)
    assert {s.stratum for s in samples} == {"a", "b"}
    for sample in samples:
        assert sample.data["id"].startswith(sample.stratum)
    for begin in range(0, 96, 16):
        assert sum(s.stratum == "a" for s in samples[begin : begin + 16]) == 12


def test_a_consumer_goes_on_where_it_stopped(online):
    online.arrive(1)
    follower = mixdown.follow(online.stream, consumer="t1", timeout=0)
    seen = []
    for sample in follower:
        seen.append(sample.position)
        if len(seen) == 50:
            break
    said = json.loads((online.stream / "consumers/t1.json").read_text())
    assert said["name"] == "t1" and said["position"] == 49  # The 50th was not done with.
    rest = [s.position for s in mixdown.follow(online.stream, consumer="t1", timeout=0)]
    assert rest == list(range(49, 96))
    assert json.loads((online.stream / "consumers/t1.json").read_text())["position"] == 96
    status = json.loads(online.online("status", "--json"))
    assert status["consumers"][0]["behind"] == 0


def test_a_follower_waits_for_the_next_increment(online):
    def later():
        time.sleep(0.5)
        online.arrive(1)
        online.online("close")

    thread = threading.Thread(target=later)
    thread.start()
    positions = [s.position for s in mixdown.follow(online.stream, poll=0.05)]
    thread.join()
    assert positions == list(range(96))


def test_a_follower_begins_anywhere(online):
    for number in range(1, 5):
        online.arrive(number)
    for start in (0, 47, 48, 49, 130, 239, 240):
        got = [s.position for s in mixdown.follow(online.stream, start=start, timeout=0)]
        assert got == list(range(start, 240))


def test_a_file_that_grew_is_read_and_one_that_changed_is_named(online):
    path = online.put("a", "a0.jsonl", 50)
    assert len(list(mixdown.follow(online.stream, timeout=0))) == 48
    path.write_text(path.read_text().replace("a0", "c0"))
    with pytest.raises(mixdown.MixdownError, match="a0.jsonl: record .* is not the one"):
        list(mixdown.follow(online.stream, timeout=0))


def test_a_chain_that_was_altered_is_not_followed(online):
    online.arrive(1)
    path = online.stream / "increments/0000000002.json"
    path.write_text(path.read_text().replace('"parent": "', '"parent": "0'))
    with pytest.raises(mixdown.MixdownError, match="does not go on from increment 1"):
        list(mixdown.follow(online.stream, timeout=0))


def test_a_reader_behind_what_was_removed_is_told_so(online):
    online.config(keep="needed")
    list(mixdown.follow(online.stream, consumer="t1", timeout=0))
    online.arrive(1)
    with pytest.raises(mixdown.MixdownError, match="was removed, and position 0 is in it"):
        list(mixdown.follow(online.stream, timeout=0))
    assert len(list(mixdown.follow(online.stream, consumer="t1", timeout=0))) == 48


def test_bad_names_and_places_are_refused(online, tmp_path):
    with pytest.raises(mixdown.MixdownError, match="not a stream"):
        mixdown.follow(tmp_path / "elsewhere")
    with pytest.raises(mixdown.MixdownError, match="a name has letters"):
        mixdown.follow(online.stream, consumer="a/b")
