// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;

/// Tokens of INSERTs into a table: one that comes again is in the table already. Of two at the same
/// time, the second waits for what becomes of the first. Safe for threads.
final class InsertTokens {
  private static final long WAIT_MILLIS = 20;

  private final Predicate<String> committed;
  private final Set<String> claimed = new HashSet<>();

  /// @param committed whether a token is remembered
  InsertTokens(Predicate<String> committed) {
    this.committed = committed;
  }

  /// @param check called while this waits, and may throw
  synchronized InsertClaim claim(String token, Runnable check) {
    while (!claimed.add(token)) {
      check.run();
      try {
        wait(WAIT_MILLIS);
      } catch (InterruptedException asked) {
        Thread.currentThread().interrupt();
        throw new VarveException(
            ErrorCode.QUERY_WAS_CANCELLED,
            "cancelled while waiting for an INSERT of the same token",
            asked);
      }
    }
    return new InsertClaim(committed.test(token), () -> release(token));
  }

  private synchronized void release(String token) {
    claimed.remove(token);
    notifyAll();
  }
}
