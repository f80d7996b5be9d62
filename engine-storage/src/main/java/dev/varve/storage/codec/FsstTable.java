// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.codec;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Up to 255 symbols of one to eight bytes, each with a code of one byte: FSST (Boncz, Neumann,
/// Leis: "FSST: Fast Random Access String Compression", VLDB 2020). Immutable.
///
/// A byte that begins no symbol is written as [#ESCAPE] and itself, so any bytes can be encoded, at
/// worst twice as long. A code means the same wherever it stands, so strings are read one by one in
/// any order.
///
/// | bytes | field |
/// |-------|-------|
/// | 0-3 | number of symbols, 0 to 255 |
/// | 4-7 | 0 |
/// | 8- | length of each symbol, a byte; zeros to a multiple of eight; each symbol in eight bytes, zeros behind it |
final class FsstTable {
  static final int ESCAPE = 255;
  static final int MAX_SYMBOLS = 255;

  /// What is read behind the last byte that is encoded.
  static final int PADDING = 8;

  private static final int SLOTS = 2048;

  /// All addresses; only for bytes of a segment whose bounds were checked.
  private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private int count;
  private final long[] symbols = new long[256];
  private final byte[] lengths = new byte[256];

  /// For each byte, and for each two bytes, the longest symbol of at most two bytes: its code, and
  /// its length times 256; 0 where there is none.
  private final short[] singles = new short[1 << 8];

  private final short[] pairs = new short[1 << 16];

  /// Symbols of three and more bytes, by the hash of their first three: the code plus one. One of
  /// those that share a slot stays.
  private final short[] slots = new short[SLOTS];

  /// For the piece that was looked for last, as one query asks for one in many granules.
  private volatile FsstSearch search;

  /// Adds a symbol, unless there is no room for it or it could not be found.
  ///
  /// @param symbol its bytes, the first one lowest, zeros behind it
  void add(long symbol, int length) {
    int found = code(symbol, length);
    if (count == MAX_SYMBOLS || found >= 0 || length > 2 && slots[slot(symbol)] != 0) {
      return;
    }
    int code = count++;
    symbols[code] = symbol;
    lengths[code] = (byte) length;
    if (length > 2) {
      slots[slot(symbol)] = (short) (code + 1);
    } else if (length == 2) {
      pairs[(int) symbol] = (short) (code | 2 << 8);
    } else {
      singles[(int) symbol] = (short) (code | 1 << 8);
      for (int next = 0; next < 256; next++) {
        int pair = (int) symbol | next << 8;
        pairs[pair] = pairs[pair] == 0 ? singles[(int) symbol] : pairs[pair];
      }
    }
  }

  private int code(long symbol, int length) {
    int found = find(symbol, length);
    return found >>> 8 == length ? found & 0xFF : -1;
  }

  private static int slot(long word) {
    return ((int) (word & 0xFFFFFF) * 0x9E3779B1) >>> 21;
  }

  int count() {
    return count;
  }

  long symbol(int code) {
    return symbols[code];
  }

  int length(int code) {
    return lengths[code];
  }

  /// The symbol that a word begins with: its code, and its length times 256; 0 where there is none.
  ///
  /// @param left bytes of the string from here on, at least 1; what is behind them in the word does
  ///   not matter
  int find(long word, int left) {
    int code = slots[slot(word)] - 1;
    if (code >= 0) {
      int length = lengths[code];
      if (length <= left && (word ^ symbols[code]) << (64 - 8 * length) == 0) {
        return code | length << 8;
      }
    }
    return left > 1 ? pairs[(int) (word & 0xFFFF)] : singles[(int) (word & 0xFF)];
  }

  /// Encodes the bytes of a string; at most twice as many are written.
  ///
  /// @param bytes readable [#PADDING] bytes behind the string
  /// @return where the codes end
  int encode(byte[] bytes, int from, int length, byte[] out, int to) {
    int at = from;
    int end = from + length;
    int next = to;
    while (at < end) {
      long word = ByteWords.load(bytes, at);
      int found = find(word, end - at);
      if (found == 0) {
        out[next] = (byte) ESCAPE;
        out[next + 1] = (byte) word;
        next += 2;
        at++;
      } else {
        out[next++] = (byte) found;
        at += found >>> 8;
      }
    }
    return next;
  }

  /// Decodes `[from, from + count)` of the codes to the beginning of a target, in steps of eight
  /// bytes, so that up to eight bytes behind the strings are written.
  ///
  /// @param target has eight bytes more than the strings may
  /// @return bytes of the strings
  long decode(MemorySegment codes, long from, long count, MemorySegment target) {
    MemorySegment in = codes.asSlice(from, count);
    return decode(in.address(), count, target.address(), target.byteSize() - 8);
  }

  private long decode(long from, long count, long to, long most) {
    // Copies of a length that the compiler knows: no index needs to be checked.
    long[] words = Arrays.copyOf(symbols, 256);
    byte[] sizes = Arrays.copyOf(lengths, 256);
    long at = from;
    long end = from + count;
    long out = to;
    // Eight symbols are at most 64 bytes.
    long roomy = to + most - 64;
    while (at + 8 <= end && out <= roomy) {
      long codes = ALL.get(Vector.I64, at);
      if ((~codes - 0x0101010101010101L & codes & 0x8080808080808080L) != 0) {
        int code = (int) codes & 0xFF;
        boolean escaped = code == ESCAPE;
        ALL.set(Vector.I64, out, escaped ? codes >>> 8 : words[code]);
        out += escaped ? 1 : sizes[code];
        at += escaped ? 2 : 1;
        continue;
      }
      out = four((int) codes, words, sizes, out);
      out = four((int) (codes >>> 32), words, sizes, out);
      at += 8;
    }
    return decodeLast(at, end, out, to, most);
  }

  private static long four(int codes, long[] words, byte[] sizes, long out) {
    int a = codes & 0xFF;
    int b = codes >>> 8 & 0xFF;
    int c = codes >>> 16 & 0xFF;
    int d = codes >>> 24;
    int second = sizes[a];
    int third = second + sizes[b];
    int fourth = third + sizes[c];
    ALL.set(Vector.I64, out, words[a]);
    ALL.set(Vector.I64, out + second, words[b]);
    ALL.set(Vector.I64, out + third, words[c]);
    ALL.set(Vector.I64, out + fourth, words[d]);
    return out + fourth + sizes[d];
  }

  private long decodeLast(long from, long end, long written, long to, long most) {
    long at = from;
    long out = written;
    while (at < end) {
      int code = ALL.get(JAVA_BYTE, at++) & 0xFF;
      if (out - to > most) {
        throw new MalformedBytesException("at most " + most + " bytes of strings", "more");
      }
      if (code != ESCAPE) {
        ALL.set(Vector.I64, out, symbols[code]);
        out += lengths[code];
      } else if (at < end) {
        ALL.set(JAVA_BYTE, out++, ALL.get(JAVA_BYTE, at++));
      } else {
        throw new MalformedBytesException("a byte behind an escape", "the end of the codes");
      }
    }
    return out - to;
  }

  /// Looks for a piece in strings that this table encoded.
  FsstSearch search(byte[] piece) {
    FsstSearch last = search;
    if (last == null || !last.isFor(piece)) {
      last = new FsstSearch(this, piece);
      search = last;
    }
    return last;
  }

  void write(ByteSink out) {
    out.align();
    out.putInt(count);
    out.putInt(0);
    for (int code = 0; code < count; code++) {
      out.putByte(lengths[code]);
    }
    out.align();
    for (int code = 0; code < count; code++) {
      out.putLong(symbols[code]);
    }
  }

  /// Bytes of a table of this many symbols.
  static int bytes(int symbols) {
    return 8 + (symbols + 7 & ~7) + 8 * symbols;
  }

  /// A table for reading only.
  static FsstTable read(MemorySegment in, long at) {
    FsstTable table = new FsstTable();
    int count = in.get(Vector.I32, at);
    if (count < 0 || count > MAX_SYMBOLS) {
      throw new MalformedBytesException("at most " + MAX_SYMBOLS + " symbols", count);
    }
    long words = at + 8 + (count + 7 & ~7);
    for (int code = 0; code < count; code++) {
      int length = in.get(JAVA_BYTE, at + 8 + code);
      if (length < 1 || length > 8) {
        throw new MalformedBytesException("a symbol of 1 to 8 bytes", length);
      }
      table.lengths[code] = (byte) length;
      table.symbols[code] = in.get(Vector.I64, words + 8L * code);
    }
    table.count = count;
    return table;
  }
}
