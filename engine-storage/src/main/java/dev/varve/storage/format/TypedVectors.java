// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Puts rows of vectors into columns of other types: exactly, or not at all. One thread.
///
/// Of one type they are copied; else they go by [TypedValues], and a NULL in a column that cannot
/// hold it becomes the column's default.
public final class TypedVectors {
  private final TypedValues typed = new TypedValues();

  public void append(Vector from, int row, VectorBuilder to) {
    DataType source = from.type();
    if (from.isNull(row)) {
      if (to.type().isNullable()) {
        to.appendNull();
      } else {
        to.appendDefault();
      }
      return;
    }
    DataType plain = source.unwrapped();
    if (plain.equals(to.type().unwrapped())) {
      to.append(from, row);
      return;
    }
    value(from.base(), from.valueRow(row), plain, to);
  }

  private void value(Vector base, int at, DataType type, VectorBuilder to) {
    switch (type) {
      case DataType.Int(int bits, boolean signed) -> {
        if (bits > 64) {
          TypedValues.decimal(to, base.getInteger(at), 0);
        } else if (signed) {
          typed.number(to, base.getLong(at));
        } else {
          typed.unsigned(to, base.getLong(at));
        }
      }
      case DataType.Float _ -> typed.real(to, base.getDouble(at));
      case DataType.Decimal(int _, int scale) -> {
        BigInteger unscaled = base.getInteger(at);
        TypedValues.decimal(to, unscaled, scale);
      }
      case DataType.Bool _ -> typed.truth(to, base.getLong(at) != 0);
      case DataType.Text _ -> text(to, base.getBytes(at));
      case DataType.Enumeration labels -> text(to, utf8(labels.textOf(base.getLong(at))));
      case DataType.FixedText _, DataType.Uuid _, DataType.Ipv6 _, DataType.AggregateState _ -> {
        byte[] bytes = base.getBytes(at);
        typed.bytes(to, bytes, 0, bytes.length);
      }
      case DataType.Date _, DataType.Date32 _ -> TypedValues.days(to, base.getLong(at));
      case DataType.DateTime _ -> TypedValues.instant(to, base.getLong(at), 0);
      case DataType.DateTime64(int precision, String _) ->
          TypedValues.instant(to, base.getLong(at), precision);
      case DataType.Time _ -> TypedValues.span(to, base.getLong(at), 0);
      case DataType.Time64(int precision) -> TypedValues.span(to, base.getLong(at), precision);
      case DataType.Ipv4 _ -> typed.unsigned(to, base.getLong(at));
      case DataType.Array _ -> list(base, at, to);
      case DataType.MapOf _ -> map(base, at, to);
      case DataType.Tuple(List<String> _, List<DataType> fields) -> struct(base, at, fields, to);
      case DataType.Nothing _ -> TypedValues.none(to);
      case DataType.Nullable _, DataType.LowCardinality _, DataType.SimpleAggregate _ ->
          throw new IllegalStateException("still wrapped: " + type.name());
    }
  }

  private static byte[] utf8(String text) {
    return (text == null ? "" : text).getBytes(StandardCharsets.UTF_8);
  }

  private void text(VectorBuilder to, byte[] bytes) {
    typed.text(to, bytes, 0, bytes.length);
  }

  private void list(Vector base, int at, VectorBuilder to) {
    if (!(to.type().unwrapped() instanceof DataType.Array)) {
      throw TypedValues.mismatch(to, "a list");
    }
    for (int e = base.listFrom(at); e < base.listTo(at); e++) {
      append(base.elements(), e, to.child(0));
    }
    to.endList();
  }

  private void map(Vector base, int at, VectorBuilder to) {
    if (!(to.type().unwrapped() instanceof DataType.MapOf)) {
      throw TypedValues.mismatch(to, "a map");
    }
    List<Vector> pair = base.elements().children();
    VectorBuilder into = to.child(0);
    for (int e = base.listFrom(at); e < base.listTo(at); e++) {
      append(pair.get(0), e, into.child(0));
      append(pair.get(1), e, into.child(1));
      into.endStruct();
    }
    to.endList();
  }

  private void struct(Vector base, int at, List<DataType> fields, VectorBuilder to) {
    boolean fits =
        to.type().unwrapped() instanceof DataType.Tuple tuple
            && tuple.fields().size() == fields.size();
    if (!fits) {
      throw TypedValues.mismatch(to, "a tuple of " + fields.size() + " fields");
    }
    for (int f = 0; f < fields.size(); f++) {
      append(base.children().get(f), at, to.child(f));
    }
    to.endStruct();
  }
}
