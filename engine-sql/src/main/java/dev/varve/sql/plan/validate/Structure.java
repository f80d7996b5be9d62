// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import dev.varve.sql.parse.StatementParser;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.type.UnknownTypeException;
import java.util.ArrayList;
import java.util.List;

/// Columns as table functions are told them: `'id UInt64, name String'`.
record Structure(List<String> names, List<DataType> types) {
  static Structure parse(String text) {
    List<String> names = new ArrayList<>();
    List<DataType> types = new ArrayList<>();
    for (String column : StatementParser.splitList(text)) {
      String[] parts = column.strip().split("\\s+", 2);
      if (parts.length < 2) {
        throw new VarveException(
            ErrorCode.BAD_ARGUMENTS,
            "columns are spelled 'name Type, name Type', found \"" + text + "\"");
      }
      names.add(parts[0].replaceAll("^[`\"]|[`\"]$", ""));
      types.add(type(parts[1]));
    }
    return new Structure(List.copyOf(names), List.copyOf(types));
  }

  private static DataType type(String spelling) {
    try {
      return DataTypes.parse(spelling);
    } catch (UnknownTypeException e) {
      throw new VarveException(ErrorCode.UNKNOWN_TYPE, e.getMessage(), e);
    }
  }
}
