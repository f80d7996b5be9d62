// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.merge.read.VisiblePart;
import dev.varve.sql.expression.ColumnRange;
import dev.varve.sql.expression.Conjunction;
import dev.varve.sql.expression.Masks;
import dev.varve.storage.part.Part;
import dev.varve.storage.part.PartReader;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.type.Physical;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import dev.varve.storage.vector.RowPacking;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import dev.varve.storage.vector.VectorValues;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// One worker of a scan: granule by granule, dead rows out, conditions, then the other columns.
final class ScanWorker implements BatchSource, Conjunction.Columns {
  /// One row of so many is few: then a column may decode only those.
  private static final int FEW = 16;

  private final ScanSource source;
  private final TableScan scan;
  private final QueryContext context;
  private final Scratch scratch;
  private final Scratch constants;
  private final Conjunction conjunction;
  private final JoinKeyTests joinKeys;
  private final Vector missing;
  private final Vector[] defaults;
  private final Vector[] loaded;
  private final int[] readerColumn;
  // Whether the values in the part are those of the column's type, so that bounds mean the same.
  private final boolean[] isStoredAs;
  private final VirtualColumn[] virtual;
  private final TopBound bound;
  private final BoundEntries boundEntries;
  private final RowPacking packing = RowPacking.create();
  private long[] prefixes = new long[0];
  private VisiblePart part;
  private PartReader reader;
  private ScanSource.Morsel morsel;
  private int inMorsel;
  private int rows;
  private long bytes;
  private boolean closed;
  private long seen = 1;
  private long passed = 1;

  ScanWorker(ScanSource source, TableScan scan, QueryContext context, TopBound bound) {
    this.source = source;
    this.bound = bound;
    this.boundEntries = bound == null ? null : new BoundEntries(bound);
    this.scan = scan;
    this.context = context;
    this.scratch = context.newScratch();
    this.constants = context.newScratch();
    this.conjunction = new Conjunction(scan.conjuncts());
    this.joinKeys = new JoinKeyTests(source.joinKeys());
    this.missing = VectorOps.nulls(DataTypes.NOTHING, 1, constants);
    int width = scan.columns().size();
    this.defaults = new Vector[width];
    this.loaded = new Vector[width];
    this.readerColumn = new int[width];
    this.isStoredAs = new boolean[width];
    this.virtual = new VirtualColumn[width];
    context.register(this);
  }

  @Override
  public Batch next() {
    while (advance()) {
      context.check();
      if (bound != null && bound.isBeyond(morsel.least())) {
        inMorsel++;
        continue;
      }
      Batch batch = read(morsel.granules()[inMorsel++]);
      if (batch != null) {
        return batch;
      }
    }
    return null;
  }

  private boolean advance() {
    while (morsel == null || inMorsel == morsel.granules().length) {
      morsel = source.claim();
      inMorsel = 0;
      if (morsel == null) {
        return false;
      }
      if (morsel.part() != part) {
        enter(morsel.part());
      }
    }
    return true;
  }

  private void enter(VisiblePart next) {
    closeReader();
    part = next;
    List<String> names = new ArrayList<>();
    for (int c = 0; c < readerColumn.length; c++) {
      String name = scan.columns().get(c).name();
      virtual[c] =
          scan.view().definition().column(name).isPresent()
              ? null
              : VirtualColumn.of(name).orElse(null);
      String stored = virtual[c] == null ? null : virtual[c].storedAs();
      if (stored != null || next.part().hasColumn(name)) {
        readerColumn[c] = names.size();
        isStoredAs[c] = type(next.part(), name).equals(scan.columns().get(c).type().unwrapped());
        names.add(stored == null ? name : stored);
      } else {
        readerColumn[c] = -1;
        isStoredAs[c] = false;
      }
    }
    reader = next.part().openCached(names, context.allocator());
  }

  private static DataType type(Part part, String column) {
    return part.columns().stream()
        .filter(c -> c.name().equals(column))
        .map(c -> c.type().unwrapped())
        .findFirst()
        .orElse(DataTypes.NOTHING);
  }

  private Batch read(int granule) {
    Part stored = part.part();
    rows = stored.granuleRows(granule);
    bytes = 0;
    scratch.reset();
    reader.seek(granule);
    java.util.Arrays.fill(loaded, null);
    int left = rows;
    long[] mask = null;
    if (part.dead().count(granule) > 0) {
      mask = java.util.Arrays.copyOf(part.dead().alive(granule), Masks.words(rows));
      Masks.clearTail(mask, rows);
      left = rows - part.dead().count(granule);
    }
    boolean isBoundOpen = false;
    if (bound != null && bound.isSet()) {
      mask = mask == null ? Masks.all(rows) : mask;
      if (keepWithinBound(mask)) {
        left = Masks.count(mask);
      } else {
        isBoundOpen = true;
      }
    }
    if (left > 0 && (!scan.conjuncts().isEmpty() || !joinKeys.isEmpty())) {
      mask = mask == null ? Masks.all(rows) : mask;
      left = test(granule, left, mask);
    }
    if (left > 0 && isBoundOpen) {
      left = testBound(left, mask);
    }
    Batch batch = left == 0 ? null : output(mask, left);
    context.addRead(rows, bytes);
    return batch;
  }

  /// Takes rows out of the mask that lie beyond the rows wanted, which are most, without decoding
  /// their keys; false where it cannot.
  private boolean keepWithinBound(long[] mask) {
    ColumnRange range = bound.range();
    return range == null ? keepEntries(mask) : keep(range, mask);
  }

  /// As the other, of keys that must be looked at: only those of rows that are left.
  private int testBound(int left, long[] mask) {
    if (prefixes.length < rows) {
      prefixes = new long[Math.max(rows, Batch.MAX_ROWS)];
    }
    Vector keys = column(bound.column());
    if (left > rows / 2 || !isWorthPointing(keys)) {
      return bound.test(keys, rows, prefixes, mask);
    }
    int[] selection = new int[left];
    Masks.toSelection(mask, selection);
    MemorySegment codes = scratch.allocate(left * 4L);
    MemorySegment.copy(selection, 0, codes, Vector.I32, 0, left);
    long[] kept = Masks.all(left);
    Vector some = Vector.dictionary(keys.type(), left, codes, keys, null);
    int within = bound.test(some, left, prefixes, kept);
    for (int i = 0; i < left; i++) {
      if ((kept[i >>> 6] >>> i & 1) == 0) {
        mask[selection[i] >>> 6] &= ~(1L << selection[i]);
      }
    }
    return within;
  }

  private boolean keepEntries(long[] mask) {
    Vector entries = dictionary(bound.column());
    return entries != null
        && boundEntries.find(entries)
        && keepCodes(bound.column(), boundEntries.low(), boundEntries.high(), mask);
  }

  // What drops more comes first: the columns of the other are then decoded for fewer rows, or not.
  private int test(int granule, int alive, long[] mask) {
    if (joinKeys.isEmpty()) {
      return conjunction.test(this, rows, scratch, mask);
    }
    boolean keysFirst = scan.conjuncts().isEmpty() || joinKeys.passing() < passed / (double) seen;
    int left = alive;
    if (keysFirst) {
      left = joinKeys.test(this::column, part.part(), granule, rows, left, mask, scratch);
    }
    if (left > 0 && (!scan.conjuncts().isEmpty() || !joinKeys.isEmpty())) {
      int before = left;
      left = conjunction.test(this, rows, scratch, mask);
      seen += before;
      passed += left;
    }
    if (left > 0 && !keysFirst) {
      left = joinKeys.test(this::column, part.part(), granule, rows, left, mask, scratch);
    }
    return left;
  }

  private Batch output(long[] mask, int left) {
    List<Vector> columns = new ArrayList<>(scan.output().size());
    int[] selection = null;
    MemorySegment codes = null;
    for (int c : scan.output()) {
      Vector packed = left < rows && left > rows / FEW ? packed(c, mask, left) : null;
      if (packed != null) {
        columns.add(packed);
        continue;
      }
      if (left < rows && selection == null) {
        selection = new int[left];
        Masks.toSelection(mask, selection);
      }
      if (selection != null && left <= rows / FEW && loaded[c] == null && readerColumn[c] >= 0) {
        columns.add(few(c, selection, left));
        continue;
      }
      if (selection != null && virtual[c] == VirtualColumn.PART_OFFSET) {
        long first = part.part().granuleFirstRow(morsel.granules()[inMorsel - 1]);
        columns.add(VirtualColumn.offsets(first, selection, left, scratch));
        continue;
      }
      Vector column = column(c);
      if (selection != null && left > rows / 4 && isWorthPointing(column)) {
        if (codes == null) {
          codes = scratch.allocate(left * 4L);
          MemorySegment.copy(selection, 0, codes, Vector.I32, 0, left);
        }
        columns.add(Vector.dictionary(column.type(), left, codes, column, null));
      } else {
        columns.add(
            selection == null ? column : VectorOps.gather(column, selection, left, scratch));
      }
    }
    return new Batch(left, columns);
  }

  /// The rows that are left, without their numbers; null where they had better be gathered.
  private Vector packed(int c, long[] mask, int left) {
    if (packing == null) {
      return null;
    }
    Vector early =
        loaded[c] == null && readerColumn[c] >= 0
            ? reader.read(readerColumn[c], mask, left, packing, scratch)
            : null;
    return early == null ? packing.pack(column(c), mask, left, scratch) : counted(c, early);
  }

  /// The rows that are left of a column that nobody has read yet.
  private Vector few(int c, int[] selection, int left) {
    return counted(c, reader.read(readerColumn[c], selection, left, scratch));
  }

  /// What was read of a column, in the type that the query gives it.
  private Vector counted(int c, Vector vector) {
    DataType type = scan.columns().get(c).type();
    bytes += size(vector);
    return vector.type().equals(type) ? vector : vector.as(type);
  }

  /// Whether rows had better point into a column of texts than be copied out of it: who wants only
  /// their length, or groups them, need not move the bytes.
  private static boolean isWorthPointing(Vector column) {
    return column.isFlat() && column.physical() == Physical.BYTES && column.validity() == null;
  }

  @Override
  public boolean keep(ColumnRange range, long[] mask) {
    int c = range.column();
    return loaded[c] == null
        && isStoredAs[c]
        && reader.keep(readerColumn[c], range.low(), range.high(), mask);
  }

  @Override
  public Vector dictionary(int c) {
    return loaded[c] == null && isStoredAs[c] ? reader.dictionary(readerColumn[c]) : null;
  }

  @Override
  public boolean keepCodes(int c, int low, int high, long[] mask) {
    return reader.keepCodes(readerColumn[c], low, high, mask);
  }

  @Override
  public Batch with(BitSet wanted) {
    List<Vector> columns = new ArrayList<>(loaded.length);
    Vector nothing = Vector.constant(DataTypes.NOTHING, rows, missing);
    for (int c = 0; c < loaded.length; c++) {
      columns.add(wanted.get(c) || loaded[c] != null ? column(c) : nothing);
    }
    return new Batch(rows, columns);
  }

  private Vector column(int c) {
    if (loaded[c] == null) {
      TableScan.Column column = scan.columns().get(c);
      if (readerColumn[c] >= 0) {
        loaded[c] = counted(c, reader.readLate(readerColumn[c]));
      } else if (virtual[c] != null) {
        int granule = morsel.granules()[inMorsel - 1];
        loaded[c] = virtual[c].of(scan.view(), column.type(), morsel.index(), granule, scratch);
      } else {
        loaded[c] = absent(c, column);
      }
    }
    return loaded[c];
  }

  private Vector absent(int c, TableScan.Column column) {
    if (defaults[c] == null) {
      defaults[c] = VectorValues.of(column.type(), constants, column.defaultValue());
    }
    return Vector.constant(column.type(), rows, defaults[c]);
  }

  private static long size(Vector vector) {
    if (!vector.isFlat() || vector.physical() != Physical.BYTES) {
      return (long) vector.rows() * (vector.isDictionary() ? 4 : Math.max(1, vector.width()));
    }
    int last = vector.offsets().get(Vector.I32, vector.rows() * 4L);
    return last - vector.offsets().get(Vector.I32, 0) + vector.rows() * 4L;
  }

  private void closeReader() {
    if (reader != null) {
      reader.close();
      reader = null;
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    closeReader();
    scratch.close();
    constants.close();
  }
}
