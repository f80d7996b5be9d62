// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.schema;

import dev.varve.storage.part.Part;
import dev.varve.storage.part.PartReader;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import dev.varve.storage.vector.VectorOps;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.arrow.memory.BufferAllocator;

/// Reads granules of a part of an earlier schema version. One thread.
final class SeenReader implements PartReader {
  private final Part stored;
  private final Map<String, ColumnSource> sources;
  private final List<String> names;
  private final List<String> physical = new ArrayList<>();
  private final PartReader reader;
  private final Scratch made;
  private final Map<String, Vector> vectors = new HashMap<>();
  private int granule = -1;

  /// @param open gives a reader of these columns of `stored`
  SeenReader(
      Part stored,
      Map<String, ColumnSource> sources,
      List<String> names,
      Function<List<String>, PartReader> open,
      BufferAllocator allocator) {
    this.stored = stored;
    this.sources = sources;
    this.names = List.copyOf(names);
    names.forEach(this::collect);
    this.reader = open.apply(physical);
    this.made = new Scratch(allocator);
  }

  /// Notes which stored columns the values of a column come from.
  private void collect(String name) {
    switch (sources.get(name)) {
      case ColumnSource.Stored(String from) -> need(from);
      case ColumnSource.Retyped(String from, DataType _) -> need(from);
      case ColumnSource.Cast(String from, var _, DataType _) -> need(from);
      case ColumnSource.Computed(var _, List<String> inputs, DataType _) ->
          inputs.forEach(this::collect);
      case ColumnSource.Sized(String sibling, DataType _) -> collect(sibling);
      case ColumnSource.Constant _ -> {}
    }
  }

  private void need(String column) {
    if (!physical.contains(column)) {
      physical.add(column);
    }
  }

  @Override
  public void seek(int wanted) {
    if (wanted == granule) {
      return;
    }
    granule = wanted;
    vectors.clear();
    made.reset();
    reader.seek(wanted);
  }

  @Override
  public Vector read(int column) {
    return value(names.get(column));
  }

  private Vector value(String name) {
    Vector known = vectors.get(name);
    if (known == null) {
      known = make(sources.get(name));
      vectors.put(name, known);
    }
    return known;
  }

  private Vector make(ColumnSource source) {
    int rows = stored.granuleRows(granule);
    return switch (source) {
      case ColumnSource.Stored(String name) -> reader.read(physical.indexOf(name));
      case ColumnSource.Retyped(String name, DataType type) ->
          reader.read(physical.indexOf(name)).as(type);
      case ColumnSource.Cast(String name, var cast, DataType type) -> {
        Batch batch = new Batch(rows, List.of(reader.read(physical.indexOf(name))));
        yield typed(cast.evaluate(batch, made), type);
      }
      case ColumnSource.Computed(var expression, List<String> inputs, DataType type) ->
          typed(
              expression.evaluate(new Batch(rows, inputs.stream().map(this::value).toList()), made),
              type);
      case ColumnSource.Sized(String sibling, DataType type) -> sized(value(sibling), type);
      case ColumnSource.Constant(DataType type) -> Defaults.constant(type, rows, made);
    };
  }

  /// As a part of the present version would hold it: of the column's own type and layout.
  private Vector typed(Vector vector, DataType type) {
    Vector plain = vector;
    if (plain.physical() != type.physical()) {
      plain = VectorOps.widen(VectorOps.flatten(plain, made), type.physical(), made);
    }
    return plain.type().equals(type) ? plain : plain.as(type);
  }

  private Vector sized(Vector sibling, DataType type) {
    Vector flat = VectorOps.flatten(sibling, made);
    DataType element = ((DataType.Array) type.unwrapped()).element();
    VectorBuilder elements = new VectorBuilder(element, made);
    int first = flat.offsets().get(Vector.I32, 0);
    int last = flat.offsets().get(Vector.I32, flat.rows() * 4L);
    for (int i = first; i < last; i++) {
      elements.appendDefault();
    }
    MemorySegment offsets = made.allocate((flat.rows() + 1) * 4L);
    for (int row = 0; row <= flat.rows(); row++) {
      offsets.set(Vector.I32, row * 4L, flat.offsets().get(Vector.I32, row * 4L) - first);
    }
    return Vector.list(type, flat.rows(), offsets, elements.build(), null);
  }

  @Override
  public void close() {
    reader.close();
    made.close();
  }
}
