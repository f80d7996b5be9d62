// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.codec;

/// Bytes that no encoder writes. Whoever knows the file and the block turns it into an error that
/// names them; the checksum was right, so the file was written wrong.
public final class MalformedBytesException extends RuntimeException {
  private static final long serialVersionUID = 1;

  MalformedBytesException(String expected, String found) {
    super("expected " + expected + ", found " + found);
  }

  MalformedBytesException(String expected, long found) {
    this(expected, Long.toString(found));
  }
}
