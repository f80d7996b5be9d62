// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.vector;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.varve.storage.type.DataType;
import dev.varve.storage.type.Physical;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.util.List;

/// One column of a batch, in Arrow's layout: little-endian values, `int32` offsets for bytes and
/// lists, a validity bitmap with the least bit first (1 = present) or none where nothing is NULL.
///
/// A vector has one of three forms. `FLAT` holds a value for each row. `CONSTANT` holds one row
/// that stands for all. `DICTIONARY` holds `int32` codes into a child vector without NULLs; its own
/// validity says which rows are NULL. Kernels look at the form first; [VectorOps#flatten] makes any
/// form flat.
///
/// A Decimal may lie narrower than its type needs ([#physical()] is then INT64 though the type has
/// 38 digits): arithmetic keeps values narrow as long as bounds prove that they fit. So kernels
/// switch on the vector's physical kind, never on the type's.
public final class Vector {
  public enum Form {
    FLAT,
    CONSTANT,
    DICTIONARY
  }

  public static final ValueLayout.OfShort I16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  public static final ValueLayout.OfInt I32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  public static final ValueLayout.OfLong I64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  public static final ValueLayout.OfFloat F32 =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  public static final ValueLayout.OfDouble F64 =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final List<Vector> NO_CHILDREN = List.of();

  private final DataType type;
  private final Physical physical;
  private final Form form;
  private final int rows;
  private final MemorySegment values;
  private final MemorySegment offsets;
  private final MemorySegment validity;
  private final List<Vector> children;
  private final LateTexts late;

  private Vector(
      DataType type,
      Physical physical,
      Form form,
      int rows,
      MemorySegment values,
      MemorySegment offsets,
      MemorySegment validity,
      List<Vector> children) {
    this(type, physical, form, rows, values, offsets, validity, children, null);
  }

  private Vector(
      DataType type,
      Physical physical,
      Form form,
      int rows,
      MemorySegment values,
      MemorySegment offsets,
      MemorySegment validity,
      List<Vector> children,
      LateTexts late) {
    this.type = type;
    this.physical = physical;
    this.form = form;
    this.rows = rows;
    this.values = values;
    this.offsets = offsets;
    this.validity = validity;
    this.children = children;
    this.late = late;
  }

  /// Fixed-width values; `validity` is null where nothing is NULL.
  public static Vector fixed(
      DataType type, int rows, MemorySegment values, MemorySegment validity) {
    return fixed(type, type.physical(), rows, values, validity);
  }

  /// Fixed-width values whose width may be narrower than the type's (decimals only).
  public static Vector fixed(
      DataType type, Physical physical, int rows, MemorySegment values, MemorySegment validity) {
    return new Vector(type, physical, Form.FLAT, rows, values, null, validity, NO_CHILDREN);
  }

  /// Byte strings: row `i` is `values[offsets[i], offsets[i + 1])`. Offsets need not start at 0.
  public static Vector bytes(
      DataType type,
      int rows,
      MemorySegment offsets,
      MemorySegment values,
      MemorySegment validity) {
    return new Vector(
        type, Physical.BYTES, Form.FLAT, rows, values, offsets, validity, NO_CHILDREN);
  }

  /// Byte strings of known lengths whose bytes are made when somebody asks for them.
  public static Vector late(
      DataType type, int rows, MemorySegment offsets, LateTexts texts, MemorySegment validity) {
    return new Vector(
        type, Physical.BYTES, Form.FLAT, rows, null, offsets, validity, NO_CHILDREN, texts);
  }

  /// Lists over one child. For a Map the child is a struct of key and value.
  public static Vector list(
      DataType type, int rows, MemorySegment offsets, Vector child, MemorySegment validity) {
    return new Vector(
        type, Physical.LIST, Form.FLAT, rows, null, offsets, validity, List.of(child));
  }

  /// A struct; each child has as many rows as the struct.
  public static Vector struct(
      DataType type, int rows, List<Vector> fields, MemorySegment validity) {
    return new Vector(
        type, Physical.STRUCT, Form.FLAT, rows, null, null, validity, List.copyOf(fields));
  }

  /// The one row of `single` for every row.
  public static Vector constant(DataType type, int rows, Vector single) {
    if (single.rows != 1 || single.form != Form.FLAT) {
      throw new IllegalArgumentException("a constant stands on one flat row");
    }
    return new Vector(
        type, single.physical, Form.CONSTANT, rows, null, null, null, List.of(single));
  }

  /// `int32` codes into `dictionary`, which is flat and has no NULL.
  public static Vector dictionary(
      DataType type, int rows, MemorySegment codes, Vector dictionary, MemorySegment validity) {
    return new Vector(
        type,
        dictionary.physical,
        Form.DICTIONARY,
        rows,
        codes,
        null,
        validity,
        List.of(dictionary));
  }

  /// The same bytes under another type of the same physical kind (Nullable added, names changed).
  public Vector as(DataType other) {
    return new Vector(other, physical, form, rows, values, offsets, validity, children, late);
  }

  /// The same rows with this validity instead.
  public Vector withValidity(MemorySegment other) {
    return new Vector(type, physical, form, rows, values, offsets, other, children, late);
  }

  /// The first rows only; no byte is copied.
  public Vector head(int count) {
    if (count == rows) {
      return this;
    }
    if (physical == Physical.STRUCT && form == Form.FLAT) {
      List<Vector> heads = children.stream().map(c -> c.head(count)).toList();
      return new Vector(type, physical, form, count, values, offsets, validity, heads);
    }
    return new Vector(type, physical, form, count, values, offsets, validity, children, late);
  }

  public DataType type() {
    return type;
  }

  /// How the values lie, which for a Decimal may be narrower than the type's own kind.
  public Physical physical() {
    return physical;
  }

  public Form form() {
    return form;
  }

  public int rows() {
    return rows;
  }

  public boolean isFlat() {
    return form == Form.FLAT;
  }

  public boolean isConstant() {
    return form == Form.CONSTANT;
  }

  public boolean isDictionary() {
    return form == Form.DICTIONARY;
  }

  /// Bytes of a value, or 0 for byte strings, lists and structs.
  public int width() {
    return physical == Physical.FIXED ? type.width() : physical.width();
  }

  /// Values of a flat vector, bytes of a string vector, or `int32` codes of a dictionary vector.
  public MemorySegment values() {
    return late == null ? values : late.all();
  }

  /// The texts of a flat vector as long as their bytes are not made; else null.
  public LateTexts lateTexts() {
    return late == null || late.isMade() ? null : late;
  }

  public MemorySegment offsets() {
    return offsets;
  }

  /// The validity bitmap, or null where no row is NULL. Null for a constant: ask its [#single()].
  public MemorySegment validity() {
    return validity;
  }

  public List<Vector> children() {
    return children;
  }

  /// The one row behind a constant.
  public Vector single() {
    return children.getFirst();
  }

  /// The distinct values behind a dictionary vector.
  public Vector dictionary() {
    return children.getFirst();
  }

  /// The elements of a list vector.
  public Vector elements() {
    return children.getFirst();
  }

  /// Whether a NULL may be among the rows.
  public boolean mayHaveNulls() {
    return form == Form.CONSTANT ? single().validity != null : validity != null;
  }

  public boolean isNull(int row) {
    if (form == Form.CONSTANT) {
      return single().isNull(0);
    }
    return validity != null && !Validity.isSet(validity, row);
  }

  /// The row of the flat vector that holds this row's value.
  public int valueRow(int row) {
    return switch (form) {
      case FLAT -> row;
      case CONSTANT -> 0;
      case DICTIONARY -> values.get(I32, row * 4L);
    };
  }

  /// The flat vector that holds the values: itself, the constant's row, or the dictionary.
  public Vector base() {
    return form == Form.FLAT ? this : children.getFirst();
  }

  /// A value of at most eight bytes, sign-extended or zero-extended as the type says. Slow path:
  /// kernels read the segments.
  public long getLong(int row) {
    if (form != Form.FLAT) {
      return base().getLong(valueRow(row));
    }
    boolean unsigned = type.isUnsigned();
    return switch (physical) {
      case INT8 -> unsigned ? values.get(JAVA_BYTE, row) & 0xFFL : values.get(JAVA_BYTE, row);
      case INT16 -> unsigned ? values.get(I16, row * 2L) & 0xFFFFL : values.get(I16, row * 2L);
      case INT32 -> unsigned ? values.get(I32, row * 4L) & 0xFFFFFFFFL : values.get(I32, row * 4L);
      case INT64 -> values.get(I64, row * 8L);
      default -> throw new IllegalStateException(type.name() + " does not fit a long");
    };
  }

  public double getDouble(int row) {
    if (form != Form.FLAT) {
      return base().getDouble(valueRow(row));
    }
    return switch (physical) {
      case FLOAT32 -> values.get(F32, row * 4L);
      case FLOAT64 -> values.get(F64, row * 8L);
      default -> throw new IllegalStateException(type.name() + " is not a float");
    };
  }

  /// An integer or unscaled decimal of any width, exact for unsigned ones too.
  public BigInteger getInteger(int row) {
    if (form != Form.FLAT) {
      return base().getInteger(valueRow(row));
    }
    if (physical.isLong()) {
      long value = getLong(row);
      return physical == Physical.INT64 && type.isUnsigned()
          ? new BigInteger(Long.toUnsignedString(value))
          : BigInteger.valueOf(value);
    }
    int width = physical.width();
    byte[] bigEndian = new byte[width];
    for (int i = 0; i < width; i++) {
      bigEndian[width - 1 - i] = values.get(JAVA_BYTE, (long) row * width + i);
    }
    return type.isUnsigned() ? new BigInteger(1, bigEndian) : new BigInteger(bigEndian);
  }

  /// The bytes of a String, FixedString, UUID, IPv6 or aggregate state; a copy.
  public byte[] getBytes(int row) {
    return getSegment(row).toArray(JAVA_BYTE);
  }

  /// As [#getBytes] without the copy.
  public MemorySegment getSegment(int row) {
    if (form != Form.FLAT) {
      return base().getSegment(valueRow(row));
    }
    if (physical == Physical.FIXED) {
      int width = type.width();
      return values.asSlice((long) row * width, width);
    }
    int from = offsets.get(I32, row * 4L);
    return values().asSlice(from, offsets.get(I32, row * 4L + 4) - from);
  }

  /// First element of a row's list in [#elements()].
  public int listFrom(int row) {
    return offsets.get(I32, row * 4L);
  }

  /// One past the last element of a row's list.
  public int listTo(int row) {
    return offsets.get(I32, row * 4L + 4);
  }

  @Override
  public String toString() {
    return form + " " + type.name() + "[" + rows + "]";
  }
}
