// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.aggregate;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.util.List;

/// `groupBitAnd`, `groupBitOr`, `groupBitXor`. Form 1: the bits so far, a value.
final class BitsState implements AggregateState {
  private final String function;
  private final DataType type;
  private BigInteger bits;

  BitsState(String function, DataType type) {
    this.function = function;
    this.type = type;
  }

  @Override
  public void update(List<Vector> arguments, int row) {
    if (!arguments.getFirst().isNull(row)) {
      add(arguments.getFirst().getInteger(row));
    }
  }

  private void add(BigInteger value) {
    if (bits == null) {
      bits = value;
      return;
    }
    bits =
        switch (function) {
          case "groupBitAnd" -> bits.and(value);
          case "groupBitOr" -> bits.or(value);
          default -> bits.xor(value);
        };
  }

  @Override
  public void merge(MemorySegment serialized) {
    if (serialized.byteSize() == 0) {
      return;
    }
    StateReader reader = new StateReader(function, serialized, 1);
    add(HeapValue.read(reader, type).vector().getInteger(0));
    reader.end();
  }

  @Override
  public byte[] serialize() {
    if (bits == null) {
      return new byte[0];
    }
    StateWriter writer = new StateWriter(1);
    writer.putBlob(HeapValue.little(bits, type.width()));
    return writer.bytes();
  }

  @Override
  public void result(VectorBuilder to) {
    boolean allOnes = bits == null && function.equals("groupBitAnd");
    to.appendInteger(bits != null ? bits : allOnes ? BigInteger.ONE.negate() : BigInteger.ZERO);
  }
}
