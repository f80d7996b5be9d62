// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.ingest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// One way to produce.
///
/// @param bytes of a record
/// @param isTuned batches of 256 KiB that linger 10 ms, instead of the client's 16 KiB and 5 ms
record Cell(int bytes, String codec, boolean isTuned, String acks) {
  /// All of them: sizes, codecs, batching, acknowledgements.
  static List<Cell> matrix() {
    List<Cell> cells = new ArrayList<>();
    for (int bytes : new int[] {100, 1024}) {
      for (String acks : List.of("1", "all")) {
        for (String codec : List.of("none", "lz4")) {
          cells.add(new Cell(bytes, codec, false, acks));
          cells.add(new Cell(bytes, codec, true, acks));
        }
      }
    }
    return cells;
  }

  String title() {
    return bytes + " B " + codec + (isTuned ? " tuned" : " default") + " acks=" + acks;
  }

  Map<String, Object> settings() {
    Map<String, Object> settings = new HashMap<>();
    settings.put("acks", acks);
    settings.put("compression.type", codec);
    if (isTuned) {
      settings.put("batch.size", 256 << 10);
      settings.put("linger.ms", 10);
      settings.put("buffer.memory", 64L << 20);
    }
    return settings;
  }
}
