package dev.mixdown.cli.demo;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;

/**
 * Makes the demo release's clips: records of drives that nobody drove. The same seed gives the same
 * clips, so the files under {@code configs/demo/data} can be made again at any time.
 */
public final class DemoClips {
  private static final List<String> WEATHER = List.of("clear", "rain", "fog", "snow");
  private static final List<String> LEVELS = List.of("basic", "intermediate", "advanced", "expert");
  private static final MessageType SCHEMA =
      Types.buildMessage()
          .required(PrimitiveTypeName.BINARY)
          .as(LogicalTypeAnnotation.stringType())
          .named("clip_id")
          .required(PrimitiveTypeName.BINARY)
          .as(LogicalTypeAnnotation.stringType())
          .named("scene")
          .required(PrimitiveTypeName.BINARY)
          .as(LogicalTypeAnnotation.stringType())
          .named("difficulty")
          .required(PrimitiveTypeName.INT32)
          .named("num_frames")
          .optional(PrimitiveTypeName.BINARY)
          .as(LogicalTypeAnnotation.stringType())
          .named("caption")
          .named("clip");

  private DemoClips() {}

  /** One clip. */
  record Clip(String id, String scene, String difficulty, int frames, String caption) {
    String json() {
      return "{\"clip_id\": \"%s\", \"scene\": \"%s\", \"difficulty\": \"%s\", \"num_frames\": %d, \"caption\": \"%s\"}"
          .formatted(id, scene, difficulty, frames, caption.replace("\"", "\\\""));
    }

    String csv() {
      return "%s,%s,%s,%d,\"%s\""
          .formatted(id, scene, difficulty, frames, caption.replace("\"", "\"\""));
    }
  }

  static Clip clip(String prefix, String scene, int number) {
    SplittableRandom random = new SplittableRandom(prefix.hashCode() * 1_000_003L + number);
    String weather = WEATHER.get(random.nextInt(WEATHER.size()));
    String difficulty = LEVELS.get(Math.min(random.nextInt(4), random.nextInt(4)));
    int frames = 60 + random.nextInt(240);
    String speed = String.format(Locale.ROOT, "%.1f", random.nextDouble() * 30);
    String caption =
        random.nextInt(8) == 0
            ? "a \"%s\" drive, %s m/s on average".formatted(weather, speed)
            : "%s, %s m/s on average, %d vehicles".formatted(weather, speed, random.nextInt(40));
    return new Clip("%s-%06d".formatted(prefix, number), scene, difficulty, frames, caption);
  }

  /** Writes all shards of the demo release below a folder. */
  public static void write(Path data) throws IOException {
    jsonl(data.resolve("highway_foundation_large/clips-0.jsonl"), "hw", "highway", 0, 500);
    jsonl(data.resolve("highway_foundation_large/clips-1.jsonl"), "hw", "highway", 500, 400);
    gzip(data.resolve("highway_foundation_large/clips-2.jsonl.gz"), "hw", "highway", 900, 300);
    parquet(data.resolve("urban_scenarios_base.parquet"), "ur", "urban", 800);
    csv(data.resolve("parking_lots.csv"), "pk", "parking", 600);
    jsonl(data.resolve("country_roads.jsonl"), "cr", "country", 0, 400);
    jsonl(data.resolve("toll_station_scenarios_refined.jsonl"), "ts", "toll_station", 0, 500);
    csv(data.resolve("intersection_complex_cases.csv"), "ix", "intersection", 900);
    parquet(data.resolve("merge_lane_samples.parquet"), "ml", "merge_lane", 300);
    jsonl(data.resolve("fresh_clips.jsonl"), "fr", "highway", 0, 200);
  }

  private static void jsonl(Path file, String prefix, String scene, int from, int count)
      throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, lines(prefix, scene, from, count));
  }

  private static String lines(String prefix, String scene, int from, int count) {
    StringBuilder lines = new StringBuilder();
    for (int n = from; n < from + count; n++) {
      lines.append(clip(prefix, scene, n).json()).append('\n');
    }
    return lines.toString();
  }

  private static void gzip(Path file, String prefix, String scene, int from, int count)
      throws IOException {
    Files.createDirectories(file.getParent());
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(lines(prefix, scene, from, count).getBytes(StandardCharsets.UTF_8));
    }
  }

  private static void csv(Path file, String prefix, String scene, int count) throws IOException {
    StringBuilder rows = new StringBuilder("clip_id,scene,difficulty,num_frames,caption\r\n");
    for (int n = 0; n < count; n++) {
      rows.append(clip(prefix, scene, n).csv()).append("\r\n");
    }
    Files.writeString(file, rows.toString());
  }

  private static void parquet(Path file, String prefix, String scene, int count)
      throws IOException {
    Files.deleteIfExists(file);
    SimpleGroupFactory groups = new SimpleGroupFactory(SCHEMA);
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(file))
            .withConf(new PlainParquetConfiguration())
            .withType(SCHEMA)
            .withCompressionCodec(CompressionCodecName.SNAPPY)
            .build()) {
      for (int n = 0; n < count; n++) {
        Clip clip = clip(prefix, scene, n);
        writer.write(
            groups
                .newGroup()
                .append("clip_id", clip.id())
                .append("scene", clip.scene())
                .append("difficulty", clip.difficulty())
                .append("num_frames", clip.frames())
                .append("caption", clip.caption()));
      }
    }
  }

  /** Writes the clips below the folder that the argument names. */
  public static void main(String[] args) throws IOException {
    write(Path.of(args[0]));
  }
}
