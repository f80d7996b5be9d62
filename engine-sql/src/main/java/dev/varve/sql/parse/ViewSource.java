// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.parse;

import dev.varve.storage.table.TableName;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOrderBy;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlTableRef;
import org.apache.calcite.sql.SqlWith;
import org.apache.calcite.sql.SqlWithItem;

/// Finds the table that a materialized view follows: the first in its FROM, through subqueries,
/// WITH and the left sides of joins.
public final class ViewSource {
  private final Map<String, SqlNode> withs = new HashMap<>();
  private final String database;

  private ViewSource(String database) {
    this.database = database;
  }

  /// @param database of names that give none
  public static Optional<TableName> of(SqlNode query, String database) {
    return new ViewSource(database).of(query);
  }

  private Optional<TableName> of(SqlNode node) {
    return switch (node) {
      case null -> Optional.empty();
      case SqlIdentifier table -> table(table);
      case SqlSelect select -> of(select.getFrom());
      case SqlJoin join -> of(join.getLeft());
      case SqlOrderBy ordered -> of(ordered.query);
      case SqlTableRef reference -> of(reference.operand(0));
      case SqlWith with -> {
        for (SqlNode item : with.withList) {
          withs.put(((SqlWithItem) item).name.getSimple(), ((SqlWithItem) item).query);
        }
        yield of(with.body);
      }
      case SqlBasicCall call when isPassedThrough(call) -> of(call.operand(0));
      default -> Optional.empty();
    };
  }

  private static boolean isPassedThrough(SqlCall call) {
    return switch (call.getKind()) {
      case AS, LATERAL, UNION, EXCEPT, INTERSECT -> true;
      default -> false;
    };
  }

  private Optional<TableName> table(SqlIdentifier table) {
    if (table.isSimple()) {
      SqlNode with = withs.remove(table.getSimple());
      if (with != null) {
        return of(with);
      }
    }
    int size = table.names.size();
    return Optional.of(
        new TableName(size > 1 ? table.names.get(size - 2) : database, table.names.getLast()));
  }
}
