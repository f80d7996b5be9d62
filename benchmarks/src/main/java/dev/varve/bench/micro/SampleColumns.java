// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.micro;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.nio.charset.StandardCharsets;

/// Columns by the encoding that their values ask for, the same in each run.
final class SampleColumns {
  private static final String[] WORDS = {
    "furiously", "final", "deposits", "sleep", "carefully", "ironic", "requests", "according",
    "quickly", "pending", "accounts", "haggle", "blithely", "regular", "packages", "express"
  };

  private SampleColumns() {}

  static ColumnDefinition definition(String shape) {
    String type =
        switch (shape) {
          case "packed32", "outliers" -> "Int32";
          case "alp", "alp_rd", "xor" -> "Float64";
          case "dictionary", "urls", "text", "symbols" -> "String";
          case "divided" -> "UInt32";
          default -> "Int64";
        };
    return new ColumnDefinition(
        shape,
        DataTypes.parse(type),
        ColumnDefinition.Kind.DEFAULT,
        "",
        switch (shape) {
          case "xor" -> "Gorilla";
          case "symbols" -> "FSST";
          default -> "";
        },
        "");
  }

  static Vector rows(String shape, int from, int count, Scratch scratch) {
    VectorBuilder builder = new VectorBuilder(definition(shape).type(), scratch);
    for (int row = from; row < from + count; row++) {
      append(shape, row, builder);
    }
    return builder.build();
  }

  /// The finisher of SplitMix64: the same noise for the same row.
  private static long noise(long row) {
    long z = (row + 1) * 0x9E3779B97F4A7C15L;
    z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }

  private static void append(String shape, int row, VectorBuilder to) {
    long noise = noise(row);
    switch (shape) {
      case "packed32" -> to.appendLong(noise >>> 51);
      case "packed64" -> to.appendLong(1_700_000_000_000L + (noise >>> 40));
      case "delta" -> to.appendLong(1_700_000_000_000L + 1000L * row + (noise >>> 60));
      case "double_delta" -> to.appendLong(5L * row * row + (noise >>> 62));
      case "outliers" -> to.appendLong(row % 500 == 0 ? noise >>> 33 : noise >>> 54);
      case "divided" -> to.appendLong(17 + 3600 * (noise >>> 51));
      case "runs" -> to.appendLong(noise(row / 300) >>> 40);
      case "plain" -> to.appendLong(noise);
      case "alp" -> to.appendDouble((noise >>> 44) / 100.0);
      case "alp_rd" -> to.appendDouble(1 + (noise >>> 11) * 0x1p-53);
      case "xor" -> to.appendDouble(20 + noise(row / 16) % 64 / 8.0);
      case "dictionary" -> to.appendBytes(bytes(WORDS[(int) (noise >>> 60)]));
      case "urls" ->
          to.appendBytes(
              bytes(
                  "https://shop.example/catalogue/"
                      + WORDS[(int) (noise >>> 60)]
                      + "/item-"
                      + (noise >>> 20) % 20_000
                      + "?from=search"));
      default ->
          to.appendBytes(
              bytes(
                  WORDS[(int) (noise & 15)]
                      + " "
                      + WORDS[(int) (noise >>> 4 & 15)]
                      + " "
                      + Long.toHexString(noise >>> 44)
                      + " "
                      + WORDS[(int) (noise >>> 8 & 15)]));
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
