// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.driver;

import dev.varve.jdbc.wire.ArrowDecoder;
import dev.varve.jdbc.wire.ColumnBatch;
import dev.varve.jdbc.wire.ColumnHeader;
import dev.varve.jdbc.wire.Ending;
import dev.varve.jdbc.wire.Failure;
import dev.varve.jdbc.wire.Frame;
import dev.varve.jdbc.wire.FrameSource;
import dev.varve.jdbc.wire.Progress;
import java.io.IOException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.util.List;

/// The answer to one statement as it comes in. An error that comes after rows ends the rows with
/// that error; an answer that ends without its last frame is an error too.
final class Answer implements BatchFeed {
  private final FrameSource frames;
  private final ArrowDecoder decoder = new ArrowDecoder();
  private volatile Progress progress = Progress.NONE;
  private Ending ending;
  private boolean over;

  Answer(FrameSource frames) {
    this.frames = frames;
  }

  /// Waits for the columns.
  ///
  /// @return null for a statement without rows, which is then done
  List<ColumnHeader> begin() throws SQLException {
    while (decoder.headers() == null && !over) {
      advance();
    }
    return decoder.headers();
  }

  @Override
  public ColumnBatch next() throws SQLException {
    while (!over) {
      ColumnBatch batch = advance();
      if (batch != null && batch.rows() > 0) {
        return batch;
      }
    }
    return null;
  }

  private ColumnBatch advance() throws SQLException {
    try {
      Frame frame = frames.next();
      if (frame == null) {
        throw new IOException("the answer ended before the statement did");
      }
      switch (frame.kind()) {
        case DATA:
          return decoder.read(frame.payload());
        case PROGRESS:
          progress = Progress.decode(frame.payload());
          return null;
        case END:
          ending = Ending.decode(frame.payload());
          progress = ending.progress();
          finish();
          return null;
        case ERROR:
          Failure failure = Failure.decode(frame.payload());
          finish();
          throw failure.toException();
        default:
          throw new IOException("malformed answer: a frame of kind " + frame.kind());
      }
    } catch (IOException e) {
      close();
      throw new SQLNonTransientConnectionException(
          "the connection broke while an answer was read: " + e.getMessage(), "08006", e);
    }
  }

  /// Takes what stands behind the last frame, so that the connection can be used again.
  private void finish() throws IOException {
    over = true;
    try (frames) {
      if (frames.next() != null) {
        throw new IOException("malformed answer: a frame after the last");
      }
    }
  }

  /// How far the statement has come; any thread may ask.
  Progress progress() {
    return progress;
  }

  /// What was said at the end, or null before.
  Ending ending() {
    return ending;
  }

  @Override
  public void close() {
    over = true;
    frames.close();
  }
}
