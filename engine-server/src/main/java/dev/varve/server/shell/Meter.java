// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.shell;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/// How far a piece of work has come, redrawn on one line: a bar, rows, rows/s, time left. Draws
/// from its own thread until it is closed, and leaves nothing behind; what is done at once is not
/// drawn.
final class Meter implements AutoCloseable {
  private static final int PAUSE_MILLIS = 200;
  private static final int BAR = 20;

  private final PrintWriter err;
  private final DoubleSupplier share;
  private final LongSupplier rows;
  private final long start = System.nanoTime();
  private final Thread drawing;

  /// @param terminal whether anybody sees it
  /// @param share how much is done, 0 to 1; NaN while nobody knows
  Meter(PrintWriter err, boolean terminal, DoubleSupplier share, LongSupplier rows) {
    this.err = err;
    this.share = share;
    this.rows = rows;
    this.drawing = terminal ? Thread.ofPlatform().daemon().start(this::draw) : null;
  }

  private void draw() {
    boolean drawn = false;
    try {
      while (true) {
        Thread.sleep(PAUSE_MILLIS);
        String line = line(share.getAsDouble(), rows.getAsLong(), seconds());
        err.print("\r" + line + "\u001b[K");
        err.flush();
        drawn = true;
      }
    } catch (InterruptedException closed) {
      if (drawn) {
        err.print("\r\u001b[K");
        err.flush();
      }
    }
  }

  double seconds() {
    return (System.nanoTime() - start) / 1e9;
  }

  /// One line, for a state of the work at some time.
  static String line(double share, long rows, double seconds) {
    StringBuilder line = new StringBuilder();
    if (!Double.isNaN(share)) {
      int filled = (int) Math.round(share * BAR);
      line.append('[').append("█".repeat(filled)).append(" ".repeat(BAR - filled)).append("] ");
      line.append(String.format(Locale.ROOT, "%3.0f %%  ", share * 100));
    }
    line.append(Runner.number(rows)).append(" rows  ");
    line.append(Runner.number((long) (rows / Math.max(seconds, 1e-3)))).append(" rows/s");
    if (share > 0 && share < 1) {
      long left = (long) Math.ceil(seconds / share - seconds);
      line.append(String.format(Locale.ROOT, "  %d:%02d left", left / 60, left % 60));
    }
    return line.toString();
  }

  /// Wipes the line; later calls do nothing.
  @Override
  public void close() {
    if (drawing == null) {
      return;
    }
    drawing.interrupt();
    boolean interrupted = false;
    while (drawing.isAlive()) {
      try {
        drawing.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
