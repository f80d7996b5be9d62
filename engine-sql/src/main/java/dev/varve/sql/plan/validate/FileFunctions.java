// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import dev.varve.sql.catalog.Catalog;
import dev.varve.sql.operator.FormatRows;
import dev.varve.sql.operator.ParquetScan;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.format.FileCoding;
import dev.varve.storage.format.FormatSettings;
import dev.varve.storage.format.RowsFormats;
import dev.varve.storage.format.SchemaInference;
import dev.varve.storage.format.parquet.ParquetSchema;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;

/// Files in FROM: `file('path'[, Format[, 'name Type, …'[, 'compression']]])` and `read_csv`,
/// `read_json`, `read_parquet`, which say the format. The path may name several files; what is not
/// said of format and columns is told by the first one.
final class FileFunctions {
  private static final int FORMAT = 1;
  private static final int STRUCTURE = 2;
  private static final int COMPRESSION = 3;
  private static final double GUESSED_ROWS = 1e6;

  /// Fields that no column takes are passed over, as a file has what it has.

  private final Relations relations;

  private final Catalog catalog;

  FileFunctions(Relations relations, Catalog catalog) {
    this.relations = relations;
    this.catalog = catalog;
  }

  TableFunctions.Leaf find(String name, List<SqlNode> arguments) {
    relations.requireFiles(name);
    boolean named = name.equalsIgnoreCase("file");
    List<SqlNode> given = new ArrayList<>(arguments);
    if (!named && !given.isEmpty()) {
      given.add(FORMAT, null);
    }
    if (given.isEmpty() || given.size() > COMPRESSION + 1) {
      throw new VarveException(
          ErrorCode.NUMBER_OF_ARGUMENTS_DOESNT_MATCH,
          named
              ? "file('path'[, Format[, 'name Type, …'[, 'compression']]]) takes 1 to 4 arguments"
              : name + "('path'[, 'name Type, …'[, 'compression']]) takes 1 to 3 arguments");
    }
    String pattern = TableFunctions.text(given.getFirst());
    Optional<String> compression =
        given.size() > COMPRESSION ? Optional.of(word(given.get(COMPRESSION))) : Optional.empty();
    List<Path> files = files(pattern, given.getFirst());
    String wanted =
        given.size() > FORMAT && given.get(FORMAT) != null
            ? word(given.get(FORMAT))
            : named ? "auto" : format(name);
    String format = wanted.equals("auto") ? byEnding(files.getFirst(), given.getFirst()) : wanted;
    Optional<Structure> structure =
        given.size() > STRUCTURE && !word(given.get(STRUCTURE)).equals("auto")
            ? Optional.of(Structure.parse(word(given.get(STRUCTURE))))
            : Optional.empty();
    return format.equalsIgnoreCase("Parquet")
        ? parquet(files)
        : rows(format, files, structure, compression);
  }

  private static String format(String function) {
    return switch (function.toLowerCase(Locale.ROOT)) {
      case "read_parquet" -> "Parquet";
      case "read_json", "read_json_auto" -> "JSONEachRow";
      default -> "CSV";
    };
  }

  private List<Path> files(String pattern, SqlNode place) {
    try {
      return catalog.files().all(pattern);
    } catch (VarveException e) {
      throw new VarveException(e.code(), Place.of(place.getParserPosition()) + e.getMessage(), e);
    }
  }

  private static String word(SqlNode node) {
    return node instanceof SqlIdentifier name && name.isSimple()
        ? name.getSimple()
        : TableFunctions.text(node);
  }

  private static String byEnding(Path file, SqlNode place) {
    return SchemaInference.formatOf(file.getFileName().toString())
        .orElseThrow(() ->
            Place.error(
                ErrorCode.BAD_ARGUMENTS,
                place.getParserPosition(),
                "the name of "
                    + file
                    + " does not tell its format; name it, as in file('"
                    + file.getFileName()
                    + "', CSV)"));
  }

  private TableFunctions.Leaf parquet(List<Path> files) {
    List<ParquetSchema.Column> columns = ParquetSchema.of(files.getFirst());
    List<String> names = columns.stream().map(ParquetSchema.Column::name).toList();
    String key =
        relations.add(
            "parquet",
            names,
            columns.stream().map(ParquetSchema.Column::type).toList(),
            () -> new ParquetScan(files, columns),
            GUESSED_ROWS);
    return new TableFunctions.Leaf(key, names);
  }

  private TableFunctions.Leaf rows(
      String format,
      List<Path> files,
      Optional<Structure> structure,
      Optional<String> compression) {
    List<FormatRows.Source> sources = new ArrayList<>();
    files.forEach(file -> sources.add(source(file, compression)));
    return rows(relations, format, sources, structure, catalog);
  }

  /// As the session has them, but that fields of a file that no column has are passed over.
  private static FormatSettings settings(Catalog catalog) {
    Map<String, String> settings = new HashMap<>(catalog.settings());
    settings.putIfAbsent("input_format_skip_unknown_fields", "1");
    return FormatSettings.of(settings);
  }

  /// @param structure empty to find it out from the first rows
  static TableFunctions.Leaf rows(
      Relations relations,
      String format,
      List<FormatRows.Source> sources,
      Optional<Structure> structure,
      Catalog catalog) {
    FormatSettings settings = settings(catalog);
    SchemaInference.Schema schema =
        structure
            .map(given -> new SchemaInference.Schema(given.names(), given.types(), format))
            .orElseGet(() -> inferred(format, sources.getFirst()));
    List<ColumnDefinition> columns = new ArrayList<>();
    for (int i = 0; i < schema.names().size(); i++) {
      columns.add(ColumnDefinition.of(schema.names().get(i), schema.types().get(i)));
    }
    String read = schema.format();
    RowsFormats.requireInput(read);
    String key =
        relations.add(
            "file",
            schema.names(),
            schema.types(),
            () -> new FormatRows(read, columns, settings, sources),
            GUESSED_ROWS);
    return new TableFunctions.Leaf(key, schema.names());
  }

  private static SchemaInference.Schema inferred(String format, FormatRows.Source source) {
    try (InputStream in = source.open()) {
      return SchemaInference.of(format, in);
    } catch (IOException e) {
      throw new VarveException(
          ErrorCode.IO_ERROR, "cannot read " + source.name() + ": " + e.getMessage(), e);
    } catch (VarveException e) {
      String place = source.name().isEmpty() ? "" : source.name() + ": ";
      throw new VarveException(e.code(), place + e.getMessage(), e);
    }
  }

  private static FormatRows.Source source(Path file, Optional<String> compression) {
    FileCoding coding = FileCoding.of(file.getFileName().toString(), compression);
    return new FormatRows.Source() {
      @Override
      public String name() {
        return file.toString();
      }

      @Override
      public InputStream open() throws IOException {
        return coding.decoded(Files.newInputStream(file));
      }
    };
  }
}
