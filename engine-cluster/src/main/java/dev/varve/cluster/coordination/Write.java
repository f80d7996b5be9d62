// SPDX-License-Identifier: Apache-2.0
package dev.varve.cluster.coordination;

/// One thing a transaction does. All of a transaction hold, or nothing does.
public sealed interface Write {
  /// A node comes to be.
  ///
  /// @param ephemeral whether it goes with the session
  record Create(String path, byte[] data, boolean ephemeral) implements Write {}

  /// A node of this version gets these bytes.
  record Put(String path, byte[] data, int version) implements Write {}

  /// A node is there and has this version.
  record Check(String path, int version) implements Write {}

  /// A node of this version goes.
  record Delete(String path, int version) implements Write {}
}
