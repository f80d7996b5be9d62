// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.skip;

import dev.varve.storage.index.EncodedKeys;
import dev.varve.storage.index.KeyEncoder;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.Physical;
import dev.varve.storage.vector.Vector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Bloom filters of values, words or n-grams. Hashes gather until the entry ends, so that a filter
/// of values is as large as its different values need.
final class FilterBuilder implements EntryBuilder {
  private final SkipIndexType type;
  private final KeyEncoder[] encoders;
  private final List<List<byte[]>> filters = new ArrayList<>();
  private final long[][] hashes;
  private final int[] counts;

  FilterBuilder(SkipIndexType type, List<DataType> types) {
    this.type = type;
    this.encoders = new KeyEncoder[types.size()];
    this.hashes = new long[types.size()][1024];
    this.counts = new int[types.size()];
    for (int c = 0; c < encoders.length; c++) {
      encoders[c] = KeyEncoder.ascending(List.of(SkipIndexType.elementType(types.get(c))));
      filters.add(new ArrayList<>());
    }
  }

  static int hashes(SkipIndexType type) {
    return switch (type) {
      case SkipIndexType.Bloom(double share) ->
          (int) Math.max(1, Math.round(-Math.log(share) / Math.log(2)));
      case SkipIndexType.Tokens tokens -> tokens.hashes();
      case SkipIndexType.Ngrams ngrams -> ngrams.hashes();
      case SkipIndexType.MinMax _, SkipIndexType.ValueSet _, SkipIndexType.Bitmap _ -> 0;
    };
  }

  static long seed(SkipIndexType type) {
    return switch (type) {
      case SkipIndexType.Tokens tokens -> tokens.seed();
      case SkipIndexType.Ngrams ngrams -> ngrams.seed();
      case SkipIndexType.Bloom _,
          SkipIndexType.MinMax _,
          SkipIndexType.ValueSet _,
          SkipIndexType.Bitmap _ ->
          0;
    };
  }

  @Override
  public void add(List<Vector> values, int rows) {
    for (int c = 0; c < encoders.length; c++) {
      Vector vector = values.get(c);
      if (vector.physical() == Physical.LIST) {
        addElements(c, vector, rows);
      } else if (type instanceof SkipIndexType.Bloom) {
        addValues(c, vector, 0, rows);
      } else {
        addTexts(c, vector, 0, rows);
      }
    }
  }

  private void addElements(int column, Vector lists, int rows) {
    Vector elements = lists.base().elements();
    for (int row = 0; row < rows; row++) {
      if (lists.isNull(row)) {
        continue;
      }
      int at = lists.valueRow(row);
      int from = lists.base().listFrom(at);
      int to = lists.base().listTo(at);
      if (type instanceof SkipIndexType.Bloom) {
        addEach(column, elements, from, to);
      } else {
        addTexts(column, elements, from, to);
      }
    }
  }

  private void addEach(int column, Vector elements, int from, int to) {
    for (int row = from; row < to; row++) {
      if (!elements.isNull(row)) {
        byte[] key = encoders[column].encodeColumn(0, elements, row);
        remember(column, SkipHash.of(key, 0, key.length, 0));
      }
    }
  }

  private void addValues(int column, Vector vector, int from, int to) {
    EncodedKeys keys = encoders[column].encodeAll(List.of(vector), to);
    boolean nulls = vector.mayHaveNulls();
    for (int row = from; row < to; row++) {
      if (!nulls || !vector.isNull(row)) {
        remember(column, SkipHash.of(keys.bytes(), keys.offset(row), keys.offset(row + 1), 0));
      }
    }
  }

  private void addTexts(int column, Vector vector, int from, int to) {
    long seed = seed(type);
    for (int row = from; row < to; row++) {
      if (!vector.isNull(row)) {
        TextPieces.pieces(
            type,
            vector.getBytes(row),
            (text, begin, end) -> remember(column, SkipHash.of(text, begin, end, seed)));
      }
    }
  }

  private void remember(int column, long hash) {
    if (counts[column] == hashes[column].length) {
      counts[column] = distinct(hashes[column], counts[column]);
      if (counts[column] * 2 > hashes[column].length) {
        hashes[column] = Arrays.copyOf(hashes[column], hashes[column].length * 2);
      }
    }
    hashes[column][counts[column]++] = hash;
  }

  private static int distinct(long[] values, int count) {
    Arrays.sort(values, 0, count);
    int kept = 0;
    for (int i = 0; i < count; i++) {
      if (i == 0 || values[i] != values[kept - 1]) {
        values[kept++] = values[i];
      }
    }
    return kept;
  }

  @Override
  public void endEntry() {
    for (int c = 0; c < encoders.length; c++) {
      int count = distinct(hashes[c], counts[c]);
      byte[] filter = count == 0 ? new byte[0] : new byte[filterBytes(count)];
      for (int i = 0; i < count; i++) {
        SkipHash.add(filter, hashes(type), hashes[c][i]);
      }
      filters.get(c).add(filter);
      counts[c] = 0;
    }
  }

  private int filterBytes(int values) {
    return switch (type) {
      case SkipIndexType.Tokens tokens -> tokens.bytes();
      case SkipIndexType.Ngrams ngrams -> ngrams.bytes();
      case SkipIndexType.Bloom(double share) -> {
        double bits = -values * Math.log(share) / (Math.log(2) * Math.log(2));
        yield (int) Math.min(SkipIndexType.MAX_FILTER_BYTES, Math.max(8, Math.ceil(bits / 8)));
      }
      case SkipIndexType.MinMax _, SkipIndexType.ValueSet _, SkipIndexType.Bitmap _ ->
          throw new IllegalStateException("no filter: " + type);
    };
  }

  @Override
  public SkipIndexData finish() {
    byte[][][] bits =
        filters.stream().map(list -> list.toArray(byte[][]::new)).toArray(byte[][][]::new);
    return new SkipIndexData.Filters(hashes(type), seed(type), bits);
  }
}
