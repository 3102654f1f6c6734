package dev.mixdown.pipelines.export;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.pipelines.RunnerSettings;
import dev.mixdown.registry.Registry;
import dev.mixdown.registry.RegistryIndex;
import dev.mixdown.registry.catalog.Catalog;
import dev.mixdown.registry.databases.Database;
import dev.mixdown.registry.lineage.Edge;
import dev.mixdown.registry.lineage.GraphBuilder;
import dev.mixdown.registry.platform.Cells;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import dev.mixdown.transforms.WriteTables;
import dev.mixdown.transforms.shards.Workspace;
import dev.mixdown.transforms.tables.TableFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PDone;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Writes the registry as tables: jobs, metrics, versions, manifests, and the edges of the lineage
 * graph.
 *
 * <p>The catalog is read here, where its credentials are, into blocks in the workspace; a pipeline
 * makes the tables' files of these, with parquet-avro where they are Parquet. Each table is a
 * folder of parts. What is there already is never written over.
 */
public final class Export {
  private final Catalog catalog;
  private final Request request;
  private final Storage storage;

  /**
   * What is asked for.
   *
   * @param folder where the tables go
   */
  public record Request(
      String folder, TableFormat format, Workspace workspace, RunnerSettings runner) {}

  /** A table that was written. */
  public record Table(String name, long rows, List<String> files) {}

  /** What was written. */
  public record Outcome(String folder, List<Table> tables) {
    /** The document that {@code registry export --json} prints. */
    public ObjectNode json() {
      ObjectNode document = Json.object().put("folder", folder);
      ArrayNode list = document.putArray("tables");
      for (Table table : tables) {
        ObjectNode one = list.addObject().put("table", table.name()).put("rows", table.rows());
        one.set("files", Json.tree(table.files()));
      }
      return document;
    }
  }

  public Export(Catalog catalog, Request request) {
    this.catalog = catalog;
    this.request = request;
    this.storage = catalog.registry().storage();
  }

  /**
   * Writes all tables.
   *
   * @throws ConfigException when one of them is there already
   */
  public Outcome run() throws IOException {
    for (ExportTable table : ExportTable.values()) {
      String folder = StoragePath.resolve(request.folder(), table.folder());
      if (!storage.names(folder).isEmpty()) {
        throw new ConfigException(
            "the export", folder, "is there already; name another folder with --to, or remove it");
      }
    }
    String blocks =
        StoragePath.resolve(
            request.workspace().folder(), "export/" + UUID.randomUUID().toString().substring(0, 8));
    List<Table> tables = new ArrayList<>();
    List<KV<String, String>> work = new ArrayList<>();
    List<String> made = new ArrayList<>();
    try {
      for (ExportTable table : ExportTable.values()) {
        tables.add(blocks(table, StoragePath.resolve(blocks, table.folder()), work));
      }
      work.forEach(one -> made.add(one.getKey()));
      request.runner().run(new Tables(work, storage, request.format()), "export");
    } finally {
      storage.delete(made);
      for (ExportTable table : ExportTable.values()) {
        storage.removeEmptyFolder(StoragePath.resolve(blocks, table.folder()));
      }
      storage.removeEmptyFolder(blocks);
    }
    return new Outcome(StoragePath.absolute(request.folder()), tables);
  }

  /** The pipeline: blocks in, files out. */
  private static final class Tables extends PTransform<PBegin, PDone> {
    private static final long serialVersionUID = 1;

    private final transient List<KV<String, String>> blocks;
    private final Storage storage;
    private final TableFormat format;

    Tables(List<KV<String, String>> blocks, Storage storage, TableFormat format) {
      this.blocks = blocks;
      this.storage = storage;
      this.format = format;
    }

    @Override
    public PDone expand(PBegin begin) {
      begin
          .apply(
              "Blocks",
              Create.of(blocks).withCoder(KvCoder.of(StringUtf8Coder.of(), StringUtf8Coder.of())))
          .apply("Files", new WriteTables(storage, format));
      return PDone.in(begin.getPipeline());
    }
  }

  private Table blocks(ExportTable table, String folder, List<KV<String, String>> work)
      throws IOException {
    try (BlockWriter writer = new BlockWriter(storage, folder, table.schema())) {
      if (table == ExportTable.LINEAGE) {
        lineage(writer, table.schema());
      } else {
        rows(table, writer);
      }
      List<String> blocks = writer.end();
      List<String> files = new ArrayList<>();
      for (int i = 0; i < blocks.size(); i++) {
        String file =
            StoragePath.resolve(
                request.folder(),
                "%s/part-%05d-of-%05d.%s"
                    .formatted(table.folder(), i, blocks.size(), request.format().extension()));
        files.add(StoragePath.absolute(file));
        work.add(KV.of(blocks.get(i), file));
      }
      return new Table(table.folder(), writer.rows(), files);
    }
  }

  private void rows(ExportTable table, BlockWriter writer) throws IOException {
    Database database = catalog.database();
    try {
      database.stream(
          handle -> {
            try {
              rows(table, database, handle, writer);
              return null;
            } catch (SQLException e) {
              throw database.exception(e);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static void rows(ExportTable table, Database database, Handle handle, BlockWriter writer)
      throws SQLException, IOException {
    Schema schema = table.schema();
    String more = table == ExportTable.METRICS ? ", id" : "";
    try (PreparedStatement statement =
        handle
            .getConnection()
            .prepareStatement(
                table.sql() + " ORDER BY " + database.dialect().byBytes(table.order()) + more)) {
      statement.setFetchSize(2000);
      try (ResultSet rows = statement.executeQuery()) {
        Set<String> there = new HashSet<>();
        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
          there.add(rows.getMetaData().getColumnLabel(i));
        }
        while (rows.next()) {
          GenericRecord row = new GenericData.Record(schema);
          for (Schema.Field field : schema.getFields()) {
            row.put(
                field.pos(),
                there.contains(field.name())
                    ? value(field.schema(), rows.getObject(field.name()))
                    : null);
          }
          writer.write(row);
        }
      }
    }
  }

  /** A value of a database as its column in the schema has it. */
  private static @Nullable Object value(Schema schema, @Nullable Object value) {
    if (value == null) {
      return null;
    }
    Schema type = schema.isUnion() ? schema.getTypes().get(1) : schema;
    if (type.getLogicalType() instanceof LogicalTypes.TimestampMicros) {
      String text =
          value instanceof java.sql.Timestamp time
              ? Cells.time(time.toLocalDateTime())
              : value.toString();
      return Cells.time(text)
          .map(time -> ChronoUnit.MICROS.between(Instant.EPOCH, time.toInstant(ZoneOffset.UTC)))
          .orElse(null);
    }
    return switch (type.getType()) {
      case LONG -> value instanceof Number number ? number.longValue() : null;
      case DOUBLE -> number(value);
      case STRING -> value.toString();
      default -> throw new IllegalStateException("no column is of the type " + type);
    };
  }

  private static @Nullable Double number(Object value) {
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    // SQLite has no NaN; it stands there as a text.
    return value.toString().equals("NaN") ? Double.valueOf(Double.NaN) : null;
  }

  private void lineage(BlockWriter writer, Schema schema) throws IOException {
    Registry registry = catalog.registry();
    RegistryIndex index = RegistryIndex.of(registry, request.workspace().folder());
    List<Edge> edges =
        GraphBuilder.graph(index, storage).edges().stream()
            .sorted(
                Comparator.comparing((Edge edge) -> edge.from().kind())
                    .thenComparing(edge -> edge.from().id())
                    .thenComparing(edge -> edge.to().kind())
                    .thenComparing(edge -> edge.to().id()))
            .toList();
    for (Edge edge : edges) {
      GenericRecord row = new GenericData.Record(schema);
      row.put("from_kind", edge.from().kind().word());
      row.put("from_id", edge.from().id());
      row.put("to_kind", edge.to().kind().word());
      row.put("to_id", edge.to().id());
      row.put("note", edge.note().isEmpty() ? null : edge.note());
      writer.write(row);
    }
  }
}
