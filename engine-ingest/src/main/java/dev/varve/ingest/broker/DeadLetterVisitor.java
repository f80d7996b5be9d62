// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.broker;

import dev.varve.ingest.sink.DeadLetter;

/// Told of each record that did not fit its table.
@FunctionalInterface
public interface DeadLetterVisitor {
  void letter(String topic, int partition, DeadLetter letter);
}
