// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.table;

/// How far a catalog has come in the changes that several servers share.
///
/// @param version number of the last change, 0 before the first
/// @param hash tells the changes up to there from others of the same number
public record ReplicaPosition(long version, long hash) {
  public static final ReplicaPosition START = new ReplicaPosition(0, 0);
}
