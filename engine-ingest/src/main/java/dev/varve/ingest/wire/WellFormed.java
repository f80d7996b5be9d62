// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire;

import java.util.function.Supplier;
import org.apache.kafka.common.errors.InvalidRequestException;

/// What Kafka's classes make of a request's fields: they take for granted that a client filled them
/// in as theirs does.
final class WellFormed {
  private WellFormed() {}

  /// @throws InvalidRequestException where a field is missing or has a value that there is none of
  static <T> T read(Supplier<T> reading) {
    try {
      return reading.get();
    } catch (NullPointerException | IllegalArgumentException malformed) {
      throw new InvalidRequestException(
          "a field of the request is missing or out of range: " + malformed.getMessage(),
          malformed);
    }
  }
}
