// SPDX-License-Identifier: Apache-2.0
package dev.varve.cluster.coordination;

/// What became of a transaction.
public enum Outcome {
  DONE,
  /// A check failed: nothing of it holds.
  REFUSED,
  /// The connection was lost meanwhile: who reads the nodes again finds out.
  UNKNOWN
}
