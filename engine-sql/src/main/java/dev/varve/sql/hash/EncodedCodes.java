// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.hash;

import dev.varve.storage.index.KeyColumn;
import dev.varve.storage.index.KeyEncoder;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import dev.varve.storage.vector.VectorValues;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// Any other type (wide numbers, lists, tuples): the code is a number for the bytes of the
/// normalised key. The values themselves are kept as objects; keys of these types are rare.
final class EncodedCodes extends KeyColumnCodes {
  private final DataType type;
  private final KeyEncoder encoder;
  private final Interner interner;
  private final List<Object> values = new ArrayList<>();

  EncodedCodes(DataType type, KeyMemory memory) {
    this.type = type;
    this.interner = new Interner(memory);
    this.encoder = new KeyEncoder(List.of(KeyColumn.ascending(type)));
  }

  @Override
  int bits() {
    return 32;
  }

  @Override
  boolean hasNullBit() {
    return false;
  }

  @Override
  void add(Vector vector, int rows, long[] codes, byte[] nulls, Scratch scratch) {
    for (int i = 0; i < rows; i++) {
      byte[] key = encoder.encodeColumn(0, vector, i);
      int id = interner.add(MemorySegment.ofArray(key), 0, key.length);
      if (id == values.size()) {
        values.add(VectorValues.get(vector, i));
      }
      codes[i] = id;
    }
  }

  @Override
  Reader reader() {
    return (vector, rows, codes, _, missing, _) -> {
      for (int i = 0; i < rows; i++) {
        byte[] key = encoder.encodeColumn(0, vector, i);
        int id = interner.find(MemorySegment.ofArray(key), 0, key.length);
        codes[i] = id;
        missing[i] |= id < 0;
      }
    };
  }

  @Override
  Vector values(long[] codes, byte[] nulls, int count, Scratch scratch) {
    VectorBuilder builder = new VectorBuilder(type, scratch);
    for (int i = 0; i < count; i++) {
      VectorValues.append(builder, values.get((int) codes[i]));
    }
    return builder.build();
  }

  @Override
  void translate(KeyColumnCodes other, boolean points, long[] codes, int count) {
    EncodedCodes theirs = (EncodedCodes) other;
    for (int i = 0; i < count; i++) {
      int id = interner.addFrom(theirs.interner, (int) codes[i], points);
      if (id == values.size()) {
        values.add(theirs.values.get((int) codes[i]));
      }
      codes[i] = id;
    }
  }

  @Override
  void hash(long[] codes, byte[] nulls, int count, long[] out) {
    for (int i = 0; i < count; i++) {
      out[i] = interner.hash((int) codes[i]);
    }
  }

  @Override
  void retire() {
    interner.retire();
  }

  @Override
  long growth(int more) {
    return interner.growth(more);
  }

  @Override
  long heapBytes() {
    return values.size() * 64L;
  }
}
