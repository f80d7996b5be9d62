// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.part;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.NearNames;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.index.KeyColumn;
import dev.varve.storage.index.KeyEncoder;
import dev.varve.storage.type.DataType;
import java.util.ArrayList;
import java.util.List;

/// The columns a part stores and the order of its rows.
///
/// @param columns all stored columns, hidden ones (`_seq`, expressions of the key) included
/// @param sortingKey names of stored columns; rows are sorted by them, ascending, NULLs last. Empty
///   where the table has no order: every key is then the empty byte string
public record PartLayout(List<ColumnDefinition> columns, List<String> sortingKey) {
  public PartLayout {
    columns = List.copyOf(columns);
    sortingKey = List.copyOf(sortingKey);
  }

  /// Where a column stands in [#columns].
  public int indexOf(String name) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).name().equals(name)) {
        return i;
      }
    }
    throw new VarveException(
        ErrorCode.UNKNOWN_IDENTIFIER,
        "no stored column \""
            + name
            + "\""
            + NearNames.suggest(name, columns.stream().map(ColumnDefinition::name).toList()));
  }

  /// Positions of the sorting key's columns in [#columns].
  public int[] keyIndexes() {
    return sortingKey.stream().mapToInt(this::indexOf).toArray();
  }

  public List<DataType> keyTypes() {
    List<DataType> types = new ArrayList<>();
    for (int index : keyIndexes()) {
      types.add(columns.get(index).type());
    }
    return types;
  }

  /// The encoder of the sorting key.
  public KeyEncoder keyEncoder() {
    return new KeyEncoder(keyTypes().stream().map(KeyColumn::ascending).toList());
  }
}
