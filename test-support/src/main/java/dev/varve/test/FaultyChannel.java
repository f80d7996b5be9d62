// SPDX-License-Identifier: Apache-2.0
package dev.varve.test;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/// An open file or directory of a [FaultyDisk]. It dies with its process: after a kill or a power
/// cut every call fails.
final class FaultyChannel extends FileChannel {
  private final FaultyDisk disk;
  private final FaultyDisk.Node node;
  private final boolean writes;
  private final boolean append;
  private final int generation;
  private long position;

  FaultyChannel(FaultyDisk disk, FaultyDisk.Node node, boolean writes, boolean append) {
    this.disk = disk;
    this.node = node;
    this.writes = writes;
    this.append = append;
    this.generation = disk.generation();
  }

  private FaultyDisk.File file() throws IOException {
    refuseWhenDead();
    if (node instanceof FaultyDisk.File file) {
      return file;
    }
    throw new IOException("Is a directory");
  }

  private void refuseWhenDead() throws IOException {
    if (!isOpen()) {
      throw new ClosedChannelException();
    }
    if (disk.generation() != generation) {
      throw new IOException("the process of this file is gone");
    }
  }

  @Override
  public synchronized int read(ByteBuffer to) throws IOException {
    int count = disk.read(file(), to, position);
    position += Math.max(0, count);
    return count;
  }

  @Override
  public long read(ByteBuffer[] to, int offset, int length) throws IOException {
    long sum = 0;
    for (int i = offset; i < offset + length; i++) {
      int count = read(to[i]);
      if (count < 0) {
        return sum == 0 ? -1 : sum;
      }
      sum += count;
    }
    return sum;
  }

  @Override
  public int read(ByteBuffer to, long at) throws IOException {
    return disk.read(file(), to, at);
  }

  @Override
  public synchronized int write(ByteBuffer from) throws IOException {
    if (append) {
      position = disk.size(file());
    }
    int count = write(from, position);
    position += count;
    return count;
  }

  @Override
  public long write(ByteBuffer[] from, int offset, int length) throws IOException {
    long sum = 0;
    for (int i = offset; i < offset + length; i++) {
      sum += write(from[i]);
    }
    return sum;
  }

  @Override
  public int write(ByteBuffer from, long at) throws IOException {
    FaultyDisk.File file = file();
    if (!writes) {
      throw new NonWritableChannelException();
    }
    return disk.write(file, from, at);
  }

  @Override
  public synchronized long position() {
    return position;
  }

  @Override
  public synchronized FileChannel position(long to) {
    position = to;
    return this;
  }

  @Override
  public long size() throws IOException {
    return disk.size(file());
  }

  @Override
  public synchronized FileChannel truncate(long size) throws IOException {
    disk.truncate(file(), size);
    position = Math.min(position, size);
    return this;
  }

  @Override
  public void force(boolean metaData) throws IOException {
    refuseWhenDead();
    disk.force(node);
  }

  @Override
  public long transferTo(long at, long count, WritableByteChannel target) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(count, 1 << 20));
    int read = read(bytes, at);
    return read <= 0 ? 0 : target.write(bytes.flip());
  }

  @Override
  public long transferFrom(ReadableByteChannel source, long at, long count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(count, 1 << 20));
    int read = source.read(bytes);
    return read <= 0 ? 0 : write(bytes.flip(), at);
  }

  @Override
  public MappedByteBuffer map(MapMode mode, long at, long size) {
    throw new UnsupportedOperationException("a faulty disk maps no files");
  }

  @Override
  public FileLock lock(long at, long size, boolean shared) throws IOException {
    FileLock lock = tryLock(at, size, shared);
    if (lock == null) {
      throw new IOException("a faulty disk does not wait for locks");
    }
    return lock;
  }

  @Override
  public FileLock tryLock(long at, long size, boolean shared) throws IOException {
    FaultyDisk.File file = file();
    synchronized (disk) {
      if (file.lockOwner != null) {
        return null;
      }
      file.lockOwner = this;
    }
    return new FileLock(this, at, size, shared) {
      @Override
      public boolean isValid() {
        return FaultyChannel.this.isOpen() && disk.generation() == generation;
      }

      @Override
      public void release() {
        unlock();
      }
    };
  }

  private void unlock() {
    synchronized (disk) {
      if (node instanceof FaultyDisk.File file && file.lockOwner == this) {
        file.lockOwner = null;
      }
    }
  }

  @Override
  protected void implCloseChannel() {
    unlock();
  }
}
