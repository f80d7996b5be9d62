// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.frames;

import dev.varve.jdbc.wire.Frame;
import dev.varve.jdbc.wire.FrameKind;
import dev.varve.jdbc.wire.FrameSource;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;

/// Frames that are all known from the start.
final class FixedFrames implements FrameSource {
  private final Deque<Frame> frames = new ArrayDeque<>();

  FixedFrames add(FrameKind kind, byte[] payload) {
    frames.add(new Frame(kind, ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN)));
    return this;
  }

  @Override
  public Frame next() {
    return frames.poll();
  }

  @Override
  public void close() {
    frames.clear();
  }
}
