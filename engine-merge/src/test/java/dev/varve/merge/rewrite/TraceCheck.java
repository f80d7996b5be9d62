// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.merge.order.MergeTrace;
import dev.varve.merge.rule.RowLayout;
import dev.varve.storage.index.KeyEncoder;
import dev.varve.storage.part.Part;
import dev.varve.storage.part.PartReader;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorValues;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.roaringbitmap.RoaringBitmap;

/// Holds what a trace tells against the rows themselves: each row's key stands in its output row,
/// each output row has one base, and the base has its `_seq`.
final class TraceCheck {
  private final RowLayout layout;
  private final BufferAllocator allocator;

  TraceCheck(RowLayout layout, BufferAllocator allocator) {
    this.layout = layout;
    this.allocator = allocator;
  }

  /// @param deleted for each input of the trace, its deleted rows
  /// @param output null when no row was left
  void check(MergeTrace trace, List<RoaringBitmap> deleted, Part output) {
    List<String> outputKeys = output == null ? List.of() : keys(output);
    List<String> outputSeqs = output == null ? List.of() : seqs(output);
    assertThat(trace.outputRows()).isEqualTo(outputKeys.size());
    int[] bases = new int[outputKeys.size()];
    for (int input = 0; input < trace.inputs().size(); input++) {
      Part part = trace.inputs().get(input);
      List<String> keys = keys(part);
      List<String> seqs = seqs(part);
      for (int row = 0; row < keys.size(); row++) {
        int to = trace.outputOf(input, row);
        if (to == MergeTrace.DROPPED) {
          boolean mayGo = !layout.rule().collapsesKeys() && !deleted.get(input).contains(row);
          assertThat(mayGo).as("row %d of input %d was dropped", row, input).isFalse();
          continue;
        }
        assertThat(outputKeys.get(to)).isEqualTo(keys.get(row));
        if (trace.isBase(input, row)) {
          bases[to]++;
          assertThat(outputSeqs.get(to)).isEqualTo(seqs.get(row));
        }
      }
    }
    assertThat(bases).containsOnly(filled(bases.length));
  }

  private static int[] filled(int count) {
    int[] ones = new int[count];
    Arrays.fill(ones, 1);
    return ones;
  }

  private List<String> keys(Part part) {
    KeyEncoder encoder = KeyEncoder.ascending(layout.keyTypes());
    List<String> keys = new ArrayList<>();
    try (PartReader reader = part.open(layout.key(), allocator)) {
      for (int g = 0; g < part.granules(); g++) {
        reader.seek(g);
        List<Vector> columns = new ArrayList<>();
        for (int c = 0; c < layout.key().size(); c++) {
          columns.add(reader.read(c));
        }
        for (int row = 0; row < part.granuleRows(g); row++) {
          keys.add(HexFormat.of().formatHex(encoder.encode(columns, row)));
        }
      }
    }
    return keys;
  }

  private List<String> seqs(Part part) {
    List<String> seqs = new ArrayList<>();
    try (PartReader reader = part.open(List.of(Part.SEQ), allocator)) {
      for (int g = 0; g < part.granules(); g++) {
        reader.seek(g);
        for (int row = 0; row < part.granuleRows(g); row++) {
          seqs.add(String.valueOf(VectorValues.get(reader.read(0), row)));
        }
      }
    }
    return seqs;
  }
}
