// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.format;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.NearNames;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.format.JsonRows;
import dev.varve.storage.format.RangeRows;
import dev.varve.storage.table.TableDefinition;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The formats by the names that a table's setting `log_format` gives them.
public final class RecordFormats {
  /// What `log_format` can be.
  public static final List<String> NAMES =
      List.of("JSONEachRow", "CSV", "TSV", "RowBinary", "Avro", "Protobuf", "ArrowStream");

  private RecordFormats() {}

  /// The format that the settings of a table ask for.
  ///
  /// @param again whether the records were taken once: fields without a column are passed over then
  /// @throws VarveException UNKNOWN_FORMAT, or BAD_ARGUMENTS for a schema that is missing or wrong
  public static RecordFormat of(
      Map<String, String> settings, List<ColumnDefinition> columns, boolean again) {
    String name = settings.getOrDefault("log_format", "JSONEachRow");
    return switch (name) {
      case "JSONEachRow" -> json(columns, again);
      case "CSV", "TSV", "RowBinary" ->
          RangeRows.of(name, columns, RecordColumns.others(columns))::read;
      case "Avro" ->
          new AvroFormat(
              AvroSchemaParser.parse(required(settings, "avro_schema", "the schema as JSON")),
              settings.getOrDefault("avro_schema_id", ""),
              columns,
              again);
      case "Protobuf" ->
          new ProtobufFormat(
              ProtobufMessages.parse(
                  required(settings, "protobuf_descriptor", "a FileDescriptorSet in base64"),
                  required(settings, "protobuf_message", "the full name of the message")),
              columns,
              again);
      case "ArrowStream" -> new ArrowFormat(columns, again);
      default ->
          throw new VarveException(
              ErrorCode.UNKNOWN_FORMAT,
              "log_format = '"
                  + name
                  + "' is unknown"
                  + NearNames.suggest(name, NAMES)
                  + " Known: "
                  + String.join(", ", NAMES));
    };
  }

  /// The format of records that were taken once, perhaps before the last ALTER of the format: those
  /// that do not fit the format of now are read by the one before it.
  ///
  /// @throws VarveException as [#of]
  public static RecordFormat again(Map<String, String> settings, List<ColumnDefinition> columns) {
    RecordFormat now = of(settings, columns, true);
    Map<String, String> before = before(settings);
    if (before.isEmpty()) {
      return now;
    }
    RecordFormat old = of(before, columns, true);
    return (rows, bytes, from, to) -> {
      int start = rows.rows();
      try {
        now.read(rows, bytes, from, to);
      } catch (VarveException unfit) {
        rows.truncate(start);
        try {
          old.read(rows, bytes, from, to);
        } catch (VarveException stillUnfit) {
          unfit.addSuppressed(stillUnfit);
          throw unfit;
        }
      }
    };
  }

  private static Map<String, String> before(Map<String, String> settings) {
    Map<String, String> before = new HashMap<>();
    for (String name : TableDefinition.RECORD_FORMAT) {
      String value = settings.get(TableDefinition.BEFORE + name);
      if (value != null) {
        before.put(name, value);
      }
    }
    return before;
  }

  /// Whether the records may be change events: these are JSON.
  ///
  /// @param again as for [#of]
  public static boolean readsChanges(Map<String, String> settings, boolean again) {
    return settings.getOrDefault("log_format", "JSONEachRow").equals("JSONEachRow")
        || again && before(settings).getOrDefault("log_format", "").equals("JSONEachRow");
  }

  private static RecordFormat json(List<ColumnDefinition> columns, boolean again) {
    JsonRows json = new JsonRows(columns, again, true);
    return (rows, bytes, from, to) -> {
      int at = json.read(rows, bytes, from, to);
      while (at >= 0) {
        at = json.read(rows, bytes, at, to);
      }
    };
  }

  private static String required(Map<String, String> settings, String name, String what) {
    String value = settings.get(name);
    if (value == null) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "log_format = '"
              + settings.get("log_format")
              + "' needs the setting "
              + name
              + ": "
              + what);
    }
    return value;
  }
}
