// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.broker;

import dev.varve.storage.table.TableName;
import java.nio.file.Path;
import java.util.Map;

/// A server process for tests that kill it. Prints its port when it serves; ends when its input
/// does.
final class CrashServer {
  private CrashServer() {}

  /// @param args directory and port
  public static void main(String[] args) throws Exception {
    Path directory = Path.of(args[0]);
    BrokerSettings settings =
        BrokerSettings.of(directory.resolve("log"), "127.0.0.1", Integer.parseInt(args[1]));
    try (BrokerHarness server = new BrokerHarness(settings, directory)) {
      for (String engine : new String[] {"MergeTree", "ReplacingMergeTree"}) {
        if (server.engine().table(new TableName("default", engine)).isEmpty()) {
          server.createTable(engine, engine, Map.of(), "id", "Int64", "name", "String");
        }
      }
      System.out.println("ready " + server.broker().port());
      while (true) {
        int command = System.in.read();
        if (command < 0) {
          return;
        }
        if (command == 'c') {
          System.out.println(
              "count " + server.count("MergeTree") + " " + server.count("ReplacingMergeTree"));
        }
        if (command == 'd') {
          System.out.println("distinct " + distinct(server, "MergeTree"));
        }
      }
    }
  }

  private static long distinct(BrokerHarness server, String table) {
    return server.rows(table).stream().map(row -> row.get(0)).distinct().count();
  }
}
