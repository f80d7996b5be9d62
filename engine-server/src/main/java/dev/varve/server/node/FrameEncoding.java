// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.node;

import dev.varve.jdbc.wire.Call;
import dev.varve.jdbc.wire.Frame;
import dev.varve.server.frames.FrameEncoder;
import dev.varve.server.frames.FrameRequests;
import dev.varve.server.http.ResultEncoding;
import dev.varve.sql.session.Session;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;

/// The driver's frames over HTTP.
final class FrameEncoding implements ResultEncoding {
  private final FrameEncoder encoder;
  private final boolean packs;

  FrameEncoding(BufferAllocator allocator, boolean packs) {
    this.encoder = new FrameEncoder(allocator);
    this.packs = packs;
  }

  @Override
  public String mediaType() {
    return packs ? Frame.PACKED_MEDIA_TYPE : Frame.MEDIA_TYPE;
  }

  @Override
  public void answer(
      Session session,
      String queryId,
      Map<String, String> settings,
      InputStream body,
      OutputStream out)
      throws IOException {
    Call call = FrameRequests.read(body, queryId, session.database(), settings);
    encoder.answer(session, call, out, packs);
  }
}
