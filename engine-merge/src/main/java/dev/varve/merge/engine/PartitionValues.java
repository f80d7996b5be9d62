// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.storage.index.KeyEncoder;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorValues;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The values of a partition key that occur in a block, numbered as they come. One thread.
public final class PartitionValues {
  /// The partition of a table without partition key.
  static final String ALL = "all";

  private final List<String> texts = new ArrayList<>();
  private final Map<Long, Integer> byWord = new HashMap<>();
  private final Map<String, Integer> byText = new HashMap<>();
  private KeyEncoder encoder;

  /// Puts the number of each row's value into `numbers`, from `at` on.
  void number(List<Vector> key, int rows, int[] numbers, int at) {
    if (encoder == null) {
      List<DataType> types = key.stream().map(Vector::type).toList();
      encoder = KeyEncoder.ascending(types);
    }
    long[] words = new long[rows];
    encoder.prefixes(key, rows, words);
    long lastWord = 0;
    int last = -1;
    for (int row = 0; row < rows; row++) {
      if (last < 0 || words[row] != lastWord || !encoder.isPrefixExact()) {
        last = encoder.isPrefixExact() ? ofWord(words[row], key, row) : ofText(key, row);
        lastWord = words[row];
      }
      numbers[at + row] = last;
    }
  }

  private int ofWord(long word, List<Vector> key, int row) {
    Integer known = byWord.get(word);
    if (known == null) {
      known = ofText(key, row);
      byWord.put(word, known);
    }
    return known;
  }

  private int ofText(List<Vector> key, int row) {
    return number(text(key, row));
  }

  /// The number of a value that has this text.
  int number(String value) {
    return byText.computeIfAbsent(
        value,
        text -> {
          texts.add(text);
          return texts.size() - 1;
        });
  }

  int count() {
    return texts.size();
  }

  String text(int number) {
    return texts.get(number);
  }

  /// One value plainly, several as `(a,b)` with quoted strings.
  public static String text(List<Vector> key, int row) {
    if (key.size() == 1) {
      return plain(VectorValues.get(key.getFirst(), row));
    }
    return key.stream()
        .map(vector -> {
          Object value = VectorValues.get(vector, row);
          return value instanceof String text
              ? "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
              : plain(value);
        })
        .collect(Collectors.joining(",", "(", ")"));
  }

  private static String plain(Object value) {
    return switch (value) {
      case null -> "NULL";
      case BigDecimal decimal -> decimal.toPlainString();
      case byte[] bytes -> HexFormat.of().formatHex(bytes);
      case Object[] array -> Arrays.deepToString(array);
      default -> value.toString();
    };
  }
}
