// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.record;

import java.util.List;

/// A refusal on its way to the client: its kind, the reason in words, and which records of the
/// batch are at fault where it is theirs. Expected in normal running, so it carries no stack trace.
public final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// A record that does not fit, by its index in the batch.
  public record BadRecord(int index, String reason) implements java.io.Serializable {}

  private final Refusal refusal;
  private final List<BadRecord> badRecords;

  public RefusedException(Refusal refusal, String message) {
    this(refusal, message, List.of());
  }

  public RefusedException(Refusal refusal, String message, List<BadRecord> badRecords) {
    super(message, null, false, false);
    this.refusal = refusal;
    this.badRecords = List.copyOf(badRecords);
  }

  public Refusal refusal() {
    return refusal;
  }

  public List<BadRecord> badRecords() {
    return badRecords;
  }
}
