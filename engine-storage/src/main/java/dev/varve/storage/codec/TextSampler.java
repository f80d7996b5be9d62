// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.codec;

import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/// Finds out by samples whether byte strings are better stored by an [FsstTable]. One thread; keeps
/// the table of the block before, which mostly fits the next one as well.
///
/// Decoding FSST is slower than LZ4 and quicker than ZSTD, and strings can be read one by one. So
/// it is taken where it is much smaller than LZ4, or at most a quarter larger than ZSTD.
final class TextSampler {
  private static final int TRAINING_BYTES = 16384;
  private static final int LEAST_BYTES = 4096;

  /// As large as what LZ4 looks back at.
  private static final int COMPRESSED_BYTES = 65536;

  private static final double OF_LZ4 = 0.85;
  private static final double OF_ZSTD = 1.25;

  /// A table that was made for other strings is kept while its codes are at most so much longer.
  private static final double KEPT = 1.03;

  private final Compressor compressor = new Compressor();
  private final CodecChoice choice;
  private final byte[] training = new byte[TRAINING_BYTES + FsstTable.PADDING];
  private final byte[] codes = new byte[2 * TRAINING_BYTES];
  private int[] ends = new int[256];
  private FsstTrainer trainer;
  private FsstTable kept;
  private double keptShare;

  TextSampler(CodecChoice choice) {
    this.choice = choice;
  }

  private boolean isForced() {
    return choice.encoding() == CodecChoice.Encoding.FSST;
  }

  /// Whether a table is looked for at all: finding one and encoding by it takes three times as long
  /// as LZ4 does, which is not worth it for a part that is soon merged.
  boolean looks() {
    return isForced()
        || choice.encoding() == CodecChoice.Encoding.AUTOMATIC
            && choice.compression() == CodecChoice.Compression.AUTOMATIC
            && choice.level() > 0;
  }

  /// The table by which these strings should be stored, or null.
  ///
  /// @param rows which strings, in their order
  /// @param front whether the other form leaves out the prefix that a string shares with the one
  ///   before
  FsstTable find(Vector flat, int[] rows, boolean front, Scratch scratch) {
    int strings = sample(flat, rows);
    int bytes = strings == 0 ? 0 : ends[strings - 1];
    if (bytes == 0 || bytes < LEAST_BYTES && !isForced()) {
      return null;
    }
    double share = kept == null ? Double.MAX_VALUE : share(kept, strings);
    if (share > keptShare * KEPT) {
      trainer = trainer == null ? new FsstTrainer() : trainer;
      kept = trainer.train(training, ends, strings);
      share = share(kept, strings);
      keptShare = share;
    }
    return isForced() || pays(share, flat, rows, front, scratch) ? kept : null;
  }

  /// Strings from all over the rows, for training.
  private int sample(Vector flat, int[] rows) {
    int strings = 0;
    int at = 0;
    // Runs of four neighbours, so that what repeats from one string to the next is not missed.
    int runs = Math.max(1, rows.length / 4);
    int step = Math.max(1, (int) ((long) runs * averageBytes(flat, rows) * 4 / TRAINING_BYTES));
    for (int run = 0; run < runs && at < TRAINING_BYTES; run += step) {
      for (int i = 4 * run; i < Math.min(rows.length, 4 * run + 4); i++) {
        int length = Math.min(FsstText.length(flat, rows[i]), TRAINING_BYTES - at);
        if (length > 0) {
          FsstText.copy(flat, rows[i], 0, length, training, at);
          at += length;
          ends = strings == ends.length ? Arrays.copyOf(ends, 2 * strings) : ends;
          ends[strings++] = at;
        }
      }
    }
    return strings;
  }

  private static int averageBytes(Vector flat, int[] rows) {
    long all = 0;
    int looked = 0;
    for (int i = 0; i < rows.length; i += 1 + rows.length / 256) {
      all += FsstText.length(flat, rows[i]);
      looked++;
    }
    return (int) (all / Math.max(1, looked)) + 1;
  }

  /// Codes for a byte of the sample.
  private double share(FsstTable table, int strings) {
    int from = 0;
    int to = 0;
    for (int s = 0; s < strings; s++) {
      to = table.encode(training, from, ends[s] - from, codes, to);
      from = ends[s];
    }
    return to / (double) from;
  }

  /// Compares with a piece of the other form, compressed. Lengths take about the same in both.
  private boolean pays(double share, Vector flat, int[] rows, boolean front, Scratch scratch) {
    byte[] piece = new byte[COMPRESSED_BYTES];
    int at = 0;
    long covered = 0;
    for (int i = rows.length / 4; i < rows.length && at < piece.length; i++) {
      int length = FsstText.length(flat, rows[i]);
      int shared = front && i > 0 ? shared(flat, rows[i - 1], rows[i], length) : 0;
      int taken = Math.min(length - shared, piece.length - at);
      FsstText.copy(flat, rows[i], shared, taken, piece, at);
      at += taken;
      covered += shared + taken;
    }
    MemorySegment plain = scratch.allocate(at);
    MemorySegment.copy(piece, 0, plain, ValueLayout.JAVA_BYTE, 0, at);
    Compressor.Compressed other = compressor.compress(plain, choice, scratch);
    double limit = other.method() == Compressor.ZSTD ? OF_ZSTD : OF_LZ4;
    return share * covered <= limit * other.bytes().byteSize();
  }

  private static int shared(Vector flat, int before, int row, int length) {
    long a = flat.offsets().get(Vector.I32, before * 4L);
    long b = flat.offsets().get(Vector.I32, row * 4L);
    int limit = Math.min(length, FsstText.length(flat, before));
    return ByteWords.shared(flat.values(), a, b, limit);
  }
}
