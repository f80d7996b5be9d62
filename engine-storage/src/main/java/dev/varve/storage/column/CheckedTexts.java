// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.column;

import dev.varve.storage.codec.MalformedBytesException;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.vector.LateTexts;
import dev.varve.storage.vector.Scratch;
import java.lang.foreign.MemorySegment;
import java.util.function.Function;
import java.util.function.Supplier;

/// Texts of a file: damage that is found when they are decoded names the file.
///
/// @param corrupt the error that tells of the damage
record CheckedTexts(LateTexts texts, Function<RuntimeException, VarveException> corrupt)
    implements LateTexts {

  @Override
  public MemorySegment all() {
    return texts.isMade() ? texts.all() : checked(texts::all);
  }

  @Override
  public boolean isMade() {
    return texts.isMade();
  }

  @Override
  public MemorySegment some(int[] wanted, int count, long bytes, Scratch out) {
    return checked(() -> texts.some(wanted, count, bytes, out));
  }

  @Override
  public void mayHold(byte[] piece, long[] maybe) {
    checked(() -> {
      texts.mayHold(piece, maybe);
      return null;
    });
  }

  private <T> T checked(Supplier<T> work) {
    try {
      return work.get();
    } catch (MalformedBytesException | IndexOutOfBoundsException e) {
      throw corrupt.apply(e);
    }
  }
}
