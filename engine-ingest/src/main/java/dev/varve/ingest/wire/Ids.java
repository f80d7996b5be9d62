// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire;

import java.util.UUID;
import org.apache.kafka.common.Uuid;

/// Topic ids in our words and in the protocol's.
final class Ids {
  private Ids() {}

  static UUID uuid(Uuid id) {
    return new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits());
  }

  static Uuid wire(UUID id) {
    return new Uuid(id.getMostSignificantBits(), id.getLeastSignificantBits());
  }
}
