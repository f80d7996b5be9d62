// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.rewrite;

import dev.varve.merge.order.KeyCursor;
import dev.varve.merge.order.RowGather;
import dev.varve.storage.index.KeyEncoder;
import dev.varve.storage.part.Part;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/// Everything that reads the inputs of a stretch of a merge. Opened whole or not at all.
final class MergeSources implements AutoCloseable {
  private final List<Runnable> opened = new ArrayList<>();
  private final List<KeyCursor> cursors = new ArrayList<>();
  private final RowGather members;
  private final RowGather survivors;
  private final DuplicateRows duplicates;

  /// @param examined columns that the rule decides by
  /// @param copied columns of the rows that stay
  /// @param compared columns by which duplicates are found; none where they stay
  MergeSources(
      List<Part> parts,
      List<String> key,
      KeyEncoder encoder,
      MergeSlice slice,
      List<RowGather.Wanted> examined,
      List<RowGather.Wanted> copied,
      List<RowGather.Wanted> compared,
      BufferAllocator allocator) {
    try {
      for (int p = 0; p < parts.size(); p++) {
        KeyCursor cursor =
            KeyCursor.ofRows(parts.get(p), key, encoder, slice.from()[p], slice.to()[p], allocator);
        opened.add(cursor::close);
        cursors.add(cursor);
      }
      members = new RowGather(parts, examined, allocator);
      opened.add(members::close);
      survivors = new RowGather(parts, copied, allocator);
      opened.add(survivors::close);
      duplicates = compared.isEmpty() ? null : new DuplicateRows(parts, compared, allocator);
      if (duplicates != null) {
        opened.add(duplicates::close);
      }
    } catch (RuntimeException | Error failed) {
      close();
      throw failed;
    }
  }

  List<KeyCursor> cursors() {
    return cursors;
  }

  /// The deciding columns of all rows.
  RowGather members() {
    return members;
  }

  /// The columns of the rows that stay.
  RowGather survivors() {
    return survivors;
  }

  /// Null where duplicates stay.
  DuplicateRows duplicates() {
    return duplicates;
  }

  @Override
  public void close() {
    opened.forEach(Runnable::run);
    opened.clear();
  }
}
