// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.sql.catalog.UserFiles;
import dev.varve.sql.parse.Statement;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.file.FileErrors;
import dev.varve.storage.format.FileCoding;
import dev.varve.storage.format.FormatSettings;
import dev.varve.storage.format.RowsFormats;
import dev.varve.storage.format.RowsWriter;
import dev.varve.storage.format.SchemaInference;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/// The file behind `SELECT … INTO OUTFILE`. A query that fails leaves what was written until then.
final class FileOutput {
  private final Statement.IntoFile into;
  private final Path file;
  private final FileCoding coding;
  private final String format;

  /// @param format as the statement names it; else the file's ending tells, else it is TabSeparated
  FileOutput(Statement.IntoFile into, UserFiles allowed, Optional<String> format) {
    this.into = into;
    this.file = allowed.named(into.path());
    this.coding = FileCoding.of(into.path(), into.compression());
    this.format = format.or(() -> SchemaInference.formatOf(into.path())).orElse("TabSeparated");
    RowsFormats.requireOutput(this.format);
  }

  /// Writes all rows. Returns their number.
  ///
  /// @param hasTotals whether the last row is that of WITH TOTALS
  long write(RowQuery rows, boolean hasTotals, FormatSettings settings, Running running) {
    List<String> names = rows.plan().columns().stream().map(c -> c.name()).toList();
    List<DataType> types = rows.plan().columns().stream().map(c -> c.type()).toList();
    long written = 0;
    try (OutputStream out = coding.coded(new BufferedOutputStream(open()));
        RowsWriter writer =
            RowsFormats.writer(
                format, out, names, types, settings, new RowsFormats.Answer(hasTotals, 0))) {
      writer.begin();
      for (Batch batch = rows.next(); batch != null; batch = rows.next()) {
        writer.write(batch);
        written += batch.rows();
      }
      Result.Progress progress = running.progress();
      writer.end(
          new RowsWriter.Statistics(
              running.elapsedNanos() / 1e9, progress.readRows(), progress.readBytes()));
      return written;
    } catch (FileAlreadyExistsException e) {
      throw new VarveException(
          ErrorCode.FILE_ALREADY_EXISTS,
          "there is a file " + file + " already; use INTO OUTFILE … TRUNCATE or APPEND",
          e);
    } catch (IOException e) {
      throw FileErrors.of("write", file, e);
    }
  }

  private OutputStream open() throws IOException {
    Files.createDirectories(file.getParent());
    OpenOption[] how =
        switch (into.existing()) {
          case REFUSED ->
              new OpenOption[] {StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE};
          case APPENDED -> new OpenOption[] {StandardOpenOption.CREATE, StandardOpenOption.APPEND};
          case REPLACED ->
              new OpenOption[] {
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE
              };
        };
    return Files.newOutputStream(file, how);
  }
}
