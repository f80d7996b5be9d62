// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire;

import dev.varve.ingest.record.Refusal;
import org.apache.kafka.common.protocol.Errors;

/// Our refusals as the protocol's error codes.
final class WireErrors {
  private WireErrors() {}

  static short code(Refusal refusal) {
    return error(refusal).code();
  }

  static Errors error(Refusal refusal) {
    return Errors.valueOf(refusal.name());
  }
}
