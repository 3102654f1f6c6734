package dev.mixdown.registry.databases;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import dev.mixdown.configs.problems.ConfigException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/**
 * An open database. One process may read while another writes; of several that write, each waits
 * for the other. SQLite is used with a write-ahead log, and a transaction that writes takes the
 * lock at its beginning, so that it never fails in its middle because another was faster.
 */
public final class Database implements AutoCloseable {
  private static final int CONNECTIONS = 4;

  /** How long a writer waits for others. A rebuild of a large catalog takes most of a minute. */
  private static final int PATIENCE_MILLIS = 300_000;

  /** Outside of Java's heap: what a question reads is read once. */
  private static final int MAPPED_BYTES = 1 << 30;

  private static final int CACHE_KIB = 1 << 16;

  /** Any number that nobody else has: the first eight bytes of "mixdown". */
  private static final long LOCK = 0x6d6978646f776e00L;

  private static final Pattern DAMAGED =
      Pattern.compile("SQLITE_(NOTADB|CORRUPT|IOERR_SHORT_READ)");

  /** SQLite's own number of it, without what it adds in higher bits. */
  private static final int SQLITE_BUSY = 5;

  private static final long BETWEEN_TRIES_MILLIS = 10;

  private final DatabaseAddress address;
  private final HikariDataSource pool;
  private final Jdbi jdbi;

  /** How a database is opened. */
  public enum Access {
    /** It has to be there, and nothing in it changes. */
    READ,
    /** It has to be there. */
    WRITE,
    /** It is made where it is not there. */
    CREATE
  }

  private Database(DatabaseAddress address, HikariDataSource pool) {
    this.address = address;
    this.pool = pool;
    this.jdbi = Jdbi.create(pool);
  }

  /**
   * Opens a database.
   *
   * @throws ConfigException when there is no such file
   * @throws DatabaseException when it cannot be opened
   */
  public static Database open(DatabaseAddress address, Access access) {
    if (address.dialect() == Dialect.SQLITE
        && access != Access.CREATE
        && !Files.isRegularFile(Path.of(address.file()))) {
      throw new ConfigException("the database", address.file(), "there is no such file");
    }
    HikariConfig config = new HikariConfig();
    config.setPoolName("mixdown");
    config.setJdbcUrl(address.jdbc());
    config.setMaximumPoolSize(CONNECTIONS);
    config.setMinimumIdle(0);
    config.setReadOnly(access == Access.READ);
    address.properties().forEach(config::addDataSourceProperty);
    if (address.dialect() == Dialect.SQLITE) {
      sqlite(config, access);
    } else {
      config.addDataSourceProperty("connectTimeout", "10");
      // Rows of a batch go in one statement: less than half the time.
      config.addDataSourceProperty("reWriteBatchedInserts", "true");
      config.addDataSourceProperty("ApplicationName", "mixdown");
    }
    try {
      return new Database(address, pool(config));
    } catch (HikariPool.PoolInitializationException e) {
      if (access == Access.READ && isUnwritable(address)) {
        // In a folder where nothing can be written, a write-ahead log cannot be opened.
        config.setJdbcUrl(address.immutableJdbc());
        return new Database(address, new HikariDataSource(config));
      }
      throw exception(address, e);
    }
  }

  /**
   * Connects. Whoever closes a file of SQLite as the last one clears its write-ahead log away, and
   * the first question of others is refused meanwhile, however long they would wait (wal.html,
   * "Sometimes Queries Return SQLITE_BUSY In WAL Mode").
   */
  private static HikariDataSource pool(HikariConfig config) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
    while (true) {
      try {
        return new HikariDataSource(config);
      } catch (HikariPool.PoolInitializationException e) {
        SQLException said = said(e);
        boolean busy = said != null && (said.getErrorCode() & 0xff) == SQLITE_BUSY;
        if (!busy || !config.getJdbcUrl().startsWith("jdbc:sqlite:") || System.nanoTime() > end) {
          throw e;
        }
      }
      try {
        Thread.sleep(BETWEEN_TRIES_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new DatabaseException("interrupted while the database was locked", false);
      }
    }
  }

  private static boolean isUnwritable(DatabaseAddress address) {
    return address.dialect() == Dialect.SQLITE
        && !Files.isWritable(Path.of(address.file()).toAbsolutePath().getParent())
        && Files.notExists(Path.of(address.file() + "-wal"));
  }

  private static void sqlite(HikariConfig config, Access access) {
    config.addDataSourceProperty("busy_timeout", String.valueOf(PATIENCE_MILLIS));
    config.addDataSourceProperty("mmap_size", String.valueOf(MAPPED_BYTES));
    config.addDataSourceProperty("cache_size", String.valueOf(-CACHE_KIB));
    if (access == Access.READ) {
      config.addDataSourceProperty("open_mode", "1");
      return;
    }
    config.addDataSourceProperty("transaction_mode", "IMMEDIATE");
    if (access == Access.CREATE) {
      // Others' files keep the journal that they have.
      config.addDataSourceProperty("journal_mode", "WAL");
      config.addDataSourceProperty("synchronous", "NORMAL");
    }
  }

  /** Where it is. */
  public DatabaseAddress address() {
    return address;
  }

  /** What it speaks. */
  public Dialect dialect() {
    return address.dialect();
  }

  /** Reads, each statement for itself. */
  public <T> T read(HandleCallback<T, RuntimeException> work) {
    try {
      return jdbi.withHandle(work);
    } catch (JdbiException e) {
      throw exception(address, e);
    }
  }

  /**
   * Reads long answers row by row: PostgreSQL does so in a transaction only. SQLite needs none, and
   * would lock writers out.
   */
  public <T> T stream(HandleCallback<T, RuntimeException> work) {
    return dialect() == Dialect.SQLITE ? read(work) : write(work);
  }

  /** Does all of something, or nothing. */
  public <T> T write(HandleCallback<T, RuntimeException> work) {
    try {
      return jdbi.inTransaction(work);
    } catch (JdbiException e) {
      throw exception(address, e);
    }
  }

  /**
   * Waits until no other process writes, and keeps others from writing until the transaction ends.
   * SQLite has one writer in any case.
   */
  public void lockOthersOut(Handle handle) {
    if (dialect() == Dialect.POSTGRESQL) {
      handle.execute("SELECT pg_advisory_xact_lock(" + LOCK + ")");
    }
  }

  /** What a driver says, as an exception that tells nothing secret. */
  public DatabaseException exception(SQLException e) {
    return exception(address, e);
  }

  private static DatabaseException exception(DatabaseAddress address, Throwable e) {
    SQLException said = said(e);
    String message = said == null ? String.valueOf(e.getMessage()) : reason(said);
    boolean damaged = said != null && DAMAGED.matcher(message).find();
    return new DatabaseException(
        "the database " + address + ": " + address.masked(message).strip(), damaged);
  }

  private static String reason(SQLException e) {
    String message = String.valueOf(e.getMessage());
    return message.isBlank() ? "SQL state " + e.getSQLState() : message;
  }

  private static @Nullable SQLException said(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        return sql;
      }
    }
    return null;
  }

  /** A connection for many questions; the caller closes it. */
  public Handle open() {
    return jdbi.open();
  }

  /** The names of its tables, without a look into them. */
  public Set<String> tableNames(Handle handle) {
    String sql =
        dialect() == Dialect.SQLITE
            ? "SELECT name FROM sqlite_master WHERE type = 'table'"
            : "SELECT table_name FROM information_schema.tables"
                + " WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'";
    return Set.copyOf(handle.createQuery(sql).mapTo(String.class).list());
  }

  /** What is in it now. */
  public LiveSchema schema() {
    return read(handle -> schema(handle));
  }

  /** The same, as a transaction sees it. */
  public LiveSchema schema(Handle handle) {
    try {
      return LiveSchema.of(handle.getConnection(), dialect());
    } catch (SQLException e) {
      throw exception(e);
    }
  }

  @Override
  public void close() {
    pool.close();
  }
}
