// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.merge.read.TableView;
import dev.varve.storage.table.TableDefinition;
import dev.varve.storage.table.TableName;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.VectorBuilder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/// How fast is a bulk insert of rows like TPC-H's lineitem, sorted by date or by order? Expected:
/// decimals and dates pack at more than 1 G values/s, three of sixteen columns are short strings
/// and one long, so at least 1.7 M rows/s on two cores.
final class InsertSpeed {
  private static final int BATCHES = 64;
  private static final String[] MODES = {"TRUCK", "MAIL", "SHIP", "AIR", "RAIL", "FOB", "REG AIR"};

  private InsertSpeed() {}

  public static void main(String[] arguments) throws Exception {
    Path data = Files.createTempDirectory(Path.of(arguments[0]), "speed");
    int rows = Integer.parseInt(arguments[1]);
    try (BufferAllocator allocator = new RootAllocator();
        Scratch scratch = new Scratch(allocator);
        MergeEngine engine =
            MergeEngine.open(data, MergeSettings.defaults().withMergeThreads(0), allocator)) {
      for (int round = 0; round < 3; round++) {
        for (String engineCall : List.of("MergeTree", "ReplacingMergeTree")) {
          for (String key : List.of("l_shipdate", "l_orderkey, l_linenumber")) {
            String name = "t" + round + engineCall + key.length();
            MergeTable table = engine.create(lineitem(name, engineCall, key));
            scratch.reset();
            List<Batch> batches = batches(table, scratch);
            long cpuStart = cpuNanos();
            long start = System.nanoTime();
            try (TableInsert insert = table.insert()) {
              for (int done = 0; done < rows; done += Batch.MAX_ROWS) {
                insert.write(batches.get(done / Batch.MAX_ROWS % BATCHES));
              }
              insert.commit();
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            long cpu = cpuNanos() - cpuStart;
            long bytes = table.parts().stream().mapToLong(p -> p.info().bytes()).sum();
            long viewStart = System.nanoTime();
            try (TableView view = table.view(true)) {
              System.out.printf(
                  "%s ORDER BY %s: %.2f M rows/s, %.0f ns of CPU/row, %.1f bytes/row, first view"
                      + " %.1f ms%n",
                  engineCall,
                  key,
                  rows / seconds / 1e6,
                  cpu / (double) rows,
                  bytes / (double) rows,
                  (System.nanoTime() - viewStart) / 1e6);
              assert view.isExact();
            }
            engine.drop(new TableName("default", name));
          }
        }
      }
    }
  }

  private static long cpuNanos() {
    return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos();
  }

  private static TableDefinition lineitem(String name, String engineCall, String key) {
    return TableRows.table(
        name,
        "l_orderkey Int64, l_partkey Int32, l_suppkey Int32, l_linenumber Int32,"
            + " l_quantity Decimal(15,2), l_extendedprice Decimal(15,2), l_discount Decimal(15,2),"
            + " l_tax Decimal(15,2), l_returnflag String, l_linestatus String, l_shipdate Date,"
            + " l_commitdate Date, l_receiptdate Date, l_shipinstruct String, l_shipmode String,"
            + " l_comment String",
        engineCall,
        key,
        "");
  }

  private static List<Batch> batches(MergeTable table, Scratch scratch) {
    Random random = new Random(1);
    List<Batch> batches = new ArrayList<>();
    long order = 0;
    for (int b = 0; b < BATCHES; b++) {
      List<VectorBuilder> builders =
          table.insertColumns().stream().map(c -> new VectorBuilder(c.type(), scratch)).toList();
      for (int row = 0; row < Batch.MAX_ROWS; row++) {
        order += random.nextInt(4) == 0 ? 1 : 0;
        int date = 8000 + random.nextInt(2500);
        long[] numbers = {
          order,
          random.nextInt(200_000),
          random.nextInt(10_000),
          row % 7 + 1,
          100 * (1 + random.nextInt(50)),
          90_000 + random.nextInt(10_000_000),
          random.nextInt(11),
          random.nextInt(9)
        };
        for (int c = 0; c < numbers.length; c++) {
          builders.get(c).appendLong(numbers[c]);
        }
        text(builders.get(8), random.nextBoolean() ? "N" : "R");
        text(builders.get(9), random.nextBoolean() ? "O" : "F");
        builders.get(10).appendLong(date);
        builders.get(11).appendLong(date + random.nextInt(30));
        builders.get(12).appendLong(date + random.nextInt(30));
        text(builders.get(13), random.nextBoolean() ? "DELIVER IN PERSON" : "COLLECT COD");
        text(builders.get(14), MODES[random.nextInt(MODES.length)]);
        text(builders.get(15), comment(random));
      }
      batches.add(new Batch(Batch.MAX_ROWS, builders.stream().map(VectorBuilder::build).toList()));
    }
    return batches;
  }

  private static String comment(Random random) {
    StringBuilder text = new StringBuilder();
    for (int w = 2 + random.nextInt(5); w > 0; w--) {
      text.append("word").append(random.nextInt(3000)).append(' ');
    }
    return text.toString();
  }

  private static void text(VectorBuilder builder, String value) {
    builder.appendBytes(value.getBytes(StandardCharsets.US_ASCII));
  }
}
