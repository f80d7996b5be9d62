// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.spill;

import dev.varve.storage.codec.CodecChoice;
import dev.varve.storage.codec.Compressor;
import dev.varve.storage.file.Checksum;
import dev.varve.storage.file.FileErrors;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchBytes;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/// Rows of one shape on disk, as pages one after another. Any thread may append while none reads;
/// afterwards any number of readers may read. Closing it deletes the file; closing twice is fine.
public final class SpillFile implements AutoCloseable {
  /// A page holds about this much, so that a merge of many files needs little for each.
  static final int PAGE_BYTES = 1 << 18;

  private static final Compressor COMPRESSOR = new Compressor();

  private final Path path;
  private final FileChannel channel;
  private final List<DataType> types;
  private final LongConsumer account;
  private final AtomicLong end = new AtomicLong();
  private final AtomicLong rows = new AtomicLong();
  private final AtomicLong plainBytes = new AtomicLong();
  private final AtomicBoolean closed = new AtomicBoolean();

  private SpillFile(Path path, FileChannel channel, List<DataType> types, LongConsumer account) {
    this.path = path;
    this.channel = channel;
    this.types = List.copyOf(types);
    this.account = account;
  }

  static SpillFile create(Path path, List<DataType> types, LongConsumer account) {
    try {
      FileChannel channel =
          FileChannel.open(
              path,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.CREATE_NEW);
      return new SpillFile(path, channel, types, account);
    } catch (IOException e) {
      throw FileErrors.of("create", path, e);
    }
  }

  /// Appends rows, in as many pages as they fill. `scratch` is used and may be reset afterwards.
  public void append(Batch batch, Scratch scratch) {
    int from = 0;
    while (from < batch.rows()) {
      int count = Math.min(batch.rows() - from, pageRows(batch));
      Batch page = batch;
      if (count < batch.rows()) {
        List<Vector> slices = new ArrayList<>(batch.columns().size());
        for (Vector column : batch.columns()) {
          slices.add(VectorOps.slice(column, from, count, scratch));
        }
        page = new Batch(count, slices);
      }
      appendPage(page, scratch);
      from += count;
    }
  }

  private static int pageRows(Batch batch) {
    long bytes = Math.max(1, SpillPage.roughBytes(batch));
    return (int) Math.clamp((long) PAGE_BYTES * batch.rows() / bytes, 1, batch.rows());
  }

  private void appendPage(Batch page, Scratch scratch) {
    MemorySegment plain = BatchBytes.encode(page, scratch);
    Compressor.Compressed stored = COMPRESSOR.compress(plain, CodecChoice.AUTOMATIC, scratch);
    MemorySegment header = scratch.allocate(SpillPage.HEADER_BYTES);
    SpillPage.putHeader(header, page.rows(), plain.byteSize(), stored.bytes(), stored.method());
    long length = SpillPage.HEADER_BYTES + stored.bytes().byteSize();
    long at = end.getAndAdd(length);
    write(at, header.asByteBuffer());
    write(at + SpillPage.HEADER_BYTES, stored.bytes().asByteBuffer());
    rows.addAndGet(page.rows());
    plainBytes.addAndGet(plain.byteSize());
    account.accept(length);
  }

  private void write(long position, ByteBuffer bytes) {
    try {
      long at = position;
      while (bytes.hasRemaining()) {
        at += channel.write(bytes, at);
      }
    } catch (IOException e) {
      throw FileErrors.of("write", path, e);
    }
  }

  public List<DataType> types() {
    return types;
  }

  public long rows() {
    return rows.get();
  }

  /// What the rows take in memory, roughly.
  public long plainBytes() {
    return plainBytes.get();
  }

  public long fileBytes() {
    return end.get();
  }

  /// Pages from one byte of the file to another.
  public record Chunk(long from, long to) {}

  /// All pages.
  public Chunk whole() {
    return new Chunk(0, end.get());
  }

  /// The pages in pieces of about so many bytes in memory. Closes `scratch`.
  public List<Chunk> chunks(long plainBytes, Scratch scratch) {
    List<Chunk> chunks = new ArrayList<>();
    try (scratch) {
      long from = 0;
      long at = 0;
      long bytes = 0;
      while (at < end.get()) {
        scratch.reset();
        SpillPage.Header header = header(at, scratch);
        if (at > from && bytes + header.plainBytes() > plainBytes) {
          chunks.add(new Chunk(from, at));
          from = at;
          bytes = 0;
        }
        bytes += header.plainBytes();
        at += SpillPage.HEADER_BYTES + header.storedBytes();
      }
      if (at > from) {
        chunks.add(new Chunk(from, at));
      }
    }
    return chunks;
  }

  /// The rows of some pages, as [#reader(Scratch)] gives them.
  public SpillReader reader(Chunk chunk, Scratch scratch) {
    return new SpillReader(this, chunk, scratch);
  }

  /// All rows from the first on, page by page. The reader owns `scratch`: a page is valid until the
  /// next is read, and closing the reader closes it.
  public SpillReader reader(Scratch scratch) {
    return new SpillReader(this, whole(), scratch);
  }

  /// The page at `position`.
  Batch page(long position, SpillPage.Header header, Scratch scratch) {
    MemorySegment stored = scratch.allocate(header.storedBytes());
    read(position + SpillPage.HEADER_BYTES, stored);
    if (Checksum.of(stored) != header.checksum()) {
      throw SpillPage.corrupt(path, position, "a page that fits its checksum", "another one");
    }
    MemorySegment plain = stored;
    if (header.method() != Compressor.NONE) {
      plain = scratch.allocate(header.plainBytes());
      if (!COMPRESSOR.decompress(header.method(), stored, plain)) {
        throw SpillPage.corrupt(path, position, header.plainBytes() + " bytes", "no such page");
      }
    }
    return BatchBytes.decode(types, header.rows(), plain);
  }

  SpillPage.Header header(long position, Scratch scratch) {
    MemorySegment bytes = scratch.allocate(SpillPage.HEADER_BYTES);
    read(position, bytes);
    return SpillPage.header(path, position, bytes);
  }

  private void read(long position, MemorySegment into) {
    ByteBuffer buffer = into.asByteBuffer();
    try {
      while (buffer.hasRemaining()) {
        if (channel.read(buffer, position + buffer.position()) < 0) {
          throw SpillPage.corrupt(
              path, position, into.byteSize() + " bytes", "the end after " + buffer.position());
        }
      }
    } catch (IOException e) {
      throw FileErrors.of("read", path, e);
    }
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    try (channel) {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw FileErrors.of("delete", path, e);
    } finally {
      account.accept(-end.get());
    }
  }
}
