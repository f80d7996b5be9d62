// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.aggregate.combinator;

import dev.varve.merge.aggregate.AggregateFunction;
import dev.varve.merge.aggregate.AggregateState;
import dev.varve.merge.aggregate.StateReader;
import dev.varve.merge.aggregate.StateWriter;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// `-ForEach`: a state for each place of its arrays. Form 1: the number of places, a varint; each
/// state a blob.
final class PlacesState implements AggregateState {
  private final String name;
  private final AggregateFunction function;
  private final List<AggregateState> places = new ArrayList<>();

  PlacesState(String name, AggregateFunction function) {
    this.name = name;
    this.function = function;
  }

  private void reserve(int count) {
    while (places.size() < count) {
      places.add(function.newState());
    }
  }

  @Override
  public void update(List<Vector> arguments, int row) {
    ElementsState.Lists lists = ElementsState.Lists.of(arguments, row);
    reserve(lists.count());
    for (int e = 0; e < lists.count(); e++) {
      places.get(e).update(lists.elements(), lists.from() + e);
    }
  }

  @Override
  public void merge(MemorySegment serialized) {
    if (serialized.byteSize() == 0) {
      return;
    }
    StateReader reader = new StateReader(name, serialized, 1);
    int count = reader.readCount();
    reserve(count);
    for (int i = 0; i < count; i++) {
      places.get(i).merge(MemorySegment.ofArray(reader.readBlob()));
    }
    reader.end();
  }

  @Override
  public byte[] serialize() {
    if (places.isEmpty()) {
      return new byte[0];
    }
    StateWriter writer = new StateWriter(1);
    writer.putVarint(places.size());
    places.forEach(place -> writer.putBlob(place.serialize()));
    return writer.bytes();
  }

  @Override
  public void result(VectorBuilder to) {
    places.forEach(place -> place.result(to.child(0)));
    to.endList();
  }
}
