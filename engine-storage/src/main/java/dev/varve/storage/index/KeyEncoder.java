// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.index;

import dev.varve.storage.type.DataType;
import dev.varve.storage.type.Physical;
import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;

/// Turns the key columns of a row into bytes that compare (`memcmp`) as the rows do. Whatever
/// sorts, merges or searches compares these and never looks at types. Safe for threads.
///
/// A key of the first columns only is a prefix of the whole key of that row; [KeyBounds] makes
/// ranges of such pieces. Vectors may have any form, and decimals may lie narrower than their type.
public final class KeyEncoder {
  private final List<KeyColumn> columns;
  private final KeyPiece[] pieces;
  private final boolean prefixExact;

  public KeyEncoder(List<KeyColumn> columns) {
    this.columns = List.copyOf(columns);
    this.pieces = columns.stream().map(KeyPiece::new).toArray(KeyPiece[]::new);
    this.prefixExact = isWithinEightBytes(pieces);
  }

  /// Smallest first, NULLs last.
  public static KeyEncoder ascending(List<DataType> types) {
    return new KeyEncoder(types.stream().map(KeyColumn::ascending).toList());
  }

  private static boolean isWithinEightBytes(KeyPiece[] pieces) {
    int sum = 0;
    for (KeyPiece piece : pieces) {
      int bytes = piece.maxBytes();
      if (bytes < 0) {
        return false;
      }
      sum += bytes;
    }
    return sum <= 8;
  }

  public List<KeyColumn> columns() {
    return columns;
  }

  /// Whether the prefix of eight bytes is the whole key, so that equal prefixes are equal keys.
  public boolean isPrefixExact() {
    return prefixExact;
  }

  /// Whether all columns are plain numbers, so that keys have one width and are made fast.
  public boolean isOfNumbers() {
    return wordBytes(pieces.length) > 0;
  }

  /// The key of a row. `keys` may hold only the first columns.
  public byte[] encode(List<Vector> keys, int row) {
    KeyBytes out = new KeyBytes(16 * keys.size());
    write(out, keys, row);
    return out.copy();
  }

  /// What one column adds to a row's key: the keys of all columns in order make the row's key.
  public byte[] encodeColumn(int column, Vector values, int row) {
    KeyBytes out = new KeyBytes(16);
    pieces[column].write(out, values, row);
    return out.copy();
  }

  /// The keys of the first `rows` rows.
  public EncodedKeys encodeAll(List<Vector> keys, int rows) {
    int width = wordBytes(keys.size());
    if (width > 0 && (long) rows * width < Integer.MAX_VALUE - 16) {
      return encodeWords(keys, rows, width);
    }
    KeyBytes out = new KeyBytes((int) Math.min(1 << 28, (long) rows * 8 * keys.size()));
    int[] offsets = new int[rows + 1];
    for (int row = 0; row < rows; row++) {
      write(out, keys, row);
      offsets[row + 1] = out.length();
    }
    return new EncodedKeys(out.array(), offsets);
  }

  /// Bytes of a key of so many columns where all are plain numbers, else 0.
  private int wordBytes(int count) {
    int sum = 0;
    for (int c = 0; c < count; c++) {
      if (!pieces[c].isWord()) {
        return 0;
      }
      sum += pieces[c].width();
    }
    return sum;
  }

  /// Keys of one width: column by column to words, then row by row to bytes.
  private EncodedKeys encodeWords(List<Vector> keys, int rows, int width) {
    byte[] bytes = new byte[rows * width + 8];
    int[] offsets = new int[rows + 1];
    long[][] words = new long[keys.size()][rows];
    for (int c = 0; c < words.length; c++) {
      addWords(pieces[c], keys.get(c), rows, 0, words[c]);
    }
    int at = 0;
    for (int row = 0; row < rows; row++) {
      // Eight bytes are written whatever the width: what is too much, the next word writes again.
      for (int c = 0; c < words.length; c++) {
        KeyBytes.BIG_ENDIAN.set(bytes, at, words[c][row]);
        at += pieces[c].width();
      }
      offsets[row + 1] = at;
    }
    return new EncodedKeys(bytes, offsets);
  }

  private void write(KeyBytes out, List<Vector> keys, int row) {
    for (int c = 0; c < keys.size(); c++) {
      pieces[c].write(out, keys.get(c), row);
    }
  }

  /// The first eight bytes of a key as an unsigned number, zeros behind a shorter one.
  public static long prefix(byte[] key) {
    return key.length >= 8
        ? (long) KeyBytes.BIG_ENDIAN.get(key, 0)
        : (long) KeyBytes.BIG_ENDIAN.get(Arrays.copyOf(key, 8), 0);
  }

  /// The least and greatest value of the first column, as signed longs, whose keys can begin with
  /// eight bytes up to these; null where that column is no number of this kind.
  public long[] upTo(long prefix) {
    return pieces[0].isWord() ? pieces[0].upTo(prefix >>> 64 - 8 * pieces[0].width()) : null;
  }

  /// For each of the first `rows` rows, [#prefix] of its key. Compare with [Long#compareUnsigned]:
  /// different prefixes are in the order of their keys.
  public void prefixes(List<Vector> keys, int rows, long[] out) {
    Arrays.fill(out, 0, rows, 0);
    int used = 0;
    for (int c = 0; c < pieces.length && used < 64; c++) {
      KeyPiece piece = pieces[c];
      if (!piece.isWord()) {
        if (used == 0 && isPlainText(keys.get(c))) {
          textPrefixes(keys, rows, out);
        } else {
          slowPrefixes(keys, rows, out);
        }
        return;
      }
      addWords(piece, keys.get(c), rows, used, out);
      used += 8 * piece.width();
    }
  }

  /// Whether the second eight bytes of keys are given by [#secondPrefixes].
  public boolean hasSecondPrefix() {
    int begin = 0;
    for (KeyPiece piece : pieces) {
      if (begin < 16 && !piece.isWord()) {
        return false;
      }
      begin += piece.width();
    }
    return begin > 8;
  }

  /// As [#prefixes], of the eight bytes behind those: for keys that share their first ones. Only
  /// where [#hasSecondPrefix].
  public void secondPrefixes(List<Vector> keys, int rows, long[] out) {
    Arrays.fill(out, 0, rows, 0);
    int begin = 0;
    for (int c = 0; c < pieces.length && begin < 16; c++) {
      KeyPiece piece = pieces[c];
      if (begin + piece.width() > 8) {
        addWords(piece, keys.get(c), rows, 8 * (begin - 8), out);
      }
      begin += piece.width();
    }
  }

  private boolean isPlainText(Vector vector) {
    return (vector.isFlat() || vector.isDictionary() && vector.dictionary().isFlat())
        && vector.base().physical() == Physical.BYTES
        && !columns.getFirst().type().isNullable()
        && !columns.getFirst().descending();
  }

  /// Row by row, through the whole key.
  private void slowPrefixes(List<Vector> keys, int rows, long[] out) {
    KeyBytes key = new KeyBytes(64);
    for (int row = 0; row < rows; row++) {
      out[row] = slowPrefix(key, keys, row);
    }
  }

  private long slowPrefix(KeyBytes key, List<Vector> keys, int row) {
    key.reset();
    for (int c = 0; c < pieces.length && key.length() < 8; c++) {
      pieces[c].write(key, keys.get(c), row);
    }
    return key.prefix();
  }

  private void textPrefixes(List<Vector> keys, int rows, long[] out) {
    Vector text = keys.getFirst();
    Vector base = text.base();
    MemorySegment codes = text.isDictionary() ? text.values() : null;
    MemorySegment offsets = base.offsets();
    MemorySegment bytes = base.values();
    long wordEnd = bytes.byteSize() - 8;
    // A shorter text ends in two zeros; the next column begins behind them.
    int least = pieces.length == 1 ? 0 : 6;
    KeyBytes key = new KeyBytes(64);
    for (int row = 0; row < rows; row++) {
      long at = codes == null ? row : codes.get(Vector.I32, row * 4L);
      int from = offsets.get(Vector.I32, at * 4);
      int length = offsets.get(Vector.I32, at * 4 + 4) - from;
      if (length >= least && from <= wordEnd) {
        long word = bytes.get(Vector.I64, from);
        // Bytes behind a short text are made ones, then none of its own may be zero.
        long behind = length >= 8 ? 0 : -1L << (length << 3);
        long probe = word | behind;
        if (((probe - 0x0101010101010101L) & ~probe & 0x8080808080808080L) == 0) {
          out[row] = Long.reverseBytes(word & ~behind);
          continue;
        }
      }
      out[row] = slowPrefix(key, keys, row);
    }
  }

  private static void addWords(KeyPiece piece, Vector vector, int rows, int used, long[] out) {
    int shift = 64 - used - 8 * piece.width();
    switch (vector.form()) {
      case CONSTANT -> {
        long word = shifted(piece.bits(vector.single(), 0), shift);
        for (int row = 0; row < rows; row++) {
          out[row] |= word;
        }
      }
      case DICTIONARY -> {
        long[] words = new long[vector.dictionary().rows()];
        for (int i = 0; i < words.length; i++) {
          words[i] = shifted(piece.bits(vector.dictionary(), i), shift);
        }
        for (int row = 0; row < rows; row++) {
          out[row] |= words[vector.values().get(Vector.I32, row * 4L)];
        }
      }
      case FLAT -> addFlatWords(piece, vector, rows, shift, out);
    }
  }

  private static void addFlatWords(KeyPiece piece, Vector vector, int rows, int shift, long[] out) {
    MemorySegment values = vector.values();
    switch (vector.physical()) {
      case INT64 -> {
        for (int row = 0; row < rows; row++) {
          out[row] |= shifted(piece.integerWord(values.get(Vector.I64, row * 8L)), shift);
        }
      }
      case INT32 -> {
        for (int row = 0; row < rows; row++) {
          out[row] |= shifted(piece.integerWord(values.get(Vector.I32, row * 4L)), shift);
        }
      }
      case INT16 -> {
        for (int row = 0; row < rows; row++) {
          out[row] |= shifted(piece.integerWord(values.get(Vector.I16, row * 2L)), shift);
        }
      }
      case INT8 -> {
        for (int row = 0; row < rows; row++) {
          out[row] |= shifted(piece.integerWord(values.get(ValueLayout.JAVA_BYTE, row)), shift);
        }
      }
      default -> {
        for (int row = 0; row < rows; row++) {
          out[row] |= shifted(piece.bits(vector, row), shift);
        }
      }
    }
  }

  private static long shifted(long word, int shift) {
    return shift >= 0 ? word << shift : word >>> -shift;
  }
}
