// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.log;

/// What a batch must have become before its producer is answered.
public enum Durability {
  /// Given to the operating system: it survives the end of the process, and not that of the
  /// machine.
  WRITTEN,

  /// On the disk: it survives a power cut.
  SYNCED
}
