// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.aggregate;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.apache.datasketches.common.SketchesArgumentException;
import org.apache.datasketches.hll.HllSketch;
import org.apache.datasketches.hll.HllUnion;
import org.apache.datasketches.hll.TgtHllType;

/// `uniq(x, …)`: about how many different rows of arguments, by HyperLogLog with 2^14 registers;
/// the standard error is 0.8 percent. A row with a NULL is passed over. Form 1: the sketch's own
/// compact form.
final class SketchState implements AggregateState {
  private static final int LOG_REGISTERS = 14;

  private final String function;
  private final List<DataType> types;
  private HllUnion union;

  /// @param types argument types, without Nullable
  SketchState(String function, List<DataType> types) {
    this.function = function;
    this.types = types;
  }

  private HllUnion union() {
    if (union == null) {
      union = new HllUnion(LOG_REGISTERS);
    }
    return union;
  }

  @Override
  public void update(List<Vector> arguments, int row) {
    StateWriter key = new StateWriter();
    for (int i = 0; i < types.size(); i++) {
      if (arguments.get(i).isNull(row)) {
        return;
      }
      HeapValue.of(arguments.get(i), row, types.get(i)).write(key);
    }
    union().update(key.bytes());
  }

  @Override
  public void merge(MemorySegment serialized) {
    if (serialized.byteSize() == 0) {
      return;
    }
    StateReader reader = new StateReader(function, serialized, 1);
    byte[] sketch = reader.readBlob();
    reader.end();
    try {
      union().update(HllSketch.heapify(sketch));
    } catch (SketchesArgumentException | IndexOutOfBoundsException e) {
      throw reader.bad("a broken sketch: " + e.getMessage());
    }
  }

  @Override
  public byte[] serialize() {
    if (union == null || union.isEmpty()) {
      return new byte[0];
    }
    StateWriter writer = new StateWriter(1);
    writer.putBlob(union.getResult(TgtHllType.HLL_8).toCompactByteArray());
    return writer.bytes();
  }

  @Override
  public void result(VectorBuilder to) {
    // The composite estimate depends on the registers alone; the other one remembers in which order
    // values came, and would tell a merge from none.
    to.appendLong(union == null ? 0 : Math.round(union.getCompositeEstimate()));
  }
}
