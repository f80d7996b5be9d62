// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.apache.kafka.common.requests.AbstractResponse;

/// Answers that come when somebody else is done.
final class Later {
  private Later() {}

  /// The answer made of a result; where it fails, the request's own answer of that error.
  static <T> Handler.Answer of(
      Call call, CompletableFuture<T> result, Function<T, AbstractResponse> answer) {
    return () -> {
      try {
        return answer.apply(result.get());
      } catch (ExecutionException e) {
        return call.body().getErrorResponse(e.getCause());
      }
    };
  }
}
