// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.frames;

import dev.varve.jdbc.wire.Frame;
import dev.varve.jdbc.wire.FrameKind;
import dev.varve.jdbc.wire.Progress;
import dev.varve.sql.session.Result;
import dev.varve.sql.session.Session;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Tells a waiting client how far its statement has come, from a thread of its own. Once it is
/// closed, nothing more is sent.
final class ProgressBeat implements AutoCloseable {
  static final ProgressBeat NONE = new ProgressBeat(null, null);

  private static final Duration PAUSE = Duration.ofMillis(100);

  private final Session session;
  private final FrameOutput out;
  private final CountDownLatch closing = new CountDownLatch(1);
  private Thread thread;

  private ProgressBeat(Session session, FrameOutput out) {
    this.session = session;
    this.out = out;
  }

  static ProgressBeat start(Session session, FrameOutput out) {
    ProgressBeat beat = new ProgressBeat(session, out);
    beat.thread = Thread.ofVirtual().name("progress").start(beat::run);
    return beat;
  }

  private void run() {
    long seen = 0;
    try {
      while (!closing.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
        if (out.sent() == seen) {
          Optional<Result.Progress> now = session.progress();
          if (now.isPresent()) {
            out.write(frame(now.get()));
          }
        }
        seen = out.sent();
      }
    } catch (IOException gone) {
      // Nobody is left to take the answer.
      session.cancel();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Frame frame(Result.Progress now) {
    Progress progress =
        new Progress(now.readRows(), now.readBytes(), now.totalRows(), now.elapsedNanos());
    ByteBuffer payload = ByteBuffer.wrap(progress.encode()).order(ByteOrder.LITTLE_ENDIAN);
    return new Frame(FrameKind.PROGRESS, payload);
  }

  @Override
  public void close() {
    closing.countDown();
    if (thread == null) {
      return;
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
