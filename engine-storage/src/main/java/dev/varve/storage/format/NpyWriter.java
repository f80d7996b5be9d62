// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Vector;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/// One column as an array of NumPy: numbers, texts padded to the longest, or arrays of them that
/// all have one shape. All rows are held, as the shape stands in front of them.
final class NpyWriter implements RowsWriter {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 3, 0};
  private static final int HEAD_ALIGNMENT = 64;

  private final OutputStream out;
  private final ByteSink values = new ByteSink();
  private final BinaryValues binary = new BinaryValues(values);
  private final DataType element;
  private final int depth;
  private final int[] shape;
  private final List<byte[]> texts = new ArrayList<>();
  private long rows;

  NpyWriter(OutputStream out, List<DataType> types) {
    this.out = out;
    DataType type = types.size() == 1 ? types.getFirst() : new DataType.Nothing();
    int levels = 0;
    while (type instanceof DataType.Array(DataType inner)) {
      type = inner;
      levels++;
    }
    boolean fits =
        switch (type) {
          case DataType.Int(int bits, boolean _) -> bits <= 64;
          case DataType.Float _, DataType.Text _, DataType.FixedText _ -> true;
          default -> false;
        };
    if (!fits) {
      throw new VarveException(
          ErrorCode.ILLEGAL_TYPE_OF_ARGUMENT,
          "FORMAT Npy takes one column of numbers up to 64 bits, of texts, or of arrays of them");
    }
    this.element = type;
    this.depth = levels;
    this.shape = new int[levels];
  }

  @Override
  public String contentType() {
    return "application/octet-stream";
  }

  @Override
  public void begin() {}

  @Override
  public void write(Batch batch) {
    for (int row = 0; row < batch.rows(); row++, rows++) {
      value(batch.column(0), row, 0);
    }
  }

  private void value(Vector vector, int row, int level) {
    Vector base = vector.base();
    int at = vector.valueRow(row);
    if (level < depth) {
      int count = base.listTo(at) - base.listFrom(at);
      boolean isFirst = rows == 0 && shape[level] == 0;
      if (!isFirst && count != shape[level]) {
        throw new VarveException(
            ErrorCode.BAD_ARGUMENTS,
            "FORMAT Npy takes arrays of one shape: row "
                + (rows + 1)
                + " has "
                + count
                + " elements, others have "
                + shape[level]);
      }
      shape[level] = count;
      for (int e = base.listFrom(at); e < base.listTo(at); e++) {
        value(base.elements(), e, level + 1);
      }
    } else if (element instanceof DataType.Text || element instanceof DataType.FixedText) {
      texts.add(base.getBytes(at));
    } else {
      binary.value(base, at, element);
    }
  }

  @Override
  public void end(Statistics statistics) throws IOException {
    int widest = texts.stream().mapToInt(text -> text.length).max().orElse(1);
    StringBuilder shapes = new StringBuilder("(").append(rows).append(',');
    for (int size : shape) {
      shapes.append(size).append(',');
    }
    String head =
        "{'descr':'"
            + kind(widest)
            + "','fortran_order':False,'shape':"
            + shapes.append(')')
            + ",}";
    int before = MAGIC.length + 4;
    int padded =
        (before + head.length() + HEAD_ALIGNMENT) / HEAD_ALIGNMENT * HEAD_ALIGNMENT - before;
    ByteSink sink = new ByteSink();
    sink.put(MAGIC).putLittleEndian(padded, 4);
    sink.put(head).put(" ".repeat(padded - head.length() - 1)).put('\n');
    sink.drainTo(out);
    values.drainTo(out);
    for (byte[] text : texts) {
      sink.put(text).put(new byte[widest - text.length]).drainTo(out);
    }
    out.flush();
  }

  private String kind(int widest) {
    return switch (element) {
      case DataType.Int(int bits, boolean signed) ->
          (bits == 8 ? "|" : "<") + (signed ? 'i' : 'u') + bits / 8;
      case DataType.Float(int bits) -> "<f" + bits / 8;
      default -> "|S" + widest;
    };
  }
}
