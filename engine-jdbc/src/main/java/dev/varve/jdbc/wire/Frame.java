// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.wire;

import java.nio.ByteBuffer;

/// One frame: its kind and the bytes between the buffer's position and limit, little-endian. The
/// bytes are valid until the next frame is taken from the same source.
///
/// | bytes | field   | meaning                                   |
/// |-------|---------|-------------------------------------------|
/// | 0     | kind    | code of a [FrameKind]                     |
/// | 1-4   | length  | bytes of the payload, u32 little-endian   |
/// | 5-    | payload | as the kind says                          |
public record Frame(FrameKind kind, ByteBuffer payload) {
  public static final int HEADER_BYTES = 5;

  /// No frame is longer; a longer one means that the stream is out of step.
  public static final int MAX_PAYLOAD_BYTES = 1 << 30;

  /// The media type of a body made of frames, in both directions.
  public static final String MEDIA_TYPE = "application/vnd.varve.frames";

  /// The same, where the sender of an answer may send [FrameKind#PACKED].
  public static final String PACKED_MEDIA_TYPE = MEDIA_TYPE + ";packing=lz4";

  /// Header and payload as bytes.
  public static byte[] encode(FrameKind kind, byte[] payload) {
    byte[] bytes = new byte[HEADER_BYTES + payload.length];
    putHeader(bytes, kind, payload.length);
    System.arraycopy(payload, 0, bytes, HEADER_BYTES, payload.length);
    return bytes;
  }

  /// Writes a header into the first five bytes.
  public static void putHeader(byte[] bytes, FrameKind kind, int length) {
    bytes[0] = (byte) kind.code();
    bytes[1] = (byte) length;
    bytes[2] = (byte) (length >>> 8);
    bytes[3] = (byte) (length >>> 16);
    bytes[4] = (byte) (length >>> 24);
  }
}
