// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.node;

import java.util.ArrayDeque;
import java.util.Deque;

/// Closes what was opened, in reverse order, whatever fails on the way. One thread.
final class Closing implements AutoCloseable {
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  <T extends AutoCloseable> T add(T resource) {
    opened.push(resource);
    return resource;
  }

  /// Closes everything because of a failure, which keeps what else went wrong.
  void closeAfter(Throwable failure) {
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (Exception e) {
        failure.addSuppressed(e);
      }
    }
  }

  /// Closes everything.
  ///
  /// @throws IllegalStateException with every failure on the way
  @Override
  public void close() {
    IllegalStateException failed = new IllegalStateException("the server did not close cleanly");
    closeAfter(failed);
    if (failed.getSuppressed().length > 0) {
      throw failed;
    }
  }
}
