// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.embedded;

import dev.varve.jdbc.wire.Call;
import dev.varve.jdbc.wire.Frame;
import dev.varve.jdbc.wire.FrameSource;
import dev.varve.jdbc.wire.Transport;
import dev.varve.sql.session.Session;
import java.io.IOException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;

/// One JDBC connection's session on an engine of this process.
///
/// A session runs one statement at a time; a statement that begins while the rows of an earlier one
/// are still being read gets a session of its own, with the same database.
final class InProcessTransport implements Transport {
  private final SharedEngine engine;
  private final String user;
  private final Session session;
  private boolean busy;
  private boolean closed;

  InProcessTransport(SharedEngine engine, String user, String database) {
    this.engine = engine;
    this.user = user;
    this.session = engine.sql().open(user, database);
  }

  @Override
  public FrameSource send(Call call) throws SQLException {
    boolean own;
    synchronized (this) {
      if (closed) {
        throw new SQLNonTransientConnectionException("the connection is closed", "08003");
      }
      own = !busy;
      busy = true;
    }
    Session used = own ? session : engine.sql().open(user, session.database());
    return new SessionFrames(engine.encoder().run(used, call), own ? null : used);
  }

  private synchronized void free() {
    busy = false;
  }

  @Override
  public void cancel(String queryId) {
    engine.sql().kill(queryId);
  }

  @Override
  public void networkTimeout(int millis) {
    // There is no network between a program and itself.
  }

  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    session.cancel();
    session.close();
    engine.release();
  }

  /// The frames of one statement; gives its session back at their end.
  private final class SessionFrames implements FrameSource {
    private final FrameSource frames;
    private final Session extra;
    private boolean over;

    /// @param extra the session that was opened for this statement, or null for the shared one
    SessionFrames(FrameSource frames, Session extra) {
      this.frames = frames;
      this.extra = extra;
    }

    @Override
    public Frame next() throws IOException {
      Frame frame = over ? null : frames.next();
      if (frame == null) {
        close();
      }
      return frame;
    }

    @Override
    public void close() {
      if (over) {
        return;
      }
      over = true;
      try {
        frames.close();
      } finally {
        if (extra == null) {
          free();
        } else {
          extra.close();
        }
      }
    }
  }
}
