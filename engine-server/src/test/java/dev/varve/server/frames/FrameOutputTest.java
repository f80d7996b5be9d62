// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.frames;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.jdbc.wire.Frame;
import dev.varve.jdbc.wire.FrameKind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class FrameOutputTest {
  private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
  private final FrameOutput output = new FrameOutput(sent, false);

  private void write(FrameKind kind) throws IOException {
    output.write(new Frame(kind, ByteBuffer.wrap(new byte[8]).order(ByteOrder.LITTLE_ENDIAN)));
  }

  @ParameterizedTest
  @EnumSource(
      value = FrameKind.class,
      names = {"END", "ERROR"})
  void progressThatComesTooLateIsDropped(FrameKind last) throws IOException {
    write(FrameKind.PROGRESS);
    write(last);
    int whole = sent.size();
    write(FrameKind.PROGRESS);
    assertThat(sent.size()).isEqualTo(whole);
    assertThat(output.sent()).isEqualTo(2);
  }
}
