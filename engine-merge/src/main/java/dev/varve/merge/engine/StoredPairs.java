// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.merge.read.PairArchive;
import dev.varve.storage.table.PartFiles;

/// What was found out about pairs of parts, in files beside the parts.
record StoredPairs(PartFiles files) implements PairArchive {
  @Override
  public byte[] load(long younger, long older) {
    return files.readPair(younger, older);
  }

  @Override
  public boolean holds(long younger, long older) {
    return files.holdsPair(younger, older);
  }

  @Override
  public void store(long younger, long older, byte[] bytes) {
    files.writePair(younger, older, bytes);
  }
}
