// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format.arrow;

import dev.varve.storage.format.RowsWriter;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/// `ArrowStream`: a schema, then a record batch for each batch; and `Arrow`, the file of the same
/// messages with a footer that says where the batches lie.
///
/// Holds the flat columns of one batch in memory of its own, until it is closed.
public final class ArrowWriter implements RowsWriter {
  private static final byte[] MAGIC = "ARROW1".getBytes(StandardCharsets.US_ASCII);
  private static final int PADDED_MAGIC = 8;
  private static final int PREFIX_BYTES = 8;

  private final OutputStream out;
  private final boolean file;
  private final List<String> names;
  private final List<DataType> types;
  private final BufferAllocator memory = new RootAllocator();
  private final Scratch scratch = new Scratch(memory);
  private final ArrowBatches messages = new ArrowBatches(scratch, ArrowSchemas.Dialect.STANDARD);
  private final List<ArrowSchemas.Place> places = new ArrayList<>();
  private long position;

  public ArrowWriter(OutputStream out, boolean file, List<String> names, List<DataType> types) {
    this.out = out;
    this.file = file;
    this.names = names;
    this.types = types;
  }

  @Override
  public String contentType() {
    return file ? "application/vnd.apache.arrow.file" : "application/vnd.apache.arrow.stream";
  }

  @Override
  public void begin() throws IOException {
    if (file) {
      write(java.util.Arrays.copyOf(MAGIC, PADDED_MAGIC), PADDED_MAGIC);
    }
    byte[] schema = ArrowSchemas.message(names, types, ArrowSchemas.Dialect.STANDARD);
    int length = messages.schema(schema);
    write(messages.array(), length);
  }

  @Override
  public void write(Batch batch) throws IOException {
    int length = messages.batch(batch, types);
    byte[] message = messages.array();
    int metadata = PREFIX_BYTES + number(message, 4);
    places.add(new ArrowSchemas.Place(position, metadata, length - metadata));
    write(message, length);
  }

  private static int number(byte[] bytes, int at) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(at);
  }

  private void write(byte[] bytes, int length) throws IOException {
    out.write(bytes, 0, length);
    position += length;
  }

  @Override
  public void end(Statistics statistics) throws IOException {
    ByteBuffer tail = ByteBuffer.allocate(PREFIX_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    out.write(tail.putInt(-1).putInt(0).array());
    if (file) {
      byte[] footer = ArrowSchemas.footer(names, types, places);
      out.write(footer);
      out.write(tail.putInt(0, footer.length).array(), 0, 4);
      out.write(MAGIC);
    }
    out.flush();
    close();
  }

  @Override
  public void close() {
    scratch.close();
    memory.close();
  }
}
