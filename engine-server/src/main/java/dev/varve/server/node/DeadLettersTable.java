// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.node;

import dev.varve.ingest.broker.Broker;
import dev.varve.ingest.record.RecordHeader;
import dev.varve.ingest.sink.DeadLetter;
import dev.varve.ingest.wire.outside.OutsideReaders;
import dev.varve.sql.session.ResultColumn;
import dev.varve.sql.session.SystemTable;
import dev.varve.storage.type.DataTypes;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// `system.dead_letters`: the records that did not fit their table and were kept, the latest
/// [#SHOWN] of them.
///
/// @param broker asked at each read; null while the log is not open yet
/// @param readers of outside topics, asked as the broker is
record DeadLettersTable(Supplier<Broker> broker, Supplier<OutsideReaders> readers)
    implements SystemTable {
  private static final int SHOWN = 100_000;

  @Override
  public String name() {
    return "dead_letters";
  }

  @Override
  public List<ResultColumn> columns() {
    return List.of(
        new ResultColumn("topic", DataTypes.STRING),
        new ResultColumn("partition", DataTypes.INT32),
        new ResultColumn("offset", DataTypes.INT64),
        new ResultColumn("timestamp", DataTypes.parse("DateTime64(3)")),
        new ResultColumn("key", DataTypes.parse("Nullable(String)")),
        new ResultColumn("value", DataTypes.parse("Nullable(String)")),
        new ResultColumn("headers", DataTypes.parse("Map(String, String)")),
        new ResultColumn("reason", DataTypes.STRING));
  }

  @Override
  public List<List<Object>> rows() {
    ArrayDeque<List<Object>> rows = new ArrayDeque<>();
    Broker open = broker.get();
    if (open != null) {
      open.visitDeadLetters((topic, partition, letter) -> add(rows, topic, partition, letter));
    }
    OutsideReaders outside = readers.get();
    if (outside != null) {
      outside.visitDeadLetters((topic, partition, letter) -> add(rows, topic, partition, letter));
    }
    return new ArrayList<>(rows);
  }

  private static void add(
      ArrayDeque<List<Object>> rows, String topic, int partition, DeadLetter letter) {
    if (rows.size() == SHOWN) {
      rows.removeFirst();
    }
    rows.add(
        Arrays.asList(
            topic,
            (long) partition,
            letter.offset(),
            time(letter.timestamp()),
            letter.key(),
            letter.value(),
            headers(letter.headers()),
            letter.reason()));
  }

  private static LocalDateTime time(long millis) {
    return LocalDateTime.ofInstant(Instant.ofEpochMilli(millis), ZoneOffset.UTC);
  }

  private static String text(byte[] bytes) {
    return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
  }

  private static Map<String, String> headers(List<RecordHeader> headers) {
    Map<String, String> map = new LinkedHashMap<>();
    for (RecordHeader header : headers) {
      map.put(header.key(), header.value() == null ? "" : text(header.value()));
    }
    return map;
  }
}
