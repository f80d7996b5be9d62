// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.ingest;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Random;

/// JSON of an exact size, compressible as real events are, the same in every run.
final class Events {
  private static final String[] KINDS = {"view", "click", "cart", "buy", "search", "login"};
  private static final int DIFFERENT = 20_000;

  private Events() {}

  static byte[][] ofBytes(int bytes) {
    Random random = new Random(42);
    byte[][] events = new byte[DIFFERENT][];
    for (int i = 0; i < DIFFERENT; i++) {
      events[i] = event(i, bytes, random);
    }
    return events;
  }

  private static byte[] event(int i, int bytes, Random random) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "{\"ts\":%d,\"user\":%d,\"event\":\"%s\",\"page\":%d,\"price\":%d.%02d,\"ref\":\"",
            1_767_225_600_000L + i * 37L,
            random.nextInt(1_000_000),
            KINDS[random.nextInt(KINDS.length)],
            random.nextInt(5000),
            random.nextInt(900),
            random.nextInt(100)));
    while (text.length() < bytes - 2) {
      text.append("/item-").append(random.nextInt(2000));
    }
    text.setLength(bytes - 2);
    return text.append("\"}").toString().getBytes(StandardCharsets.UTF_8);
  }
}
