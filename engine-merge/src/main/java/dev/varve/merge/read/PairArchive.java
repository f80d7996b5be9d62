// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.read;

/// Keeps what was found out about pairs of parts on disk beyond a restart. It may lose any of it:
/// everything can be found out again. Safe for threads.
public interface PairArchive {
  /// The bytes of a pair, or null where none are kept or they cannot be read.
  byte[] load(long younger, long older);

  boolean holds(long younger, long older);

  /// Called while both parts are leased, so that they go after their pair.
  void store(long younger, long older, byte[] bytes);

  /// Keeps nothing.
  PairArchive NONE =
      new PairArchive() {
        @Override
        public byte[] load(long younger, long older) {
          return null;
        }

        @Override
        public boolean holds(long younger, long older) {
          return true;
        }

        @Override
        public void store(long younger, long older, byte[] bytes) {}
      };
}
