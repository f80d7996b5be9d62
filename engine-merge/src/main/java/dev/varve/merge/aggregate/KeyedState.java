// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.aggregate;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import dev.varve.storage.vector.VectorValues;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// A state for each key of a map or of an array of keys: `sumMap`, `minMap`, `maxMap`, and the
/// ending `-Map`. Form 1: the number of keys, a varint; of each the key and its states as blobs.
///
/// The arguments are one Map; or an array of keys and arrays of as many values; or one tuple of
/// such arrays. The result has the keys in their order.
public final class KeyedState implements AggregateState {
  private final String function;
  private final DataType keyType;
  private final List<AggregateFunction> functions;
  private final boolean isMap;
  private final boolean dropsZeros;
  private final Set<String> kept;
  private final Map<HeapValue, AggregateState[]> states = new TreeMap<>();

  /// @param functions one for each array of values
  /// @param isMap whether the argument and the result are a Map, else a tuple of arrays
  /// @param dropsZeros whether keys of which all results are zero are left out
  public KeyedState(
      String function,
      DataType keyType,
      List<AggregateFunction> functions,
      boolean isMap,
      boolean dropsZeros) {
    this(function, keyType, functions, isMap, dropsZeros, Set.of());
  }

  /// @param kept the keys that count, as they are written; none for all
  KeyedState(
      String function,
      DataType keyType,
      List<AggregateFunction> functions,
      boolean isMap,
      boolean dropsZeros,
      Set<String> kept) {
    this.kept = kept;
    this.function = function;
    this.keyType = keyType;
    this.functions = functions;
    this.isMap = isMap;
    this.dropsZeros = dropsZeros;
  }

  @Override
  public void update(List<Vector> arguments, int row) {
    List<Vector> lists = arguments;
    int at = row;
    if (arguments.size() == 1 && !isMap) {
      lists = arguments.getFirst().base().children();
      at = arguments.getFirst().valueRow(row);
    }
    Vector keys = lists.getFirst().base();
    int keyRow = lists.getFirst().valueRow(at);
    int from = keys.listFrom(keyRow);
    int count = keys.listTo(keyRow) - from;
    Vector keyElements = isMap ? keys.elements().children().getFirst() : keys.elements();
    for (int v = 0; v < functions.size(); v++) {
      Vector values = isMap ? keys : lists.get(v + 1).base();
      int valueRow = isMap ? keyRow : lists.get(v + 1).valueRow(at);
      Vector elements = isMap ? values.elements().children().get(1) : values.elements();
      int valueFrom = values.listFrom(valueRow);
      if (values.listTo(valueRow) - valueFrom != count) {
        throw new VarveException(
            ErrorCode.BAD_ARGUMENTS,
            function
                + " takes arrays of one length, found "
                + count
                + " keys and "
                + (values.listTo(valueRow) - valueFrom)
                + " values");
      }
      List<Vector> argument = List.of(elements);
      for (int e = 0; e < count; e++) {
        if (!keyElements.isNull(from + e) && isKept(keyElements, from + e)) {
          of(HeapValue.of(keyElements, from + e, keyType))[v].update(argument, valueFrom + e);
        }
      }
    }
  }

  private boolean isKept(Vector keys, int row) {
    return kept.isEmpty() || kept.contains(String.valueOf(VectorValues.get(keys, row)));
  }

  private AggregateState[] of(HeapValue key) {
    AggregateState[] found = states.get(key);
    if (found == null) {
      found = functions.stream().map(AggregateFunction::newState).toArray(AggregateState[]::new);
      states.put(key, found);
    }
    return found;
  }

  @Override
  public void merge(MemorySegment serialized) {
    if (serialized.byteSize() == 0) {
      return;
    }
    StateReader reader = new StateReader(function, serialized, 1);
    int count = reader.readCount();
    for (int i = 0; i < count; i++) {
      for (AggregateState state : of(HeapValue.read(reader, keyType))) {
        state.merge(MemorySegment.ofArray(reader.readBlob()));
      }
    }
    reader.end();
  }

  @Override
  public byte[] serialize() {
    if (states.isEmpty()) {
      return new byte[0];
    }
    StateWriter writer = new StateWriter(1);
    writer.putVarint(states.size());
    states.forEach((key, values) -> {
      key.write(writer);
      for (AggregateState value : values) {
        writer.putBlob(value.serialize());
      }
    });
    return writer.bytes();
  }

  @Override
  public void result(VectorBuilder to) {
    VectorBuilder keys = isMap ? to.child(0).child(0) : to.child(0).child(0);
    List<VectorBuilder> values = new ArrayList<>();
    for (int v = 0; v < functions.size(); v++) {
      values.add(isMap ? to.child(0).child(1) : to.child(v + 1).child(0));
    }
    states.forEach((key, results) -> {
      if (dropsZeros && isZero(results)) {
        return;
      }
      key.appendTo(keys);
      for (int v = 0; v < results.length; v++) {
        results[v].result(values.get(v));
      }
      if (isMap) {
        to.child(0).endStruct();
      }
    });
    if (isMap) {
      to.endList();
      return;
    }
    for (int c = 0; c <= functions.size(); c++) {
      to.child(c).endList();
    }
    to.endStruct();
  }

  private boolean isZero(AggregateState[] results) {
    for (AggregateState result : results) {
      if (!(result instanceof ZeroTest test) || !test.isZero()) {
        return false;
      }
    }
    return true;
  }

  /// A state that can say whether its result is zero.
  interface ZeroTest {
    boolean isZero();
  }
}
