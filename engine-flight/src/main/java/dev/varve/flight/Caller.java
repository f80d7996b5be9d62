// SPDX-License-Identifier: Apache-2.0
package dev.varve.flight;

import dev.varve.sql.session.Session;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.FlightProducer.ServerStreamListener;

/// Who takes the rows of one statement. One thread sends; the call's handlers wake it when the
/// caller takes more, and end its statement when the caller goes away.
final class Caller {
  private static final long WAIT_NANOS = TimeUnit.MINUTES.toNanos(10);

  private final ServerStreamListener listener;
  private final String user;
  private Session session;
  private boolean gone;

  /// Must be made while the call's method runs, as handlers are taken only then.
  Caller(ServerStreamListener listener, String user) {
    this.listener = listener;
    this.user = user;
    listener.setOnReadyHandler(this::wake);
    listener.setOnCancelHandler(this::cancel);
  }

  ServerStreamListener listener() {
    return listener;
  }

  String user() {
    return user;
  }

  /// The session whose statement ends with this caller.
  synchronized void runsIn(Session own) {
    session = own;
  }

  private synchronized void wake() {
    notifyAll();
  }

  /// Ends the statement, wherever it is.
  void cancel() {
    Session own;
    synchronized (this) {
      gone = true;
      own = session;
      notifyAll();
    }
    if (own != null) {
      own.cancel();
    }
  }

  /// Fails where the caller has gone, or takes nothing for a long time.
  synchronized void awaitReady() {
    long deadline = System.nanoTime() + WAIT_NANOS;
    while (!listener.isReady()) {
      requireHere();
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw CallStatus.TIMED_OUT
            .withDescription("the caller has not taken a row for ten minutes")
            .toRuntimeException();
      }
      try {
        wait(left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw CallStatus.CANCELLED.withCause(e).toRuntimeException();
      }
    }
    requireHere();
  }

  synchronized void requireHere() {
    if (gone || listener.isCancelled()) {
      throw CallStatus.CANCELLED.toRuntimeException();
    }
  }
}
