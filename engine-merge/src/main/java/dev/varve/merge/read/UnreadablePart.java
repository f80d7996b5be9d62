// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.read;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.column.ColumnStats;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.index.SparseIndex;
import dev.varve.storage.part.Part;
import dev.varve.storage.part.PartInfo;
import dev.varve.storage.part.PartReader;
import dev.varve.storage.vector.Batch;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;

/// Stands in a view for a part whose rows cannot be told: it is damaged, or rows of its keys are in
/// a part that is. Its bounds may be asked for, so that a query that does not need it goes on; who
/// opens it gets the error. Numbers that need no reading, like `count()`, must not be taken from
/// it.
///
/// Safe for threads.
public final class UnreadablePart implements Part {
  private final PartInfo info;
  private final Optional<Part> known;
  private final VarveException reason;

  /// @param known the part, as far as it could be opened
  /// @param reason what a reader is told
  public UnreadablePart(PartInfo info, Optional<Part> known, VarveException reason) {
    this.info = info;
    this.known = known;
    this.reason = reason;
  }

  /// The error of a reader, with the reader's own stack.
  private VarveException refusal() {
    return new VarveException(reason.code(), reason.getMessage(), reason);
  }

  /// Whether this part and the other may hold rows of one key.
  public boolean mayShareKeys(Part other) {
    return known.isEmpty()
        || (Arrays.compareUnsigned(known.get().firstKey(0), other.lastKey()) <= 0
            && Arrays.compareUnsigned(other.firstKey(0), known.get().lastKey()) <= 0);
  }

  /// A sound part that cannot be read for the reason that this one cannot.
  public UnreadablePart covering(Part sound) {
    return new UnreadablePart(sound.info(), Optional.of(sound), reason);
  }

  @Override
  public PartInfo info() {
    return info;
  }

  @Override
  public List<ColumnDefinition> columns() {
    return known.map(Part::columns).orElse(List.of());
  }

  @Override
  public boolean hasColumn(String name) {
    return known.isPresent() && known.get().hasColumn(name);
  }

  @Override
  public int granules() {
    return known.map(Part::granules).orElse(1);
  }

  @Override
  public int granuleRows(int granule) {
    return known.isPresent()
        ? known.get().granuleRows(granule)
        : (int) Math.min(Batch.MAX_ROWS, info.rows());
  }

  @Override
  public long granuleFirstRow(int granule) {
    return known.isPresent() ? known.get().granuleFirstRow(granule) : 0;
  }

  @Override
  public byte[] firstKey(int granule) {
    return known.orElseThrow(this::refusal).firstKey(granule);
  }

  @Override
  public byte[] lastKey() {
    return known.orElseThrow(this::refusal).lastKey();
  }

  @Override
  public SparseIndex index() {
    return known.orElseThrow(this::refusal).index();
  }

  @Override
  public ColumnStats stats(String column, int granule) {
    return known.isPresent() ? known.get().stats(column, granule) : null;
  }

  @Override
  public PartReader open(List<String> columns, BufferAllocator allocator) {
    throw refusal();
  }

  @Override
  public ColumnBytes columnBytes(String column) {
    return known.isPresent() ? known.get().columnBytes(column) : new ColumnBytes(0, 0, 0);
  }
}
