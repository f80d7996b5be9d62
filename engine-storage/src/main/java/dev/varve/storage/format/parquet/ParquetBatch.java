// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format.parquet;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.hardwood.metadata.RepetitionType;
import dev.hardwood.reader.ColumnReader;
import dev.hardwood.reader.ColumnReaders;
import dev.hardwood.reader.LayerKind;
import dev.hardwood.schema.FileSchema;
import dev.hardwood.schema.SchemaNode;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Validity;
import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Columns of a file, put together from their leaves batch by batch. Made once for the readers of a
/// file; one thread.
///
/// A leaf's reader tells of each list and each optional struct above it, in layers from the top:
/// where lists begin, and which of either are there. A struct that is not there has fields that are
/// not there, and a list that is not there is empty.
public final class ParquetBatch {
  private final FileSchema schema;
  private final List<ParquetSchema.Column> columns;
  private final Map<Integer, ColumnReader> leaves = new HashMap<>();

  /// @param readers of all leaves of these columns
  public ParquetBatch(
      FileSchema schema, List<ParquetSchema.Column> columns, ColumnReaders readers) {
    this.schema = schema;
    this.columns = List.copyOf(columns);
    for (int i = 0; i < readers.getColumnCount(); i++) {
      ColumnReader reader = readers.getColumnReader(i);
      leaves.put(reader.getColumnSchema().columnIndex(), reader);
    }
  }

  /// The rows that the readers stand at; they live in `scratch`.
  public List<Vector> vectors(int rows, Scratch scratch) {
    List<Vector> vectors = new ArrayList<>(columns.size());
    for (ParquetSchema.Column column : columns) {
      vectors.add(vector(schema.getField(column.name()), column.type(), 0, rows, scratch));
    }
    return vectors;
  }

  /// @param layer of the node, counted in the layers of the leaves below it
  /// @param count items at that layer
  private Vector vector(SchemaNode node, DataType type, int layer, int count, Scratch scratch) {
    return switch (node) {
      case SchemaNode.PrimitiveNode leaf -> leaf(leaf, type, layer, count, scratch);
      case SchemaNode.GroupNode group when group.isList() -> {
        DataType element = ((DataType.Array) type).element();
        int[] offsets = leaf(group).getLayerOffsets(layer);
        Vector elements =
            vector(group.getListElement(), element, layer + 1, offsets[count], scratch);
        yield Vector.list(type, count, ends(offsets, count, scratch), elements, null);
      }
      case SchemaNode.GroupNode group when group.isMap() -> {
        DataType.MapOf map = (DataType.MapOf) type;
        int[] offsets = leaf(group).getLayerOffsets(layer);
        int entries = offsets[count];
        Vector keys = vector(group.getMapKey(), map.key(), layer + 1, entries, scratch);
        Vector values = vector(group.getMapValue(), map.value(), layer + 1, entries, scratch);
        Vector pairs = Vector.struct(DataTypes.entries(map), entries, List.of(keys, values), null);
        yield Vector.list(type, count, ends(offsets, count, scratch), pairs, null);
      }
      case SchemaNode.GroupNode struct -> {
        List<DataType> types = ((DataType.Tuple) type).fields();
        int below = struct.repetitionType() == RepetitionType.OPTIONAL ? layer + 1 : layer;
        List<Vector> fields = new ArrayList<>();
        for (int f = 0; f < types.size(); f++) {
          fields.add(vector(struct.children().get(f), types.get(f), below, count, scratch));
        }
        yield Vector.struct(type, count, fields, null);
      }
    };
  }

  private static MemorySegment ends(int[] offsets, int count, Scratch scratch) {
    MemorySegment ends = scratch.allocate((count + 1) * 4L);
    MemorySegment.copy(offsets, 0, ends, JAVA_INT, 0, count + 1);
    return ends;
  }

  /// Some leaf below a node: all of them tell the same of the layers above it.
  private ColumnReader leaf(SchemaNode node) {
    SchemaNode at = node;
    while (at instanceof SchemaNode.GroupNode group) {
      at = group.children().getFirst();
    }
    return leaves.get(((SchemaNode.PrimitiveNode) at).columnIndex());
  }

  private Vector leaf(
      SchemaNode.PrimitiveNode node, DataType type, int layer, int count, Scratch scratch) {
    ColumnReader reader = leaves.get(node.columnIndex());
    MemorySegment validity = ParquetVectors.validity(reader.getLeafValidity(), count, scratch);
    // Of the structs right above, as many values as there are places for them.
    for (int above = layer - 1; above >= 0; above--) {
      if (reader.getLayerKind(above) != LayerKind.STRUCT) {
        break;
      }
      validity = without(reader.getLayerValidity(above), validity, count, scratch);
    }
    return ParquetVectors.of(type, reader, count, validity, scratch);
  }

  private static MemorySegment without(
      dev.hardwood.reader.Validity structs, MemorySegment validity, int count, Scratch scratch) {
    if (!structs.hasNulls()) {
      return validity;
    }
    MemorySegment both = validity == null ? Validity.allSet(count, scratch) : validity;
    for (int i = 0; i < count; i++) {
      if (structs.isNull(i)) {
        Validity.clear(both, i);
      }
    }
    return both;
  }
}
