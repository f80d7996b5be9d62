// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.backup;

import dev.varve.storage.file.FileErrors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.LongConsumer;

/// SHA-256 of the bytes of a file, as 64 hexadecimal digits.
///
/// @param text small letters
public record Digest(String text) {
  static final int BYTES = 32;
  private static final int AT_ONCE = 1 << 20;

  byte[] bytes() {
    return HexFormat.of().parseHex(text);
  }

  static Digest of(byte[] bytes) {
    return new Digest(HexFormat.of().formatHex(bytes));
  }

  /// Reads a file whole.
  ///
  /// @param read hears of each run of bytes, and may throw
  static Digest of(Path file, LongConsumer read) {
    try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
      return through(in, null, read);
    } catch (IOException failed) {
      throw FileErrors.of("read", file, failed);
    }
  }

  /// Copies a file, durably, and tells what was copied.
  ///
  /// @param copied hears of each run of bytes, and may throw
  static Digest copy(Path file, Path to, LongConsumer copied) {
    try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ);
        FileChannel out =
            FileChannel.open(to, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
      Digest digest = through(in, out, copied);
      out.force(true);
      return digest;
    } catch (IOException failed) {
      throw FileErrors.of("copy", to, failed);
    }
  }

  private static Digest through(FileChannel in, FileChannel out, LongConsumer passed)
      throws IOException {
    MessageDigest digest = sha256();
    ByteBuffer buffer = ByteBuffer.allocate(AT_ONCE);
    while (in.read(buffer) >= 0) {
      buffer.flip();
      passed.accept(buffer.remaining());
      digest.update(buffer.duplicate());
      while (out != null && buffer.hasRemaining()) {
        out.write(buffer);
      }
      buffer.clear();
    }
    return of(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }
}
