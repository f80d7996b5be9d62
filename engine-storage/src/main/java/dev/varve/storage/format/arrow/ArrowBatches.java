// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format.arrow;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import com.google.flatbuffers.FlatBufferBuilder;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.Physical;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Validity;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.FieldNode;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.MetadataVersion;
import org.apache.arrow.flatbuf.RecordBatch;

/// Arrow IPC messages of one result, each in the same array, which grows with the largest.
///
/// A buffer in the body begins at a multiple of eight and is a copy of the vector's bytes; nothing
/// else is done to them, but that dictionaries and constants are made flat, offsets begin at 0, and
/// decimals that lie narrow are widened to what the schema says, to 128 bits at least and truth
/// values to bits where the schema is a [ArrowSchemas.Dialect#STANDARD] one.
public final class ArrowBatches {
  private static final int ALIGNMENT = 8;
  private static final int PREFIX_BYTES = 8;
  private static final MemorySegment NOTHING = MemorySegment.ofArray(new byte[0]);

  private final Scratch scratch;
  private final ArrowSchemas.Dialect dialect;
  private final List<MemorySegment> buffers = new ArrayList<>();
  private final List<long[]> nodes = new ArrayList<>();
  private byte[] message = new byte[1024];

  public ArrowBatches(Scratch scratch, ArrowSchemas.Dialect dialect) {
    this.scratch = scratch;
    this.dialect = dialect;
  }

  /// The array that holds the message last made.
  public byte[] array() {
    return message;
  }

  /// Makes the schema message; returns its length.
  public int schema(byte[] metadata) {
    return prefix(metadata, 0);
  }

  /// Makes a record batch message of columns of these types; returns its length.
  public int batch(Batch batch, List<DataType> types) {
    scratch.reset();
    buffers.clear();
    nodes.clear();
    for (int i = 0; i < types.size(); i++) {
      if (dialect == ArrowSchemas.Dialect.STANDARD) {
        Vector standard = StandardTypes.convert(batch.column(i), types.get(i), scratch);
        add(standard, StandardTypes.of(types.get(i)).unwrapped());
      } else {
        add(batch.column(i), types.get(i).unwrapped());
      }
    }
    long bodyBytes = 0;
    for (MemorySegment buffer : buffers) {
      bodyBytes += align(buffer.byteSize());
    }
    if (bodyBytes > Integer.MAX_VALUE / 2) {
      throw new IllegalArgumentException(
          "a batch of " + bodyBytes + " bytes is more than a frame can hold");
    }
    int length = prefix(metadata(batch.rows(), bodyBytes), (int) bodyBytes);
    copyBody(length - (int) bodyBytes);
    return length;
  }

  private void copyBody(int start) {
    int at = start;
    for (MemorySegment buffer : buffers) {
      int size = (int) buffer.byteSize();
      MemorySegment.copy(buffer, JAVA_BYTE, 0, message, at, size);
      int padded = (int) align(size);
      Arrays.fill(message, at + size, at + padded, (byte) 0);
      at += padded;
    }
  }

  private int prefix(byte[] metadata, int bodyBytes) {
    int padded = (int) align(metadata.length);
    int length = PREFIX_BYTES + padded + bodyBytes;
    if (length > message.length) {
      message = new byte[Math.max(length, Math.min(message.length * 2, 1 << 28))];
    }
    MemorySegment bytes = MemorySegment.ofArray(message);
    bytes.set(Vector.I32, 0, -1);
    bytes.set(Vector.I32, 4, padded);
    System.arraycopy(metadata, 0, message, PREFIX_BYTES, metadata.length);
    int end = PREFIX_BYTES + padded;
    Arrays.fill(message, PREFIX_BYTES + metadata.length, end, (byte) 0);
    return length;
  }

  private byte[] metadata(int rows, long bodyBytes) {
    FlatBufferBuilder builder = new FlatBufferBuilder(256 + 32 * buffers.size());
    RecordBatch.startBuffersVector(builder, buffers.size());
    long end = bodyBytes;
    for (MemorySegment buffer : buffers.reversed()) {
      end -= align(buffer.byteSize());
      Buffer.createBuffer(builder, end, buffer.byteSize());
    }
    int bufferList = builder.endVector();
    RecordBatch.startNodesVector(builder, nodes.size());
    for (long[] node : nodes.reversed()) {
      FieldNode.createFieldNode(builder, node[0], node[1]);
    }
    int nodeList = builder.endVector();
    RecordBatch.startRecordBatch(builder);
    RecordBatch.addLength(builder, rows);
    RecordBatch.addNodes(builder, nodeList);
    RecordBatch.addBuffers(builder, bufferList);
    int batch = RecordBatch.endRecordBatch(builder);
    builder.finish(
        Message.createMessage(
            builder, MetadataVersion.V5, MessageHeader.RecordBatch, batch, bodyBytes, 0));
    return builder.sizedByteArray();
  }

  private void add(Vector vector, DataType type) {
    Vector flat = VectorOps.flatten(vector, scratch);
    int rows = flat.rows();
    addValidity(flat, type);
    switch (type.physical()) {
      case BYTES -> addBytes(flat, rows);
      case LIST -> addList(flat, type, rows);
      case STRUCT -> addStruct(flat, type, rows);
      default -> buffers.add(fixed(flat, type, rows));
    }
  }

  private MemorySegment fixed(Vector flat, DataType type, int rows) {
    if (type instanceof DataType.Bool && dialect == ArrowSchemas.Dialect.STANDARD) {
      return bits(flat, rows);
    }
    Physical wanted = dialect.physical(type);
    Vector wide = flat.physical() == wanted ? flat : VectorOps.widen(flat, wanted, scratch);
    long width = wanted == Physical.FIXED ? type.width() : wanted.width();
    return piece(wide.values(), 0, rows * width);
  }

  private MemorySegment bits(Vector flat, int rows) {
    MemorySegment bits = scratch.allocateZeroed(Validity.bytes(rows));
    for (int i = 0; i < rows; i++) {
      if (flat.values().get(JAVA_BYTE, i) != 0) {
        Validity.set(bits, i);
      }
    }
    return piece(bits, 0, (rows + 7) >>> 3);
  }

  private void addValidity(Vector flat, DataType type) {
    int rows = flat.rows();
    MemorySegment validity = flat.validity();
    if (type instanceof DataType.Nothing && validity == null) {
      validity = scratch.allocateZeroed(Validity.bytes(rows));
    }
    int nulls = validity == null ? 0 : rows - Validity.count(validity, rows);
    nodes.add(new long[] {rows, nulls});
    buffers.add(nulls == 0 ? NOTHING : piece(validity, 0, (rows + 7) >>> 3));
  }

  private void addBytes(Vector flat, int rows) {
    int first = rows == 0 ? 0 : flat.listFrom(0);
    int last = rows == 0 ? 0 : flat.listTo(rows - 1);
    buffers.add(offsets(flat, rows, first));
    buffers.add(piece(flat.values(), first, last - first));
  }

  private void addList(Vector flat, DataType type, int rows) {
    int first = rows == 0 ? 0 : flat.listFrom(0);
    int last = rows == 0 ? 0 : flat.listTo(rows - 1);
    buffers.add(offsets(flat, rows, first));
    Vector elements = flat.elements();
    if (first != 0 || elements.rows() != last) {
      elements = VectorOps.slice(elements, first, last - first, scratch);
    }
    if (type instanceof DataType.MapOf(DataType key, DataType value)) {
      nodes.add(new long[] {last - first, 0});
      buffers.add(NOTHING);
      Vector entries = VectorOps.flatten(elements, scratch);
      add(entries.children().get(0), key.unwrapped());
      add(entries.children().get(1), value.unwrapped());
    } else {
      add(elements, ((DataType.Array) type).element().unwrapped());
    }
  }

  private void addStruct(Vector flat, DataType type, int rows) {
    List<DataType> fields = ((DataType.Tuple) type).fields();
    for (int i = 0; i < fields.size(); i++) {
      add(flat.children().get(i).head(rows), fields.get(i).unwrapped());
    }
  }

  /// Offsets that begin at 0.
  private MemorySegment offsets(Vector flat, int rows, int first) {
    long bytes = (rows + 1) * 4L;
    if (rows > 0 && first == 0) {
      return piece(flat.offsets(), 0, bytes);
    }
    MemorySegment moved = scratch.allocateZeroed(bytes);
    for (int i = 0; i < rows; i++) {
      moved.set(Vector.I32, i * 4L + 4, flat.listTo(i) - first);
    }
    return moved;
  }

  private static MemorySegment piece(MemorySegment segment, long from, long bytes) {
    return bytes == 0 ? NOTHING : segment.asSlice(from, bytes);
  }

  private static long align(long bytes) {
    return (bytes + ALIGNMENT - 1) & -ALIGNMENT;
  }
}
