// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.sql.parse.Statement;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.table.TableDefinition;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The engine `Kafka` in CREATE TABLE: arguments and settings as ClickHouse has them, and what they
/// mean to the table.
final class OutsideTopics {
  private static final String TOPICS = "kafka_topic_list";
  private static final String GROUP = "kafka_group_name";
  private static final String FORMAT = "kafka_format";
  private static final String ERRORS = "kafka_handle_error_mode";
  private static final String SKIPPED = "kafka_skip_broken_messages";

  private static final List<String> ARGUMENTS =
      List.of(TableDefinition.OUTSIDE, TOPICS, GROUP, FORMAT);

  /// Settings that steer how ClickHouse reads, and change nothing here.
  private static final Set<String> IGNORED =
      Set.of(
          "kafka_poll_timeout_ms",
          "kafka_poll_max_batch_size",
          "kafka_thread_per_consumer",
          "kafka_commit_every_batch",
          "kafka_commit_on_select",
          "kafka_max_rows_per_message",
          "kafka_row_delimiter",
          "stream_flush_interval_ms",
          "stream_poll_timeout_ms");

  private static final Map<String, String> FORMATS =
      Map.of(
          "TabSeparated", "TSV",
          "AvroConfluent", "Avro",
          "ProtobufSingle", "Protobuf");

  private OutsideTopics() {}

  static boolean isMeant(Statement.Engine engine) {
    return engine.name().equalsIgnoreCase("Kafka");
  }

  /// The settings of the table.
  ///
  /// @throws VarveException BAD_ARGUMENTS for what is missing
  static Map<String, String> settings(Statement.Engine engine, Map<String, String> given) {
    Map<String, String> settings = new TreeMap<>(given);
    settings.keySet().removeAll(IGNORED);
    if (engine.arguments().size() > ARGUMENTS.size()) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "the engine Kafka takes brokers, topics, group and format, found "
              + engine.arguments().size()
              + " arguments; give the others as SETTINGS");
    }
    for (int i = 0; i < engine.arguments().size(); i++) {
      settings.put(ARGUMENTS.get(i), unquoted(engine.arguments().get(i)));
    }
    for (String needed : List.of(TableDefinition.OUTSIDE, TOPICS, FORMAT)) {
      if (settings.getOrDefault(needed, "").isBlank()) {
        throw new VarveException(
            ErrorCode.BAD_ARGUMENTS,
            "the engine Kafka needs "
                + needed
                + ": ENGINE = Kafka('host:9092', 'topic', 'group', 'JSONEachRow')");
      }
    }
    String format = settings.get(FORMAT);
    settings.putIfAbsent("log_format", FORMATS.getOrDefault(format, format));
    String skipped = settings.remove(SKIPPED);
    boolean skips = skipped != null && !skipped.equals("0");
    if (skips || settings.getOrDefault(ERRORS, "").equals("dead_letter_queue")) {
      settings.putIfAbsent("bad_records", "dead_letter"); // nothing is dropped silently
    }
    settings.put(TableDefinition.FORGETS, "1");
    return settings;
  }

  private static String unquoted(String argument) {
    String text = argument.strip();
    boolean isQuoted = text.length() >= 2 && text.startsWith("'") && text.endsWith("'");
    return isQuoted ? text.substring(1, text.length() - 1).replace("''", "'") : text;
  }
}
