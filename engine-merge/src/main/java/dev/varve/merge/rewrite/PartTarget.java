// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.rewrite;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.part.DiskPart;
import dev.varve.storage.part.Part;
import dev.varve.storage.part.PartLayout;
import dev.varve.storage.part.PartSection;
import dev.varve.storage.part.PartWriter;
import dev.varve.storage.vector.Batch;
import java.util.List;

/// A part on disk as the target of a merge: each slice is a section of it.
public final class PartTarget implements PartMerger.Target {
  private final PartWriter writer;
  private final PartLayout layout;
  private final long copyAtBytes;

  /// @param copyAtBytes blocks of smaller parts are not copied, as they are compressed less than
  ///   the part to be
  public PartTarget(PartWriter writer, PartLayout layout, long copyAtBytes) {
    this.writer = writer;
    this.layout = layout;
    this.copyAtBytes = copyAtBytes;
  }

  @Override
  public PartMerger.Sink open() {
    return new Section(writer.section());
  }

  private final class Section implements PartMerger.Sink {
    private final PartSection section;

    Section(PartSection section) {
      this.section = section;
    }

    @Override
    public void write(Batch rows) {
      section.write(rows);
    }

    @Override
    public int[] cuts(Part part) {
      List<String> names = layout.columns().stream().map(ColumnDefinition::name).toList();
      return part instanceof DiskPart disk
              && disk.info().bytes() >= copyAtBytes
              && disk.isCopyable(layout)
          ? disk.cuts(names)
          : new int[0];
    }

    @Override
    public void copy(Part part, int from, int to) {
      section.copy((DiskPart) part, from, to);
    }
  }
}
