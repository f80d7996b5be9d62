// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.vector;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.type.Physical;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// Moves rows between vectors: flatten, gather, slice, concatenate. The results live in the scratch
/// given; dictionaries and constants are kept as they are where that is right.
public final class VectorOps {
  /// Bytes of a text that is copied in two words whatever its length.
  private static final int SHORT_TEXT = 16;

  private VectorOps() {}

  /// The same rows as a flat vector; a flat one is returned as it is.
  public static Vector flatten(Vector vector, Scratch scratch) {
    if (vector.isFlat()) {
      return vector;
    }
    int rows = vector.rows();
    int[] index = new int[rows];
    if (vector.isDictionary()) {
      MemorySegment.copy(vector.values(), Vector.I32, 0, index, 0, rows);
    }
    Vector base = vector.base();
    MemorySegment validity = vector.validity();
    if (validity != null) {
      // The code of a NULL row is undefined; point it at a row that is there.
      for (int i = 0; i < rows; i++) {
        if (!Validity.isSet(validity, i)) {
          index[i] = 0;
        }
      }
      if (base.rows() == 0) {
        return nulls(vector.type(), rows, scratch);
      }
    }
    Vector flat = gather(base, index, rows, scratch);
    return (vector.isDictionary() ? flat.withValidity(validity) : flat).as(vector.type());
  }

  /// `count` rows of NULL.
  public static Vector nulls(DataType type, int count, Scratch scratch) {
    MemorySegment validity = scratch.allocateZeroed(Validity.bytes(count));
    return switch (type.physical()) {
      case BYTES ->
          Vector.bytes(
              type, count, scratch.allocateZeroed((count + 1) * 4L), scratch.allocate(0), validity);
      case LIST -> {
        DataType element =
            type.unwrapped() instanceof DataType.MapOf map
                ? DataTypes.entries(map)
                : ((DataType.Array) type.unwrapped()).element();
        yield Vector.list(
            type,
            count,
            scratch.allocateZeroed((count + 1) * 4L),
            nulls(element, 0, scratch),
            null);
      }
      case STRUCT -> {
        List<Vector> fields = new ArrayList<>();
        for (DataType field : ((DataType.Tuple) type.unwrapped()).fields()) {
          fields.add(defaults(field, count, scratch));
        }
        yield Vector.struct(type, count, fields, type.isNullable() ? validity : null);
      }
      default ->
          Vector.fixed(type, count, scratch.allocateZeroed((long) count * type.width()), validity);
    };
  }

  /// `count` rows of a type's empty value: zero, no text, no elements, NULL where it can be.
  public static Vector defaults(DataType type, int count, Scratch scratch) {
    if (type.isNullable()) {
      return nulls(type, count, scratch);
    }
    return switch (type.physical()) {
      case BYTES ->
          Vector.bytes(
              type, count, scratch.allocateZeroed((count + 1) * 4L), scratch.allocate(0), null);
      case LIST -> nulls(type, count, scratch);
      case STRUCT -> {
        List<Vector> fields = new ArrayList<>();
        for (DataType field : ((DataType.Tuple) type).fields()) {
          fields.add(defaults(field, count, scratch));
        }
        yield Vector.struct(type, count, fields, null);
      }
      default ->
          Vector.fixed(type, count, scratch.allocateZeroed((long) count * type.width()), null);
    };
  }

  /// Row `index[i]` of the vector as row `i`, for the first `count`.
  public static Vector gather(Vector vector, int[] index, int count, Scratch scratch) {
    switch (vector.form()) {
      case CONSTANT -> {
        return Vector.constant(vector.type(), count, vector.single());
      }
      case DICTIONARY -> {
        MemorySegment codes = scratch.allocate(count * 4L);
        MemorySegment from = vector.values();
        for (int i = 0; i < count; i++) {
          codes.set(Vector.I32, i * 4L, from.get(Vector.I32, index[i] * 4L));
        }
        return Vector.dictionary(
            vector.type(),
            count,
            codes,
            vector.dictionary(),
            gatherValidity(vector, index, count, scratch));
      }
      default -> {}
    }
    MemorySegment validity = gatherValidity(vector, index, count, scratch);
    return switch (vector.physical()) {
      case BYTES -> gatherBytes(vector, index, count, validity, scratch);
      case LIST -> gatherLists(vector, index, count, validity, scratch);
      case STRUCT -> {
        List<Vector> fields = new ArrayList<>();
        for (Vector child : vector.children()) {
          fields.add(gather(child, index, count, scratch));
        }
        yield Vector.struct(vector.type(), count, fields, validity);
      }
      default ->
          Vector.fixed(
              vector.type(),
              vector.physical(),
              count,
              gatherFixed(vector.values(), vector.width(), index, count, scratch),
              validity);
    };
  }

  private static MemorySegment gatherFixed(
      MemorySegment from, int width, int[] index, int count, Scratch scratch) {
    MemorySegment to = scratch.allocate((long) count * width);
    switch (width) {
      case 1 -> {
        for (int i = 0; i < count; i++) {
          to.set(JAVA_BYTE, i, from.get(JAVA_BYTE, index[i]));
        }
      }
      case 2 -> {
        for (int i = 0; i < count; i++) {
          to.set(Vector.I16, i * 2L, from.get(Vector.I16, index[i] * 2L));
        }
      }
      case 4 -> {
        for (int i = 0; i < count; i++) {
          to.set(Vector.I32, i * 4L, from.get(Vector.I32, index[i] * 4L));
        }
      }
      case 8 -> {
        for (int i = 0; i < count; i++) {
          to.set(Vector.I64, i * 8L, from.get(Vector.I64, index[i] * 8L));
        }
      }
      default -> {
        for (int i = 0; i < count; i++) {
          MemorySegment.copy(from, (long) index[i] * width, to, (long) i * width, width);
        }
      }
    }
    return to;
  }

  private static MemorySegment gatherValidity(
      Vector vector, int[] index, int count, Scratch scratch) {
    MemorySegment from = vector.validity();
    if (from == null) {
      return null;
    }
    return Validity.gather(from, index, count, scratch);
  }

  private static Vector gatherBytes(
      Vector vector, int[] index, int count, MemorySegment validity, Scratch scratch) {
    MemorySegment from = vector.offsets();
    MemorySegment offsets = scratch.allocate((count + 1) * 4L);
    long total = 0;
    for (int i = 0; i < count; i++) {
      offsets.set(Vector.I32, i * 4L, (int) total);
      long at = index[i] * 4L;
      total += from.get(Vector.I32, at + 4) - from.get(Vector.I32, at);
    }
    requireAddressable(total);
    offsets.set(Vector.I32, count * 4L, (int) total);
    if (isFewOfLate(vector, index, count)) {
      MemorySegment some = vector.lateTexts().some(index, count, total, scratch);
      return Vector.bytes(vector.type(), count, offsets, some, validity);
    }
    MemorySegment bytes = scratch.allocate(total + SHORT_TEXT);
    MemorySegment source = vector.values();
    long whole = source.byteSize() - SHORT_TEXT;
    int to = 0;
    for (int i = 0; i < count; i++) {
      long at = index[i] * 4L;
      int start = from.get(Vector.I32, at);
      int length = from.get(Vector.I32, at + 4) - start;
      if (length <= SHORT_TEXT && start <= whole) {
        // Always as much: a branch on lengths is a coin toss. What is too much is written over.
        bytes.set(Vector.I64, to, source.get(Vector.I64, start));
        bytes.set(Vector.I64, to + 8L, source.get(Vector.I64, start + 8L));
      } else {
        copy(source, start, bytes, to, length);
      }
      to += length;
    }
    return Vector.bytes(vector.type(), count, offsets, bytes.asSlice(0, total), validity);
  }

  /// Whether these are ascending rows, and so few that the other texts need not be made.
  private static boolean isFewOfLate(Vector vector, int[] index, int count) {
    if (vector.lateTexts() == null || count > vector.rows() / 4) {
      return false;
    }
    for (int i = 1; i < count; i++) {
      if (index[i] < index[i - 1]) {
        return false;
      }
    }
    return true;
  }

  /// Short byte runs by hand: the intrinsic copy costs more than it moves below a few words.
  private static void copy(MemorySegment from, long start, MemorySegment to, long at, int length) {
    if (length > 32) {
      MemorySegment.copy(from, start, to, at, length);
      return;
    }
    if (length >= 8) {
      for (int i = 0; i + 8 < length; i += 8) {
        to.set(Vector.I64, at + i, from.get(Vector.I64, start + i));
      }
      // The last word overlaps the one before, so that no loop over single bytes is needed.
      to.set(Vector.I64, at + length - 8, from.get(Vector.I64, start + length - 8));
    } else if (length >= 4) {
      int head = from.get(Vector.I32, start);
      to.set(Vector.I32, at + length - 4, from.get(Vector.I32, start + length - 4));
      to.set(Vector.I32, at, head);
    } else {
      for (int i = 0; i < length; i++) {
        to.set(JAVA_BYTE, at + i, from.get(JAVA_BYTE, start + i));
      }
    }
  }

  private static Vector gatherLists(
      Vector vector, int[] index, int count, MemorySegment validity, Scratch scratch) {
    MemorySegment offsets = scratch.allocate((count + 1) * 4L);
    long total = 0;
    for (int i = 0; i < count; i++) {
      offsets.set(Vector.I32, i * 4L, (int) total);
      total += vector.listTo(index[i]) - vector.listFrom(index[i]);
    }
    requireAddressable(total);
    offsets.set(Vector.I32, count * 4L, (int) total);
    int[] elements = new int[(int) total];
    int at = 0;
    for (int i = 0; i < count; i++) {
      for (int e = vector.listFrom(index[i]); e < vector.listTo(index[i]); e++) {
        elements[at++] = e;
      }
    }
    Vector child = gather(vector.elements(), elements, elements.length, scratch);
    return Vector.list(vector.type(), count, offsets, child, validity);
  }

  /// `count` rows from `from` on.
  public static Vector slice(Vector vector, int from, int count, Scratch scratch) {
    if (from == 0) {
      return vector.head(count);
    }
    if (vector.isConstant()) {
      return Vector.constant(vector.type(), count, vector.single());
    }
    MemorySegment validity = sliceValidity(vector.validity(), from, count, scratch);
    if (vector.isDictionary()) {
      return Vector.dictionary(
          vector.type(),
          count,
          vector.values().asSlice(from * 4L, count * 4L),
          vector.dictionary(),
          validity);
    }
    return switch (vector.physical()) {
      case BYTES ->
          Vector.bytes(
              vector.type(),
              count,
              vector.offsets().asSlice(from * 4L, (count + 1) * 4L),
              vector.values(),
              validity);
      case LIST ->
          Vector.list(
              vector.type(),
              count,
              vector.offsets().asSlice(from * 4L, (count + 1) * 4L),
              vector.elements(),
              validity);
      case STRUCT -> {
        List<Vector> fields = new ArrayList<>();
        for (Vector child : vector.children()) {
          fields.add(slice(child, from, count, scratch));
        }
        yield Vector.struct(vector.type(), count, fields, validity);
      }
      default ->
          Vector.fixed(
              vector.type(),
              vector.physical(),
              count,
              vector.values().asSlice((long) from * vector.width(), (long) count * vector.width()),
              validity);
    };
  }

  private static MemorySegment sliceValidity(
      MemorySegment validity, int from, int count, Scratch scratch) {
    if (validity == null) {
      return null;
    }
    MemorySegment slice = scratch.allocateZeroed(Validity.bytes(count));
    for (int i = 0; i < count; i++) {
      if (Validity.isSet(validity, from + i)) {
        Validity.set(slice, i);
      }
    }
    return slice;
  }

  /// The rows of all vectors, one after another, flat. All have the same type; decimals are widened
  /// to the widest kind among them.
  public static Vector concat(List<Vector> parts, Scratch scratch) {
    DataType type = parts.getFirst().type();
    // Flattening keeps a validity of the vector's own as it lies, which would be no copy.
    if (parts.size() == 1
        && !parts.getFirst().isFlat()
        && parts.getFirst().validity() == null
        && parts.getFirst().rows() > 0) {
      return flatten(parts.getFirst(), scratch); // a copy already
    }
    int rows = 0;
    boolean nulls = false;
    for (Vector part : parts) {
      rows = Math.addExact(rows, part.rows());
      nulls |= part.mayHaveNulls();
    }
    List<Vector> flat = new ArrayList<>(parts.size());
    Physical physical = parts.getFirst().physical();
    for (Vector part : parts) {
      flat.add(flatten(part, scratch));
      physical = part.physical().width() > physical.width() ? part.physical() : physical;
    }
    MemorySegment validity = nulls ? concatValidity(flat, rows, scratch) : null;
    return switch (physical) {
      case BYTES -> concatBytes(type, flat, rows, validity, scratch);
      case LIST -> concatLists(type, flat, rows, validity, scratch);
      case STRUCT -> {
        List<Vector> fields = new ArrayList<>();
        for (int f = 0; f < flat.getFirst().children().size(); f++) {
          int field = f;
          fields.add(concat(flat.stream().map(v -> v.children().get(field)).toList(), scratch));
        }
        yield Vector.struct(type, rows, fields, validity);
      }
      default -> {
        int width = physical == Physical.FIXED ? type.width() : physical.width();
        MemorySegment values = scratch.allocate((long) rows * width);
        long at = 0;
        for (Vector part : flat) {
          Vector wide = part.physical() == physical ? part : widen(part, physical, scratch);
          long bytes = (long) wide.rows() * width;
          MemorySegment.copy(wide.values(), 0, values, at, bytes);
          at += bytes;
        }
        yield Vector.fixed(type, physical, rows, values, validity);
      }
    };
  }

  private static MemorySegment concatValidity(List<Vector> parts, int rows, Scratch scratch) {
    MemorySegment validity = scratch.allocateZeroed(Validity.bytes(rows));
    int row = 0;
    for (Vector part : parts) {
      for (int i = 0; i < part.rows(); i++, row++) {
        if (!part.isNull(i)) {
          Validity.set(validity, row);
        }
      }
    }
    return validity;
  }

  private static Vector concatBytes(
      DataType type, List<Vector> parts, int rows, MemorySegment validity, Scratch scratch) {
    long total = 0;
    for (Vector part : parts) {
      total += part.offsets().get(Vector.I32, part.rows() * 4L) - part.offsets().get(Vector.I32, 0);
    }
    requireAddressable(total);
    MemorySegment offsets = scratch.allocate((rows + 1) * 4L);
    MemorySegment bytes = scratch.allocate(total);
    int row = 0;
    int at = 0;
    for (Vector part : parts) {
      int start = part.offsets().get(Vector.I32, 0);
      int length = part.offsets().get(Vector.I32, part.rows() * 4L) - start;
      MemorySegment.copy(part.values(), start, bytes, at, length);
      for (int i = 0; i < part.rows(); i++, row++) {
        offsets.set(Vector.I32, row * 4L, part.offsets().get(Vector.I32, i * 4L) - start + at);
      }
      at += length;
    }
    offsets.set(Vector.I32, rows * 4L, at);
    return Vector.bytes(type, rows, offsets, bytes, validity);
  }

  private static Vector concatLists(
      DataType type, List<Vector> parts, int rows, MemorySegment validity, Scratch scratch) {
    MemorySegment offsets = scratch.allocate((rows + 1) * 4L);
    List<Vector> elements = new ArrayList<>();
    int row = 0;
    int at = 0;
    for (Vector part : parts) {
      if (part.rows() == 0) {
        continue;
      }
      int start = part.listFrom(0);
      int length = part.listTo(part.rows() - 1) - start;
      elements.add(slice(part.elements(), start, length, scratch));
      for (int i = 0; i < part.rows(); i++, row++) {
        offsets.set(Vector.I32, row * 4L, part.listFrom(i) - start + at);
      }
      at = Math.addExact(at, length);
    }
    offsets.set(Vector.I32, rows * 4L, at);
    Vector child =
        elements.isEmpty() ? parts.getFirst().elements().head(0) : concat(elements, scratch);
    return Vector.list(type, rows, offsets, child, validity);
  }

  /// Integers or decimals in a wider kind; signs are extended as the type says.
  public static Vector widen(Vector vector, Physical to, Scratch scratch) {
    Vector flat = flatten(vector, scratch);
    if (flat.physical() == to) {
      return flat;
    }
    int rows = flat.rows();
    int width = to.width();
    int words = width / 8;
    MemorySegment values = scratch.allocate((long) rows * width);
    boolean fromWide = flat.physical() == Physical.INT128;
    for (int i = 0; i < rows; i++) {
      long low = fromWide ? flat.values().get(Vector.I64, i * 16L) : flat.getLong(i);
      long high =
          fromWide
              ? flat.values().get(Vector.I64, i * 16L + 8)
              : flat.type().isUnsigned() ? 0 : low >> 63;
      values.set(Vector.I64, (long) i * width, low);
      if (words > 1) {
        values.set(Vector.I64, (long) i * width + 8, high);
      }
      long sign = flat.type().isUnsigned() ? 0 : high >> 63;
      for (int w = 2; w < words; w++) {
        values.set(Vector.I64, (long) i * width + w * 8L, sign);
      }
    }
    return Vector.fixed(flat.type(), to, rows, values, flat.validity());
  }

  private static void requireAddressable(long bytes) {
    if (bytes > Integer.MAX_VALUE - 16) {
      throw new IllegalArgumentException(
          "a batch column would hold " + bytes + " bytes, more than the 2 GiB its offsets reach");
    }
  }
}
