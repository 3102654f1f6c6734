package dev.mixdown.transforms.placing;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ShardToPlaceTest {
  private static ShardToPlace task(int shard, long samples) {
    return new ShardToPlace(
        shard, "index", 0, shard, new int[] {0}, new int[] {0}, new long[][] {{0}}, samples);
  }

  @Test
  void every_shard_is_in_one_batch_and_no_batch_has_much_more_than_its_share() {
    Random random = new Random(1);
    for (int round = 0; round < 200; round++) {
      List<ShardToPlace> tasks = new ArrayList<>();
      int n = random.nextInt(60);
      for (int i = 0; i < n; i++) {
        tasks.add(task(i, random.nextInt(10) == 0 ? random.nextInt(10_000) : random.nextInt(50)));
      }
      int most = 1 + random.nextInt(8);
      List<List<ShardToPlace>> batches = ShardToPlace.batches(tasks, most);
      assertThat(batches.size(), is(Math.min(most, n)));
      assertThat(
          batches.stream().flatMap(b -> b.stream()).toList(), containsInAnyOrder(tasks.toArray()));
      long sum = tasks.stream().mapToLong(ShardToPlace::samples).sum();
      long largest = tasks.stream().mapToLong(ShardToPlace::samples).max().orElse(0);
      for (List<ShardToPlace> batch : batches) {
        long samples = batch.stream().mapToLong(ShardToPlace::samples).sum();
        assertThat(samples, lessThanOrEqualTo(sum / most + largest));
      }
      List<ShardToPlace> shuffled = new ArrayList<>(tasks);
      Collections.shuffle(shuffled, random);
      assertThat(ShardToPlace.batches(shuffled, most), is(batches));
    }
    assertThat(ShardToPlace.batches(List.of(), 4), is(empty()));
  }
}
