// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire;

import org.apache.kafka.common.requests.AbstractResponse;

/// Answers the requests of one API.
@FunctionalInterface
interface Handler {
  /// Begins a request. What must happen in the order of requests (appending to a log) happens in
  /// this call; what only waits is left to the answer.
  Answer handle(Call call);

  /// An answer that may have to be waited for.
  @FunctionalInterface
  interface Answer {
    /// The answer, or null where the client wants none.
    AbstractResponse await() throws InterruptedException;
  }
}
