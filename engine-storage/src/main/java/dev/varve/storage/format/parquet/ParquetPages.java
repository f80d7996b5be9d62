// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format.parquet;

import com.github.luben.zstd.Zstd;
import dev.varve.storage.format.ByteSink;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Vector;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// The pages of a leaf in the row group under way: levels, then plain values, all packed by ZSTD.
/// One thread.
final class ParquetPages {
  private static final int PLAIN = 0;
  private static final int RLE = 3;
  private static final int ZSTD = 6;
  private static final int LEVEL = 1;
  private static final int PAGE_BYTES = 1 << 20;

  private final DataType type;
  private final ParquetType parquet;
  private final List<String> path;
  private final int maxDefinition;
  private final int maxRepetition;
  private final ByteSink values = new ByteSink();
  private final ByteSink page = new ByteSink();
  private final ByteSink chunk = new ByteSink();
  private byte[] definitions = new byte[1024];
  private byte[] repetitions = new byte[1024];
  private int count;
  private int bits;
  private int bitCount;
  private long chunkValues;
  private long plainBytes;

  /// @param type unwrapped
  ParquetPages(DataType type, List<String> path, int maxDefinition, int maxRepetition) {
    this.type = type;
    this.parquet = ParquetType.of(type);
    this.path = List.copyOf(path);
    this.maxDefinition = maxDefinition;
    this.maxRepetition = maxRepetition;
  }

  private void levels(int definition, int repetition) {
    if (count == definitions.length) {
      definitions = Arrays.copyOf(definitions, count * 2);
      repetitions = Arrays.copyOf(repetitions, count * 2);
    }
    definitions[count] = (byte) definition;
    repetitions[count++] = (byte) repetition;
  }

  void absent(int definition, int repetition) {
    levels(definition, repetition);
  }

  void value(Vector base, int at, int definition, int repetition) {
    levels(definition, repetition);
    switch (type) {
      case DataType.Bool _ -> bit(base.getLong(at) != 0);
      case DataType.Int(int width, boolean _) when width > 64 -> values.put(wide(base, at, width));
      case DataType.Float(int width) ->
          values.putLittleEndian(
              width == 32
                  ? Float.floatToRawIntBits((float) base.getDouble(at))
                  : Double.doubleToRawLongBits(base.getDouble(at)),
              width / 8);
      case DataType.Decimal _ -> decimal(base, at);
      case DataType.Text _, DataType.AggregateState _ -> {
        MemorySegment bytes = base.getSegment(at);
        values.putLittleEndian(bytes.byteSize(), 4).put(bytes);
      }
      case DataType.Enumeration labels -> {
        byte[] text = labels.textOf(base.getLong(at)).getBytes(StandardCharsets.UTF_8);
        values.putLittleEndian(text.length, 4).put(text);
      }
      case DataType.FixedText _, DataType.Ipv6 _, DataType.Uuid _ ->
          values.put(base.getSegment(at));
      case DataType.DateTime _ -> values.putLittleEndian(base.getLong(at) * 1000, 8);
      case DataType.DateTime64(int precision, String _) ->
          ticks(base.getLong(at), precision, ParquetType.timeDigits(precision));
      case DataType.Time _ -> ticks(base.getLong(at), 0, ParquetType.spanDigits(0));
      case DataType.Time64(int precision) ->
          ticks(base.getLong(at), precision, ParquetType.spanDigits(precision));
      default ->
          values.putLittleEndian(base.getLong(at), parquet.physical() == ParquetType.INT64 ? 8 : 4);
    }
  }

  private void ticks(long ticks, int precision, int written) {
    long finer = ticks;
    for (int i = precision; i < written; i++) {
      finer *= 10;
    }
    values.putLittleEndian(finer, 8);
  }

  private static MemorySegment wide(Vector base, int at, int width) {
    return base.values().asSlice((long) at * (width / 8), width / 8);
  }

  private void bit(boolean value) {
    bits |= value ? 1 << bitCount : 0;
    if (++bitCount == 8) {
      endByte();
    }
  }

  private void endByte() {
    if (bitCount > 0) {
      values.put(bits);
    }
    bits = 0;
    bitCount = 0;
  }

  private void decimal(Vector base, int at) {
    if (parquet.physical() != ParquetType.FIXED) {
      values.putLittleEndian(base.getLong(at), parquet.physical() == ParquetType.INT64 ? 8 : 4);
      return;
    }
    byte[] unscaled = base.getInteger(at).toByteArray();
    for (int i = unscaled.length; i < parquet.width(); i++) {
      values.put(unscaled[0] >> 7);
    }
    values.put(unscaled);
  }

  /// Ends the page under way where it is long enough.
  void endBatch() {
    if (values.size() + count > PAGE_BYTES) {
      endPage();
    }
  }

  /// Bytes that wait for the end of the row group.
  long size() {
    return chunk.size() + values.size() + count;
  }

  private void endPage() {
    if (count == 0) {
      return;
    }
    endByte();
    page.clear();
    putLevels(repetitions, maxRepetition);
    putLevels(definitions, maxDefinition);
    page.put(values.array(), 0, values.size());
    byte[] packed = Zstd.compress(Arrays.copyOf(page.array(), page.size()), LEVEL);
    ByteSink header = new ByteSink();
    int plain = page.size();
    int entries = count;
    new ThriftWriter(header)
        .struct(head ->
            head.i32(1, 0)
                .i32(2, plain)
                .i32(3, packed.length)
                .struct(5, data -> data.i32(1, entries).i32(2, PLAIN).i32(3, RLE).i32(4, RLE)));
    chunk.put(header.array(), 0, header.size()).put(packed);
    plainBytes += header.size() + plain;
    chunkValues += count;
    count = 0;
    values.clear();
  }

  /// Levels as one run where all are equal, else packed in as many bits as the highest takes.
  private void putLevels(byte[] levels, int highest) {
    if (highest == 0) {
      return;
    }
    int width = 32 - Integer.numberOfLeadingZeros(highest);
    boolean equal = true;
    for (int i = 1; i < count && equal; i++) {
      equal = levels[i] == levels[0];
    }
    ByteSink run = new ByteSink();
    if (equal) {
      run.putVarint((long) count << 1).put(levels[0]);
    } else {
      int groups = (count + 7) / 8;
      run.putVarint((long) groups << 1 | 1);
      for (int g = 0; g < groups; g++) {
        long packed = 0;
        for (int i = 0; i < 8; i++) {
          int at = g * 8 + i;
          packed |= at < count ? (long) levels[at] << i * width : 0;
        }
        run.putLittleEndian(packed, width);
      }
    }
    page.putLittleEndian(run.size(), 4).put(run.array(), 0, run.size());
  }

  /// Writes the chunk and returns what the footer says of it.
  Chunk drainTo(OutputStream out, long offset) throws IOException {
    endPage();
    Chunk written = new Chunk(parquet, path, chunkValues, plainBytes, chunk.size(), offset);
    chunk.drainTo(out);
    chunkValues = 0;
    plainBytes = 0;
    return written;
  }

  /// Where the pages of a leaf lie in a file.
  record Chunk(
      ParquetType type,
      List<String> path,
      long values,
      long plainBytes,
      long packedBytes,
      long offset) {
    void describe(ThriftWriter chunk) {
      chunk
          .i64(2, offset)
          .struct(
              3,
              meta ->
                  meta.i32(1, type.physical())
                      .numbers(2, PLAIN, RLE)
                      .texts(3, path)
                      .i32(4, ZSTD)
                      .i64(5, values)
                      .i64(6, plainBytes)
                      .i64(7, packedBytes)
                      .i64(9, offset));
    }
  }
}
