// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// The payload of a packed frame: the plain length (u32, little-endian), then one LZ4 block.
/// Unpacks into a buffer of its own, which the next one overwrites. One thread.
///
/// A block is a row of sequences: a byte with two lengths of four bits, where 15 goes on in bytes
/// that are added up until one is not 255; literals; and how far back (u16) the copied bytes stand,
/// of which there are four more than told. The last sequence ends after its literals.
public final class Lz4Block {
  public static final int HEADER_BYTES = 4;

  private static final int LONG = 15;
  private static final int MIN_MATCH = 4;

  private byte[] plain = new byte[0];
  private byte[] in = new byte[0];
  private int at;
  private int end;

  /// @throws IOException for bytes that are no such block
  public ByteBuffer unpack(ByteBuffer payload) throws IOException {
    int packed = payload.remaining() - HEADER_BYTES;
    if (packed < 1) {
      throw broken();
    }
    int length = payload.order(ByteOrder.LITTLE_ENDIAN).getInt();
    // No byte stands for more than 255, so that a length that lies takes no memory.
    if (length < 0 || length > Frame.MAX_PAYLOAD_BYTES || length > 255L * packed) {
      throw broken();
    }
    if (plain.length < length) {
      plain = new byte[length];
    }
    in = payload.array();
    at = payload.arrayOffset() + payload.position();
    end = at + packed;
    if (sequences(length) != length) {
      throw broken();
    }
    return ByteBuffer.wrap(plain, 0, length).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static IOException broken() {
    return new IOException("malformed answer: a packed frame cannot be unpacked");
  }

  private int sequences(int length) throws IOException {
    int filled = 0;
    while (at < end) {
      int token = in[at++] & 0xFF;
      int literals = length(token >>> 4);
      if (literals > end - at || literals > length - filled) {
        throw broken();
      }
      System.arraycopy(in, at, plain, filled, literals);
      at += literals;
      filled += literals;
      if (at == end) {
        break;
      }
      if (end - at < 2) {
        throw broken();
      }
      int back = in[at] & 0xFF | (in[at + 1] & 0xFF) << 8;
      at += 2;
      int copied = length(token & LONG) + MIN_MATCH;
      if (back == 0 || back > filled || copied > length - filled) {
        throw broken();
      }
      copy(filled, back, copied);
      filled += copied;
    }
    return filled;
  }

  private int length(int first) throws IOException {
    int length = first;
    if (first == LONG) {
      int next;
      do {
        if (at == end || length > Frame.MAX_PAYLOAD_BYTES) {
          throw broken();
        }
        next = in[at++] & 0xFF;
        length += next;
      } while (next == 255);
    }
    return length;
  }

  /// Bytes that overlap what they are copied to repeat it.
  private void copy(int to, int back, int count) {
    if (back >= count) {
      System.arraycopy(plain, to - back, plain, to, count);
      return;
    }
    for (int i = 0; i < count; i++) {
      plain[to + i] = plain[to + i - back];
    }
  }
}
