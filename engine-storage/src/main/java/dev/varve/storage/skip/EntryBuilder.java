// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.skip;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.util.List;

/// Makes one skip index of a part, entry by entry. One thread.
interface EntryBuilder {
  /// Takes the values of some rows, one vector for each expression.
  void add(List<Vector> values, int rows);

  /// The rows that follow belong to the next entry.
  void endEntry();

  SkipIndexData finish();

  /// @param memory of values that are kept until the end
  static EntryBuilder of(SkipIndexType type, List<DataType> types, Scratch memory) {
    return switch (type) {
      case SkipIndexType.MinMax _ -> new BoundsBuilder(types);
      case SkipIndexType.ValueSet(int maxRows) -> new SetBuilder(types, maxRows, memory);
      case SkipIndexType.Bitmap _ -> new BitmapBuilder(types.getFirst(), memory);
      case SkipIndexType.Bloom _, SkipIndexType.Tokens _, SkipIndexType.Ngrams _ ->
          new FilterBuilder(type, types);
    };
  }
}
