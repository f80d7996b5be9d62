// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.merge.engine.MergeTable;
import dev.varve.merge.read.TableView;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.Producer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// How fresh rows are does not decide how many parts there are: twenty minutes of a record a
/// second, with the flushes of that time, one every ten seconds.
final class TrickleTest {
  private static final int FLUSHES = 120;
  private static final int BETWEEN = 10;
  private static final int FEW = 20;

  @Test
  @Timeout(300)
  void twentyMinutesOfSingleRecordsAreVisibleAtOnceAndLeaveFewParts(@TempDir Path directory)
      throws Exception {
    try (BrokerHarness server = new BrokerHarness(directory)) {
      MergeTable table =
          server.createTable("events", "MergeTree", Map.of(), "id", "Int64", "name", "String");
      Map<String, Object> single = Map.of("batch.size", 0);
      try (Producer<byte[], byte[]> producer = StockClientTest.producer(server.address(), single)) {
        long sent = 0;
        for (int flush = 0; flush < FLUSHES; flush++) {
          List<Future<?>> acknowledged = new ArrayList<>();
          for (int i = 0; i < BETWEEN; i++) {
            acknowledged.add(producer.send(StockClientTest.row("events", sent++)));
          }
          for (Future<?> each : acknowledged) {
            each.get();
          }
          assertThat(server.count("events")).isEqualTo(sent);
          assertThat(table.delayMillis()).as("after %s records", sent).isZero();
          table.flush();
        }
        // Merges end in their own time.
        while (parts(table) > FEW) {
          LockSupport.parkNanos(10_000_000);
        }
        assertThat(server.count("events")).isEqualTo(sent);
      }
    }
  }

  private static int parts(MergeTable table) {
    try (TableView view = table.view(true)) {
      return view.parts().size();
    }
  }
}
