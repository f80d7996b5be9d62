// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.read;

import dev.varve.merge.rule.RowLayout;
import dev.varve.storage.part.Part;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/// Finds which rows of a table's parts count, before any merge. One for each table; remembers what
/// it found out about pairs of parts as long as the parts live. Safe for threads.
public final class ExactReads {
  private final RowLayout layout;
  private final BufferAllocator allocator;

  /// @param allocator holds overlays, and key blocks while they are compared
  public ExactReads(RowLayout layout, BufferAllocator allocator) {
    this.layout = layout;
    this.allocator = allocator;
  }

  /// The caller closes the result when no query uses it any more.
  public Resolution resolve(List<Part> parts) {
    throw new UnsupportedOperationException("not built yet " + layout + allocator);
  }
}
