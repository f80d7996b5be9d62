// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.merge.access.Access;
import dev.varve.merge.access.Privilege;
import dev.varve.sql.catalog.TopicAccess;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.table.TableName;
import dev.varve.storage.vector.BatchSource;
import dev.varve.storage.vector.Scratch;
import java.util.Map;

/// The topics that a user may read: those of tables which the user may read whole. Making and
/// dropping topics is asked for before, by the statement.
record GrantedTopics(TopicAccess log, Access access) implements TopicAccess {
  @Override
  public void create(String name, Map<String, String> settings, boolean ifNotExists) {
    log.create(name, settings, ifNotExists);
  }

  @Override
  public void drop(String name, boolean ifExists) {
    log.drop(name, ifExists);
  }

  @Override
  public TableName grantedAs(String topic) {
    return log.grantedAs(topic);
  }

  @Override
  public BatchSource read(String name, Scratch scratch) {
    TableName table = log.grantedAs(name);
    access.require(Privilege.SELECT, table.database(), table.table());
    if (name.startsWith("__")) { // the broker's own: groups and transactions of everybody
      access.require(Privilege.SYSTEM, "", "");
    }
    if (access.rowCondition(table.database(), table.table()).isPresent()) {
      throw new VarveException(
          ErrorCode.ACCESS_DENIED,
          "topic \""
              + name
              + "\" has all rows of "
              + table
              + ", of which a row policy hides some;"
              + " read the table");
    }
    return log.read(name, scratch);
  }
}
