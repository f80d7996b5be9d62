// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.shell;

import dev.varve.jdbc.driver.WatchedStatement;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.file.FileErrors;
import dev.varve.storage.format.FileCoding;
import dev.varve.storage.format.FormatSettings;
import dev.varve.storage.format.RowErrors;
import dev.varve.storage.format.RowsFormats;
import dev.varve.storage.format.RowsReader;
import dev.varve.storage.format.SchemaInference;
import dev.varve.storage.type.DataTypes;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleSupplier;
import java.util.stream.Collectors;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/// Brings files into a table: each is read and checked here, against the columns of the table, and
/// goes over as one INSERT, all of its rows or none. Rows that do not fit are left out and listed,
/// as many as are allowed.
public final class Import {
  /// Refused rows that are printed; the others are counted.
  private static final int PRINTED = 20;

  /// @param table `table` or `database.table`
  /// @param format of all files, or absent to go by their endings
  /// @param orderBy the sorting key of the table, which is made from the first file's columns if
  ///   there is none yet; absent to take the table as it is
  public record Options(
      String url,
      String user,
      String password,
      String table,
      List<Path> files,
      Optional<String> format,
      Optional<String> orderBy,
      long maxErrors) {}

  private final Options options;
  private final PrintWriter out;
  private final PrintWriter err;
  private final boolean terminal;
  private final AtomicLong bytes = new AtomicLong();
  private long refused;
  private long rowsBefore;
  private volatile RowFeed feed;

  /// @param terminal whether somebody watches `err`
  public Import(Options options, PrintWriter out, PrintWriter err, boolean terminal) {
    this.options = options;
    this.out = out;
    this.err = err;
    this.terminal = terminal;
  }

  /// Runs; returns the exit status: 0 when every file is in, else 1.
  public int run() {
    try (Connection connection =
            DriverManager.getConnection(options.url(), options.user(), options.password());
        BufferAllocator allocator = new RootAllocator()) {
      if (options.orderBy().isPresent()) {
        create(connection, options.orderBy().get());
      }
      List<ColumnDefinition> columns = columns(connection);
      long total = 0;
      for (Path file : options.files()) {
        total += size(file);
      }
      long all = total;
      DoubleSupplier share = () -> all == 0 ? 1 : Math.min(1, bytes.get() / (double) all);
      try (Meter meter = new Meter(err, terminal, share, this::rows)) {
        for (Path file : options.files()) {
          bring(connection, file, columns, allocator);
        }
        report(meter.seconds());
      }
      return 0;
    } catch (SQLException e) {
      return failed(e.getMessage() + " [SQLState " + e.getSQLState() + "]");
    } catch (VarveException e) {
      return failed(
          "Code "
              + e.code().number()
              + " ("
              + e.code().name()
              + "): "
              + e.getMessage()
              + remedy(e.code()));
    } finally {
      out.flush();
      err.flush();
    }
  }

  private String remedy(ErrorCode code) {
    return code == ErrorCode.CANNOT_PARSE_INPUT || code == ErrorCode.INCORRECT_DATA
        ? "; nothing of this file is in the table: mend it, or leave out up to N such rows by"
            + " --max-errors N"
        : "";
  }

  private int failed(String why) {
    err.println("Error: " + why);
    return 1;
  }

  private long rows() {
    RowFeed current = feed;
    return rowsBefore + (current == null ? 0 : current.rows());
  }

  private void report(double seconds) {
    String line =
        String.format(
            Locale.ROOT,
            "%d rows from %d %s in %.3f s; %s rows/s",
            rowsBefore,
            options.files().size(),
            options.files().size() == 1 ? "file" : "files",
            seconds,
            Runner.number((long) (rowsBefore / Math.max(seconds, 1e-3))));
    out.println(refused == 0 ? line : line + "; " + refused + " refused");
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw FileErrors.of("read", file, e);
    }
  }

  private void create(Connection connection, String orderBy) throws SQLException {
    Path file = options.files().getFirst();
    String format = format(file);
    SchemaInference.Schema schema;
    try (InputStream in = open(file)) {
      schema = SchemaInference.of(format, in);
    } catch (IOException e) {
      throw FileErrors.of("read", file, e);
    }
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < schema.names().size(); i++) {
      columns.add(quoted(schema.names().get(i)) + " " + schema.types().get(i).name());
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE IF NOT EXISTS "
              + target()
              + " ("
              + String.join(", ", columns)
              + ") ORDER BY "
              + orderBy
              + " SETTINGS allow_nullable_key = 1");
    }
  }

  /// The columns that an INSERT can fill.
  private List<ColumnDefinition> columns(Connection connection) throws SQLException {
    int dot = options.table().indexOf('.');
    String table = options.table().substring(dot + 1);
    List<ColumnDefinition> columns = new ArrayList<>();
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT name, type, default_expression FROM system.columns WHERE table = ? AND database"
                + (dot < 0 ? " = currentDatabase()" : " = ?")
                + " AND default_kind IN ('', 'DEFAULT') ORDER BY position")) {
      query.setString(1, table);
      if (dot >= 0) {
        query.setString(2, options.table().substring(0, dot));
      }
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          columns.add(
              new ColumnDefinition(
                  rows.getString(1),
                  DataTypes.parse(rows.getString(2)),
                  ColumnDefinition.Kind.DEFAULT,
                  rows.getString(3),
                  "",
                  ""));
        }
      }
    }
    if (columns.isEmpty()) {
      throw new VarveException(
          ErrorCode.UNKNOWN_TABLE,
          "there is no table \""
              + options.table()
              + "\"; create it, or give --order-by KEY to make it from the first file's columns");
    }
    return columns;
  }

  private String format(Path file) {
    String name = file.getFileName().toString();
    return options
        .format()
        .or(() -> SchemaInference.formatOf(name))
        .orElseThrow(() ->
            new VarveException(
                ErrorCode.BAD_ARGUMENTS,
                "the name of " + file + " does not tell its format; give --format"));
  }

  private InputStream open(Path file) throws IOException {
    return FileCoding.of(file.getFileName().toString(), Optional.empty())
        .decoded(Files.newInputStream(file));
  }

  /// The format with the header that the file has, where its name leaves that open.
  private String withHeader(Path file, String format) throws IOException {
    if (options.format().isPresent() || !(format.equals("CSV") || format.equals("TSV"))) {
      return format;
    }
    try (InputStream in = open(file)) {
      return SchemaInference.of(format, in).format();
    }
  }

  private void bring(
      Connection connection, Path file, List<ColumnDefinition> columns, BufferAllocator allocator)
      throws SQLException {
    RowErrors errors =
        new RowErrors(Math.max(0, options.maxErrors() - refused), 0, row -> refuse(file, row));
    String names = columns.stream().map(c -> quoted(c.name())).collect(Collectors.joining(", "));
    try (InputStream counted = new CountedStream(Files.newInputStream(file), bytes);
        InputStream in =
            FileCoding.of(file.getFileName().toString(), Optional.empty()).decoded(counted);
        RowsReader reader =
            RowsFormats.reader(withHeader(file, format(file)), in, columns, FormatSettings.DEFAULT)
                .tolerating(errors);
        Statement statement = connection.createStatement()) {
      RowFeed rows = new RowFeed(reader, columns, allocator);
      feed = rows;
      String sql = "INSERT INTO " + target() + " (" + names + ") FORMAT RowBinaryWithDefaults";
      try {
        statement.unwrap(WatchedStatement.class).insert(sql, rows);
      } catch (SQLException e) {
        if (rows.failure() != null) {
          VarveException why = rows.failure();
          throw new VarveException(why.code(), file + ": " + why.getMessage(), why);
        }
        throw e;
      }
      feed = null;
      rowsBefore += rows.rows();
    } catch (IOException e) {
      throw FileErrors.of("read", file, e);
    }
  }

  private void refuse(Path file, RowErrors.Refused row) {
    refused++;
    if (refused <= PRINTED) {
      String clear = terminal ? "\r\u001b[K" : "";
      err.println(clear + file + ":" + row.line() + ": " + row.why().getMessage());
    } else if (refused == PRINTED + 1) {
      err.println("… further refused rows are counted, not listed");
    }
  }

  private String target() {
    int dot = options.table().indexOf('.');
    String table = quoted(options.table().substring(dot + 1));
    return dot < 0 ? table : quoted(options.table().substring(0, dot)) + "." + table;
  }

  private static String quoted(String name) {
    return "`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`";
  }

  /// Counts bytes of the file, as they are on disk.
  private static final class CountedStream extends java.io.FilterInputStream {
    private final AtomicLong counted;

    CountedStream(InputStream in, AtomicLong counted) {
      super(in);
      this.counted = counted;
    }

    @Override
    public int read() throws IOException {
      int b = super.read();
      counted.addAndGet(b < 0 ? 0 : 1);
      return b;
    }

    @Override
    public int read(byte[] to, int from, int length) throws IOException {
      int count = super.read(to, from, length);
      counted.addAndGet(Math.max(0, count));
      return count;
    }
  }
}
